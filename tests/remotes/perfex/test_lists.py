"""Lists that shift, repeat and mislead while they are read."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import responses
from msgspec import structs

from tests.remotes.support import MovableClock, OpenBudget, patient_http
from xero_bridge.core.errors import NotConnected, Refused, Retriable
from xero_bridge.core.record import Seen, Unreadable
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES
from xero_bridge.remotes.perfex import Api, Memory, PerfexClient
from xero_bridge.remotes.perfex.memory import fingerprint

SITE = "https://crm.example.test"
CLOCK = MovableClock()

Answer = tuple[int, dict[str, str], str]
#: What the site shows of page `number`: its rows and the meta it adds, None for no envelope.
Show = Callable[[int], tuple[list[dict[str, Any]], dict[str, Any] | None]]


@pytest.fixture
def site() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def client() -> PerfexClient:
    known = Memory(
        token=fingerprint("t"),
        version="3.0.3",
        detected_at=CLOCK.now(),
        currencies={"1": "GBP"},
        base_currency="GBP",
        looked_up_at=CLOCK.now(),
    )
    http = patient_http(SITE, side="perfex", clock=CLOCK)
    api = Api(http=http, url=SITE, token="t", clock=CLOCK, budget=OpenBudget())
    return PerfexClient(api, ENTITIES, memory=known)


def item(number: int) -> dict[str, Any]:
    return {"itemid": str(number), "description": f"Item {number}", "rate": "1.00"}


def items(first: int, last: int) -> list[dict[str, Any]]:
    return [item(number) for number in range(first, last + 1)]


def serve(site: responses.RequestsMock, show: Show) -> list[int]:
    """Serves the list of items; returns the pages that were asked for."""
    asked: list[int] = []

    def answer(request: Any) -> Answer:
        number = int(request.params["page"])
        asked.append(number)
        rows, meta = show(number)
        body: object = rows
        if meta is not None:
            body = {"data": rows, "meta": meta}
        return 200, {"Content-Type": "application/json"}, json.dumps(body)

    site.add_callback(responses.GET, f"{SITE}/api/items", callback=answer)
    return asked


def listed(client: PerfexClient) -> list[str]:
    return [entry.id for page in client.entries(Kind.ITEM, None) for entry in page]


def numbers(last: int) -> list[str]:
    return [str(number) for number in range(1, last + 1)]


def test_an_array_without_meta_is_the_whole_list(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    asked = serve(site, lambda _: (items(1, 250), None))
    assert listed(client) == numbers(250)
    assert asked == [1]


@pytest.mark.parametrize(
    "meta",
    [
        {"total": 250, "total_pages": 3},
        {"total": "250", "last_page": "3"},
        {"total": 250, "per_page": 100},
        {"total": 250, "has_more": True, "total_pages": 3},
    ],
)
def test_pages_are_read_to_the_end_whichever_way_they_are_counted(
    site: responses.RequestsMock, client: PerfexClient, meta: dict[str, Any]
) -> None:
    asked = serve(site, lambda page: (items(page * 100 - 99, min(page * 100, 250)), meta))
    assert listed(client) == numbers(250)
    assert asked == [1, 2, 3]


def test_a_page_past_the_end_that_repeats_the_last_one_ends_the_list(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    serve(
        site, lambda page: (items(min(page, 2) * 100 - 99, min(page, 2) * 100), {"has_more": True})
    )
    assert listed(client) == numbers(200)


def test_rows_come_in_the_order_of_their_ids(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    serve(site, lambda _: ([item(10), item(9), item(100)], {"total": 3, "total_pages": 1}))
    assert listed(client) == ["9", "10", "100"]


def test_a_row_that_slipped_onto_the_page_before_is_found_by_reading_again(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    deleted: list[int] = []

    def show(page: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        left = [each for each in items(1, 200) if not deleted or each["itemid"] != "50"]
        if page == 1:
            deleted.append(50)  # After the first page was shown, item 101 slips onto it.
        return left[page * 100 - 100 : page * 100], {"total": len(left), "total_pages": 2}

    asked = serve(site, show)
    assert "101" in listed(client)
    assert asked == [1, 2, 1, 2]


def test_a_list_that_never_stands_still_is_not_taken_for_complete(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    totals = iter(range(200, 400))
    serve(
        site,
        lambda page: (
            items(page * 100 - 99, page * 100),
            {"total": next(totals), "total_pages": 2},
        ),
    )
    with pytest.raises(Retriable):
        listed(client)


def test_rows_repeated_by_a_join_are_given_once(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    asked = serve(site, lambda _: ([item(1), item(1), item(2)], {"total": 3, "total_pages": 1}))
    assert listed(client) == ["1", "2"]
    assert asked == [1, 1]


def test_a_list_with_gaps_that_php_wrote_as_an_object_is_read(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    site.get(f"{SITE}/api/items", json={"3": item(3), "7": item(7)})
    assert listed(client) == ["3", "7"]


def test_a_list_that_breaks_off_in_the_middle_is_no_complete_list(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    body = json.dumps({"data": items(1, 100), "meta": {"total": 100}})[:-40]
    site.get(f"{SITE}/api/items", body=body)
    with pytest.raises(Retriable):
        listed(client)


def test_a_row_without_its_id_is_refused_by_name(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    site.get(f"{SITE}/api/items", json=[item(1), {"description": "?", "rate": "1.00"}])
    with pytest.raises(Refused, match="itemid"):
        listed(client)


def test_an_answer_with_another_record_is_not_believed(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    site.get(f"{SITE}/api/items/5", json=item(6))
    site.get(f"{SITE}/api/items/7", json=[item(7)])
    found = list(client.read(Kind.ITEM, ["5", "7"]))
    assert [type(each) for each in found] == [Unreadable, Unreadable]


def test_a_tax_that_cannot_be_read_is_said_and_the_others_are_read(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    taxes = [{"id": 1, "name": "VAT", "taxrate": "20.00"}, {"id": 2, "name": "Odd", "taxrate": "?"}]
    site.get(f"{SITE}/api/common/tax_data", json=taxes)
    entries = [entry for page in client.entries(Kind.TAX, None) for entry in page]
    seen, unreadable = client.open(Kind.TAX, entries)
    assert isinstance(seen, Seen)
    assert isinstance(unreadable, Unreadable)
    assert "taxrate" in unreadable.message


def test_numbers_as_ids_are_the_same_as_text(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    site.get(f"{SITE}/api/items", json=[{**item(1), "itemid": 1}])
    assert listed(client) == ["1"]


def test_a_long_list_of_a_module_without_batches_is_read_by_pages(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    old = client.memory
    http = patient_http(SITE, side="perfex", clock=CLOCK)
    api = Api(http=http, url=SITE, token="t", clock=CLOCK, budget=OpenBudget())
    client = PerfexClient(api, ENTITIES, memory=structs.replace(old, version="2.x"))
    paid = {"invoiceid": "1", "amount": "1.00", "date": "2026-08-01"}

    def answer(request: Any) -> Answer:
        number = int(request.params["page"])
        rows = [
            {"paymentid": str(id_), **paid} for id_ in range(number * 100 - 99, number * 100 + 1)
        ]
        meta = {"total": 1200, "total_pages": 12, "has_more": number < 12}
        return 200, {}, json.dumps({"data": rows, "meta": meta})

    site.add_callback(responses.GET, f"{SITE}/api/payments", callback=answer)
    found = [entry.id for page in client.entries(Kind.PAYMENT, None) for entry in page]
    assert found == numbers(1200)


def test_a_list_that_is_no_list_is_refused(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    site.get(f"{SITE}/api/items", json={"hello": "world"})
    with pytest.raises(Refused, match="a list was expected"):
        listed(client)


def test_a_redirect_elsewhere_is_not_followed(
    site: responses.RequestsMock, client: PerfexClient
) -> None:
    site.get(f"{SITE}/api/items", status=302, headers={"Location": "https://other.test/api/items"})
    with pytest.raises(NotConnected, match=r"other\.test"):
        listed(client)
