"""What is in the way between the bridge and a site, and what it learns of one."""

from datetime import timedelta

import msgspec
import pytest

from tests.remotes.perfex.conftest import DOCUMENTED, OBSERVED, OLD, Bench, Connect
from tests.remotes.support import OpenBudget, patient_http
from xero_bridge.core.errors import BudgetSpent, NotConnected, Refused, Retriable
from xero_bridge.core.record import Seen
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES
from xero_bridge.remotes.perfex import Api, Memory, PerfexClient
from xero_bridge.simulator.common import FaultKind, Server
from xero_bridge.simulator.perfex import PerfexSimulator

READ_ALL = {
    name: frozenset({"get"})
    for name in (
        "customers",
        "contacts",
        "items",
        "invoices",
        "payments",
        "taxes",
        "payment_methods",
    )
}


def reason(error: pytest.ExceptionInfo[NotConnected]) -> str:
    return error.value.reason


def client_at(bench: Bench, url: str) -> PerfexClient:
    http = patient_http(url, side="perfex", clock=bench.clock)
    api = Api(http=http, url=url, token="t", clock=bench.clock, budget=OpenBudget())
    return PerfexClient(api, ENTITIES)


def test_a_trailing_api_in_the_address_is_accepted(bench: Bench) -> None:
    url = f"{bench.url}/api/"
    api = Api(
        http=bench.http,
        url=url,
        token=bench.simulator.token,
        clock=bench.clock,
        budget=bench.budget,
    )
    assert PerfexClient(api, ENTITIES).site().url == bench.url


def test_a_wrong_token_is_told_from_a_wrong_address(bench: Bench) -> None:
    with pytest.raises(NotConnected) as caught:
        bench.again(token="not-a-token").site()
    assert reason(caught) == "perfex_token_wrong"


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.PAYMENT, Kind.TAX])
def test_a_token_that_was_withdrawn_is_not_taken_for_an_empty_list(demo: Bench, kind: Kind) -> None:
    demo.client.site()
    demo.simulator.site.tokens.clear()
    with pytest.raises(NotConnected) as caught:
        demo.entries(kind)
    assert reason(caught) == "perfex_token_wrong"


def test_a_token_that_was_withdrawn_makes_no_record_absent(demo: Bench) -> None:
    demo.client.site()
    demo.simulator.site.tokens.clear()
    for kind in (Kind.CUSTOMER, Kind.PAYMENT, Kind.INVOICE, Kind.ITEM):
        with pytest.raises(NotConnected) as caught:
            list(demo.client.read(kind, ["1"]))
        assert reason(caught) == "perfex_token_wrong"


def test_an_address_without_the_module_is_named(bench: Bench) -> None:
    api = Api(
        http=bench.http,
        url=f"{bench.url}/shop",
        token=bench.simulator.token,
        clock=bench.clock,
        budget=bench.budget,
    )
    with pytest.raises(NotConnected) as caught:
        PerfexClient(api, ENTITIES).site()
    assert reason(caught) == "perfex_no_api"
    assert "/shop" in str(caught.value)


def test_a_module_that_is_switched_off_is_named(bench: Bench) -> None:
    bench.simulator.settings.module_active = False
    with pytest.raises(NotConnected) as caught:
        bench.client.site()
    assert reason(caught) == "perfex_module_off"


def test_a_login_page_instead_of_an_answer_is_shown_in_words(bench: Bench) -> None:
    bench.simulator.faults.add(FaultKind.HTML, count=None)
    with pytest.raises(NotConnected) as caught:
        bench.client.site()
    assert reason(caught) == "perfex_not_json"
    assert "an HTML page (Login Login)" in str(caught.value)


def test_a_site_that_is_down_is_not_connected(bench: Bench) -> None:
    with Server(bench.simulator.wsgi) as gone:
        url = gone.url
    with pytest.raises(NotConnected) as caught:
        client_at(bench, url).site()
    assert reason(caught) == "perfex_unreachable"
    assert url in str(caught.value)


