"""Lists too long for pages: read by batch, thousands of rows in one call."""

import pytest

from tests.remotes.perfex.conftest import OBSERVED, Bench, Connect
from xero_bridge.core.record import Seen
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.customer import Customer
from xero_bridge.remotes.perfex.sources import LONG
from xero_bridge.simulator.common import FaultKind

COUNT = LONG * 100 + 150
ALL = [str(number) for number in range(1, COUNT + 1)]
LINE = {"description": "Joinery", "qty": "2", "rate": "50.00"}


@pytest.fixture
def long(connect: Connect) -> Bench:
    """A site with more customers, contacts, invoices and payments than the pages are good for."""
    bench = connect(OBSERVED)
    site, staff = bench.simulator.site, bench.simulator.staff
    stamp = "2026-01-01 10:00:00"
    with site.db.transaction():
        for number in range(1, COUNT + 1):
            name = f"Customer {number}"
            made = site.db.insert("clients", {"company": name, "datecreated": stamp, "active": "1"})
            contact = {"firstname": "Ann", "lastname": "Lee", "email": f"{number}@example.test"}
            flags = {"is_primary": "1", "active": "1", "datecreated": stamp}
            site.db.insert("contacts", {"userid": made, **contact, **flags})
        staff.create_invoice(1, [LINE])
        first = bench.simulator.row("invoices", 1) or {}
        for number in range(2, COUNT + 1):
            site.db.insert("invoices", {**first, "id": None, "number": number})
        paid = {"amount": "1.00", "paymentmode": "1", "date": "2026-02-02", "note": ""}
        for number in range(1, COUNT + 1):
            site.db.insert("invoicepaymentrecords", {"invoiceid": number, **paid})
    return bench


def numbered(ids: list[str]) -> list[str]:
    return sorted(ids, key=int)


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT])
def test_a_long_list_is_complete_and_takes_few_calls(long: Bench, kind: Kind) -> None:
    long.client.site()
    before = long.client.calls()
    ids = [entry.id for entry in long.entries(kind)]
    assert numbered(ids) == ALL
    assert long.client.calls() - before <= 6


def test_each_customer_of_a_long_list_bears_its_own_contact(long: Bench) -> None:
    for seen in long.all(Kind.CUSTOMER):
        assert isinstance(seen, Seen)
        assert isinstance(seen.record, Customer)
        assert seen.record.email == f"{seen.key.id}@example.test"


@pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.PAYMENT])
def test_a_list_that_grows_long_keeps_the_hashes_of_its_rows(long: Bench, kind: Kind) -> None:
    by_batch = {entry.id: entry.row for entry in long.entries(kind)}
    long.simulator.faults.add(FaultKind.FORBIDDEN, path="/batch$", count=None)
    by_pages = {entry.id: entry.row for entry in long.entries(kind)}
    assert by_pages == by_batch


def test_a_long_list_is_read_by_pages_where_batches_are_refused(long: Bench) -> None:
    long.simulator.faults.add(FaultKind.FORBIDDEN, path="/batch$", count=None)
    ids = [entry.id for entry in long.entries(Kind.PAYMENT)]
    assert numbered(ids) == ALL


def test_rows_that_shift_between_parts_are_not_lost(long: Bench) -> None:
    pages = long.client.entries(Kind.PAYMENT, None)
    found = [entry.id for entry in next(iter(pages))]
    # The newest is listed first: without it every part to come begins one row later.
    long.simulator.staff.delete("invoicepaymentrecords", ALL[-1])
    found += [entry.id for page in pages for entry in page]
    assert set(found) >= set(ALL[:-1])
    assert len(found) == len(set(found))


def test_payments_read_by_id_share_a_call(long: Bench) -> None:
    long.client.site()
    before = long.client.calls()
    found = list(long.client.read(Kind.PAYMENT, ALL[:120]))
    assert [each.key.id for each in found] == ALL[:120]
    assert long.client.calls() - before == 3
