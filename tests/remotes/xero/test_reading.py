"""Reading Xero's books: pages, changes since, ids, absence, what cannot be read."""

from datetime import timedelta

import pytest

from tests.remotes.xero.books import changed, contact, invoice, payment, written
from tests.remotes.xero.conftest import Bench
from xero_bridge.core.errors import NotConnected, Refused, Retriable
from xero_bridge.core.record import Absent, Key, Seen, Unreadable
from xero_bridge.core.remote import Entry
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.remotes.xero import client as client_module
from xero_bridge.remotes.xero import rows
from xero_bridge.simulator.common import FaultKind


def all_entries(bench: Bench, kind: Kind) -> list[Entry]:
    return [entry for page in bench.client.entries(kind, None) for entry in page]


def test_the_organisation_is_read_with_its_currency_and_locks(bench: Bench) -> None:
    found = bench.client.organisation()
    assert found.id == bench.tenant
    assert (found.name, found.base_currency) == ("Test Company", "GBP")
    assert bench.client.calls() == 1


@pytest.mark.parametrize("kind", [Kind.CURRENCY, Kind.ACCOUNT, Kind.TAX])
def test_reference_lists_take_one_call_and_decode(bench: Bench, kind: Kind) -> None:
    bench.client.organisation()
    entries = all_entries(bench, kind)
    assert entries
    opened = list(bench.client.open(kind, entries))
    assert [seen.key.id for seen in opened] == [entry.id for entry in entries]
    assert all(isinstance(seen, Seen) for seen in opened)
    assert bench.client.calls() == 2


def test_a_list_of_several_pages_is_read_to_its_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(bench.client, Kind.CUSTOMER, *(contact(number) for number in range(1, 24)))
    monkeypatch.setattr(client_module, "PAGE_SIZE", 10)
    before = bench.client.calls()
    pages = [len(page) for page in bench.client.entries(Kind.CUSTOMER, None)]
    assert sum(pages) == len(bench.simulator.books().contacts.values())
    assert bench.client.calls() - before == len(pages)


def test_a_row_that_moves_while_the_list_is_read_makes_no_other_one_disappear(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = written(bench.client, Kind.CUSTOMER, *(contact(number) for number in range(1, 8)))
    monkeypatch.setattr(client_module, "PAGE_SIZE", 3)
    found: dict[str, str] = {}
    for page in bench.client.entries(Kind.CUSTOMER, None):
        if not found:
            # It moves to the end, and the first row of the second page onto the first one.
            bench.simulator.clock.move(seconds=5)
            changed(bench.client, Kind.CUSTOMER, page[0].id, {"FirstName": "Mia"}, Verb.UPDATE)
        for entry in page:
            assert found.get(entry.id) != entry.row, "the same row was given out twice"
            found[entry.id] = entry.row
    assert {one.id for one in made} <= set(found)


def test_only_what_changed_since_is_listed(bench: Bench) -> None:
    (first,) = written(bench.client, Kind.CUSTOMER, contact(1))
    bench.simulator.clock.move(minutes=10)
    since = bench.simulator.clock.now() - timedelta(minutes=2)
    (second,) = written(bench.client, Kind.CUSTOMER, contact(2))
    found = [entry.id for page in bench.client.entries(Kind.CUSTOMER, since) for entry in page]
    assert found == [second.id]
    assert first.id != second.id


def test_a_row_keeps_its_hash_until_it_changes(bench: Bench) -> None:
    (made,) = written(bench.client, Kind.CUSTOMER, contact(1))
    hashes = [{entry.id: entry.row for entry in all_entries(bench, Kind.CUSTOMER)} for _ in "12"]
    assert hashes[0] == hashes[1]
    changed(bench.client, Kind.CUSTOMER, made.id, {"FirstName": "Mia"}, Verb.UPDATE)
    changes = {
        entry.id for entry in all_entries(bench, Kind.CUSTOMER) if hashes[0][entry.id] != entry.row
    }
    assert changes == {made.id}


def test_rows_are_opened_without_a_call(bench: Bench) -> None:
    (customer,) = written(bench.client, Kind.CUSTOMER, contact(1))
    written(bench.client, Kind.INVOICE, invoice(7, customer.id))
    entries = all_entries(bench, Kind.INVOICE)
    before = bench.client.calls()
    (seen,) = bench.client.open(Kind.INVOICE, entries)
    assert bench.client.calls() == before
    assert isinstance(seen, Seen)
    assert seen.row == entries[0].row
    assert seen.updated_at == entries[0].updated_at
    assert seen.mark == invoice(7, customer.id).mark


def test_records_are_read_by_their_ids_in_one_call(bench: Bench) -> None:
    made = written(bench.client, Kind.CUSTOMER, *(contact(number) for number in range(1, 36)))
    ids = [one.id for one in made]
    before = bench.client.calls()
    found = list(bench.client.read(Kind.CUSTOMER, ids))
    assert [seen.key.id for seen in found] == ids
    assert bench.client.calls() - before == 1


def test_more_ids_than_an_address_holds_are_read_in_several_calls(bench: Bench) -> None:
    made = written(bench.client, Kind.CUSTOMER, *(contact(number) for number in range(1, 46)))
    before = bench.client.calls()
    assert len(list(bench.client.read(Kind.CUSTOMER, [one.id for one in made]))) == 45
    assert bench.client.calls() - before == 2


def test_an_archived_contact_is_still_read(bench: Bench) -> None:
    (made,) = written(bench.client, Kind.CUSTOMER, contact(1))
    body = {"ContactID": made.id, "ContactStatus": "ARCHIVED"}
    changed(bench.client, Kind.CUSTOMER, made.id, body, Verb.UPDATE)
    (seen,) = bench.client.read(Kind.CUSTOMER, [made.id])
    assert isinstance(seen, Seen)
    assert seen.record.closed


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.ACCOUNT])
def test_an_id_that_xero_does_not_have_is_absent(bench: Bench, kind: Kind) -> None:
    unknown = "5f1c2d3e-0001-4a4a-9b9b-aaaaaaaa0001"
    assert list(bench.client.read(kind, [unknown])) == [Absent(key=Key(kind, Side.XERO, unknown))]