def test_a_site_that_answers_with_errors_is_waited_for(demo: Bench) -> None:
    demo.simulator.faults.add(FaultKind.ERROR_BEFORE, count=2)
    assert demo.client.site().base_currency == "GBP"
    demo.simulator.faults.add(FaultKind.ERROR_BEFORE, count=None)
    with pytest.raises(Retriable) as caught:
        demo.entries(Kind.CUSTOMER)
    assert caught.value.reason == "server_trouble"


def test_an_empty_page_is_read_again(demo: Bench) -> None:
    demo.client.site()
    demo.simulator.faults.add(FaultKind.EMPTY, count=2)
    assert len(demo.entries(Kind.ITEM)) == 12


@pytest.mark.parametrize("kind", [FaultKind.MINUTE_LIMIT, FaultKind.DAY_LIMIT])
def test_the_older_limiter_speaks_with_401_and_is_not_a_wrong_token(
    demo: Bench, kind: FaultKind
) -> None:
    demo.client.site()
    demo.simulator.faults.add(kind, count=None)
    with pytest.raises(BudgetSpent) as caught:
        demo.entries(Kind.CUSTOMER)
    assert caught.value.retry_at is not None
    assert demo.clock.now() < caught.value.retry_at <= demo.clock.now() + timedelta(hours=1)


def list_everything(bench: Bench) -> None:
    for kind in (Kind.CUSTOMER, Kind.ITEM, Kind.PAYMENT):
        bench.entries(kind)


@pytest.mark.parametrize("version", [OBSERVED, DOCUMENTED])
def test_a_used_up_quota_says_when_calls_are_back(connect: Connect, version: str) -> None:
    bench = connect(version, seed="demo")
    bench.simulator.settings.quota = 8
    bench.client.site()
    with pytest.raises(BudgetSpent) as caught:
        list_everything(bench)
    assert caught.value.retry_at is not None
    assert bench.clock.now() < caught.value.retry_at <= bench.clock.now() + timedelta(hours=1)


@pytest.mark.parametrize("version", [OBSERVED, DOCUMENTED])
def test_an_address_that_is_locked_out_is_left_alone_for_a_quarter_of_an_hour(
    connect: Connect, version: str
) -> None:
    bench = connect(version)
    stranger = bench.again(token="not-a-token")
    for _ in range(20):
        with pytest.raises(NotConnected):
            stranger.site()
    with pytest.raises(BudgetSpent) as caught:
        bench.client.site()
    assert caught.value.retry_at == bench.clock.now() + timedelta(minutes=15)


def test_an_old_module_whose_token_may_not_read_taxes_is_recognised(connect: Connect) -> None:
    bench = connect(OLD, seed="demo")
    rights = {**READ_ALL, "taxes": frozenset[str]()}
    client = bench.again(token=bench.simulator.add_token("reader", permissions=rights))
    assert client.site().version == "2.x"
    assert client.site().base_currency == "GBP"


def test_an_old_module_without_any_tax_is_recognised(connect: Connect) -> None:
    bench = connect(OLD)
    for row in bench.simulator.rows("taxes"):
        bench.simulator.staff.delete("taxes", row["id"])
    assert bench.client.site().version == "2.x"


def test_every_call_is_taken_from_the_budget_and_counted(demo: Bench) -> None:
    for kind in (Kind.TAX, Kind.CUSTOMER, Kind.INVOICE):
        demo.all(kind)
    assert demo.budget.taken == demo.client.calls() == len(demo.exchanges)
    assert len(demo.exchanges) == demo.simulator.count()


def test_what_was_learned_of_a_site_is_not_asked_again_before_it_is_a_day_old(demo: Bench) -> None:
    first = demo.client.site()
    kept = msgspec.json.decode(msgspec.json.encode(demo.client.memory), type=Memory)
    before = demo.simulator.count()
    assert demo.again(kept).site() == first
    assert demo.simulator.count() == before
    demo.clock.sleep(86_401)
    assert demo.again(kept).site() == first
    assert demo.simulator.count() > before


def test_a_currency_that_is_new_to_the_site_is_known_within_the_hour(connect: Connect) -> None:
    bench = connect(OBSERVED)
    assert set(bench.records(Kind.CURRENCY)) == {"GBP", "EUR", "USD"}
    bench.simulator.staff.create("currencies", name="SEK", symbol="kr", isdefault="0")
    bench.clock.sleep(3600)
    (page,) = bench.again(bench.client.memory).entries(Kind.CURRENCY, None)
    assert {entry.id for entry in page} == {"GBP", "EUR", "USD", "SEK"}