def test_entries_whose_row_is_not_known_are_read_by_id(bench: Bench) -> None:
    (made,) = written(bench.client, Kind.CUSTOMER, contact(1))
    (seen,) = bench.client.open(Kind.CUSTOMER, [Entry(id=made.id, row="", raw=b"")])
    assert seen.key.id == made.id


def test_payments_are_read_by_id_one_or_many(bench: Bench) -> None:
    (customer,) = written(bench.client, Kind.CUSTOMER, contact(1))
    (sale,) = written(bench.client, Kind.INVOICE, invoice(7, customer.id))
    made = written(
        bench.client, Kind.PAYMENT, payment(1, sale.id, "10.00"), payment(2, sale.id, "20.00")
    )
    before = bench.client.calls()
    (seen,) = bench.client.read(Kind.PAYMENT, [made[0].id])
    assert seen.key.id == made[0].id
    both = list(bench.client.read(Kind.PAYMENT, [one.id for one in made]))
    assert [seen.key.id for seen in both] == [one.id for one in made]
    assert bench.client.calls() - before == 2


def test_reading_nothing_calls_nobody(bench: Bench) -> None:
    assert list(bench.client.read(Kind.CUSTOMER, [])) == []
    assert list(bench.client.open(Kind.CUSTOMER, [])) == []
    assert bench.client.calls() == 0


def test_a_record_that_cannot_be_decoded_leaves_the_others_alone(bench: Bench) -> None:
    (customer,) = written(bench.client, Kind.CUSTOMER, contact(1))
    written(bench.client, Kind.INVOICE, invoice(7, customer.id))
    (good,) = all_entries(bench, Kind.INVOICE)
    bad = Entry(id="x", row="r", raw=good.raw.replace(b'"AUTHORISED"', b'"UPSIDE-DOWN"'))
    opened = list(bench.client.open(Kind.INVOICE, [bad, good]))
    assert isinstance(opened[0], Unreadable)
    assert "UPSIDE-DOWN" in opened[0].message
    assert opened[1].key.id == good.id


@pytest.mark.parametrize("fault", [FaultKind.HTML, FaultKind.EMPTY])
def test_a_list_that_is_not_json_is_asked_for_again(bench: Bench, fault: FaultKind) -> None:
    bench.simulator.faults.add(fault, path="Contacts", status=200)
    assert all_entries(bench, Kind.CUSTOMER) == []
    assert len(bench.calls) == 2


def test_a_list_that_stays_unreadable_is_never_taken_for_an_empty_one(bench: Bench) -> None:
    bench.simulator.faults.add(FaultKind.HTML, path="Contacts", status=200, count=None)
    with pytest.raises(Retriable):
        all_entries(bench, Kind.CUSTOMER)


def test_a_wrong_api_address_is_not_an_empty_list(bench: Bench) -> None:
    bench.simulator.faults.add(FaultKind.HTML, path="Contacts", status=404)
    with pytest.raises(NotConnected) as caught:
        all_entries(bench, Kind.CUSTOMER)
    assert caught.value.reason == "xero_unreachable"


def test_a_question_that_xero_does_not_understand_is_our_defect_and_says_so(bench: Bench) -> None:
    with pytest.raises(Refused) as caught:
        bench.session.call(
            "Invoices",
            lambda answer: rows.page_of(answer, "Invoices"),
            query={"where": "Type ==", "page": "1"},
        )
    assert caught.value.reason == "call_rejected"