def test_an_old_site_without_invoices_tells_its_currency_with_the_first_one(
    connect: Connect,
) -> None:
    bench = connect(OLD)
    assert bench.client.site().base_currency == ""
    staff = bench.simulator.staff
    staff.create_invoice(staff.create_customer("A Ltd"), [{"description": "x", "rate": "1.00"}])
    assert bench.again(bench.client.memory).site().base_currency == "GBP"


def test_what_was_learned_with_another_token_is_forgotten(demo: Bench) -> None:
    demo.client.site()
    other = demo.again(demo.client.memory, token=demo.simulator.add_token("second"))
    before = demo.simulator.count()
    other.site()
    assert demo.simulator.count() > before


def restricted(bench: Bench, **changed: frozenset[str]) -> PerfexClient:
    token = bench.simulator.add_token("reader", permissions={**READ_ALL, **changed})
    return bench.again(token=token)


def refusals(simulator: PerfexSimulator) -> int:
    return sum(call.status == 403 for call in simulator.calls)


def test_a_token_that_may_only_read_is_enough_to_read(demo: Bench) -> None:
    client = restricted(demo)
    for kind in (Kind.TAX, Kind.PAYMENT_MODE, Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE, Kind.PAYMENT):
        entries = [entry for page in client.entries(kind, None) for entry in page]
        assert entries
        assert all(isinstance(seen, Seen) for seen in client.open(kind, entries[:3]))
    # Tables are asked for once: of line taxes where lines hide them, else groups, vendors, orders.
    hides_line_taxes = client.site().version == "2.x"
    asked = refusals(demo.simulator)
    assert asked == (1 if hides_line_taxes else 3)
    client.site()
    assert refusals(demo.simulator) == asked


def test_a_refused_list_is_named_and_not_asked_for_again_within_the_hour(demo: Bench) -> None:
    client = restricted(demo, invoices=frozenset())
    client.site()
    before = refusals(demo.simulator)
    for _ in range(5):
        with pytest.raises(Refused) as caught:
            list(client.entries(Kind.INVOICE, None))
        assert caught.value.reason == "perfex_forbidden"
    assert refusals(demo.simulator) - before <= 1
    demo.clock.sleep(3601)
    with pytest.raises(Refused):
        list(client.entries(Kind.INVOICE, None))
    assert refusals(demo.simulator) - before <= 2


def test_contacts_that_may_not_be_read_are_not_taken_for_missing_ones(demo: Bench) -> None:
    client = restricted(demo, contacts=frozenset())
    entries = [entry for page in client.entries(Kind.CUSTOMER, None) for entry in page]
    with pytest.raises(Refused) as caught:
        list(client.open(Kind.CUSTOMER, entries))
    assert caught.value.reason == "perfex_forbidden"
    assert refusals(demo.simulator) <= 2


def test_countries_and_currencies_come_from_tables_where_there_are_no_batches(
    connect: Connect,
) -> None:
    bench = connect(OBSERVED, seed="demo")
    bench.simulator.settings.custom_tables |= {"tblcurrencies", "tblcountries"}
    bench.simulator.faults.add(FaultKind.FORBIDDEN, path="/batch", count=None)
    expected = connect(OBSERVED, seed="demo")
    assert bench.client.site().base_currency == "GBP"
    assert bench.records(Kind.CUSTOMER) == expected.records(Kind.CUSTOMER)


def test_currencies_are_harvested_from_invoices_where_nothing_else_tells_them(
    connect: Connect,
) -> None:
    bench = connect(OBSERVED, seed="demo")
    bench.simulator.settings.custom_tables.clear()
    bench.simulator.faults.add(FaultKind.FORBIDDEN, path="/batch", count=None)
    assert bench.client.site().base_currency == "GBP"
    assert "GBP" in bench.records(Kind.CURRENCY)
    assert {"table:tblcurrencies", "table:tblcountries", "batch"} <= set(
        bench.client.memory.refused
    )
