"""Reading a site: the same suite for every generation of the module."""

from collections.abc import Sequence

import pytest

from tests.remotes.perfex.conftest import OLD, Bench
from xero_bridge.core.errors import NotConnected
from xero_bridge.core.record import Absent, Key, Record, Seen, Unreadable
from xero_bridge.core.remote import Entry, PerfexRemote
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.customer import Customer
from xero_bridge.entities.invoice import Invoice
from xero_bridge.entities.payment import Payment
from xero_bridge.simulator.common import FaultKind

LISTED = (Kind.CURRENCY, Kind.TAX, Kind.PAYMENT_MODE, Kind.CUSTOMER, Kind.ITEM, Kind.PAYMENT)
TABLES = {
    Kind.CUSTOMER: "clients",
    Kind.ITEM: "items",
    Kind.INVOICE: "invoices",
    Kind.PAYMENT: "invoicepaymentrecords",
}
LINE = {"description": "Joinery", "qty": "2", "rate": "10.00", "taxes": ["VAT|20.00"]}


def remote(bench: Bench) -> PerfexRemote:
    """The client is what the engine asks for."""
    return bench.client


def ids(found: Sequence[Entry]) -> list[str]:
    return [entry.id for entry in found]


def record(bench: Bench, kind: Kind, id_: str) -> Record:
    (seen,) = remote(bench).read(kind, [id_])
    assert isinstance(seen, Seen)
    return seen.record


def customer(bench: Bench, id_: object) -> Customer:
    found = record(bench, Kind.CUSTOMER, str(id_))
    assert isinstance(found, Customer)
    return found


def test_the_site_tells_its_version_and_currency(demo: Bench) -> None:
    site = demo.client.site()
    old = demo.simulator.site.version.number == OLD
    assert site.version == ("2.x" if old else demo.simulator.site.version.number)
    assert site.base_currency == "GBP"
    assert site.time_zone == ("" if old else "Europe/London")
    assert ("batch" in site.capabilities) is not old


@pytest.mark.parametrize("kind", [*LISTED, Kind.INVOICE])
def test_every_record_of_a_year_is_listed_once_and_can_be_read(demo: Bench, kind: Kind) -> None:
    entries = demo.entries(kind)
    assert len(set(ids(entries))) == len(entries) > 0
    if kind in TABLES:
        key = demo.simulator.site.db.rows(TABLES[kind])
        assert len(entries) == len(key)
    opened = list(demo.client.open(kind, entries))
    assert [seen for seen in opened if not isinstance(seen, Seen)] == []
    assert {seen.key.id for seen in opened} == set(ids(entries))


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE, Kind.PAYMENT])
def test_an_empty_list_is_no_failure(bench: Bench, kind: Kind) -> None:
    assert bench.entries(kind) == []


@pytest.mark.parametrize("kind", [*LISTED, Kind.INVOICE])
def test_listing_twice_gives_the_same_rows(demo: Bench, kind: Kind) -> None:
    assert demo.entries(kind) == demo.entries(kind)


@pytest.mark.parametrize("kind", [*LISTED, Kind.INVOICE])
def test_a_record_read_by_id_is_the_one_that_was_listed(demo: Bench, kind: Kind) -> None:
    listed = {seen.key: seen.record for seen in demo.all(kind) if isinstance(seen, Seen)}
    some = [key.id for key in listed][:60:7]
    for seen in remote(demo).read(kind, some):
        assert isinstance(seen, Seen)
        assert seen.record == listed[seen.key]


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE, Kind.PAYMENT])
def test_a_record_that_is_not_there_is_absent(demo: Bench, kind: Kind) -> None:
    (first, *_) = ids(demo.entries(kind))
    found = {each.key.id: each for each in remote(demo).read(kind, [first, "987654"])}
    assert isinstance(found[first], Seen)
    assert found["987654"] == Absent(key=Key(kind, Side.PERFEX, "987654"))


def test_only_the_changed_row_has_another_hash(demo: Bench) -> None:
    before = {entry.id: entry.row for entry in demo.entries(Kind.INVOICE)}
    demo.simulator.staff.edit_invoice(5, clientnote="Delivered to the back door")
    after = {entry.id: entry.row for entry in demo.entries(Kind.INVOICE)}
    assert {id_ for id_ in after if after[id_] != before.get(id_)} == {"5"}


def test_a_sign_in_of_a_contact_changes_no_row(demo: Bench) -> None:
    before = demo.entries(Kind.CUSTOMER)
    demo.simulator.staff.edit_contact(1, last_login="2026-08-01 10:00:00", last_ip="10.9.8.7")
    assert demo.entries(Kind.CUSTOMER) == before


def test_a_customer_bears_its_primary_contact(bench: Bench) -> None:
    staff = bench.simulator.staff
    person = staff.create_customer("Northwind Trading Ltd")
    staff.create_contact(person, "Zoe", "Zander", "zoe@northwind.test", primary=False)
    staff.create_contact(person, "Ann", "Lee", "ann@northwind.test")
    lonely = staff.create_customer("Nobody Ltd")
    found = bench.records(Kind.CUSTOMER)
    listed, single = found[str(person)], customer(bench, person)
    assert isinstance(listed, Customer)
    assert listed == single
    assert (listed.email, str(listed.person)) == ("ann@northwind.test", "Ann Lee")
    assert customer(bench, lonely).email == ""


def test_an_inactive_contact_is_not_the_primary_one(bench: Bench) -> None:
    staff = bench.simulator.staff
    made = staff.create_customer("Northwind Trading Ltd")
    contact = staff.create_contact(made, "Ann", "Lee", "ann@northwind.test")
    staff.edit_contact(contact, active="0")
    listed = bench.records(Kind.CUSTOMER)[str(made)]
    assert isinstance(listed, Customer)
    assert listed.email == customer(bench, made).email == ""


def test_a_hidden_tax_number_is_read_all_the_same(bench: Bench) -> None:
    made = bench.simulator.staff.create_customer("Northwind Trading Ltd", vat="GB123456789")
    bench.simulator.settings.company_requires_vat = False
    assert customer(bench, made).tax_number == "GB123456789"


def test_a_person_without_a_company_has_one_name_however_it_is_read(bench: Bench) -> None:
    made = bench.simulator.staff.create_customer("")
    bench.simulator.staff.create_contact(made, "Ann", "Lee", "ann@example.test")
    listed = bench.records(Kind.CUSTOMER)[str(made)]
    assert isinstance(listed, Customer)
    assert listed.name == customer(bench, made).name == "Ann Lee"


def test_countries_are_named(demo: Bench) -> None:
    demo.simulator.settings.custom_tables.add("tblcountries")
    home = next(row for row in demo.simulator.rows("countries") if row["iso2"] == "GB")
    made = demo.simulator.staff.create_customer(
        "Northwind", address="1 Mill Lane", country=home["country_id"]
    )
    old = demo.simulator.site.version.number == OLD
    assert customer(demo, made).billing.country == ("" if old else home["short_name"])


def test_a_payment_is_told_apart_from_its_mode(bench: Bench) -> None:
    staff = bench.simulator.staff
    invoice = staff.create_invoice(staff.create_customer("A Ltd"), [LINE])
    for _ in range(2):
        staff.record_payment(invoice, "5.00", "stripe", issued="2026-07-01")
    payment = staff.record_payment(invoice, "7.00", "2", issued="2026-07-02")
    listed = bench.records(Kind.PAYMENT)
    assert len(listed) == 3
    found = listed[str(payment)]
    assert isinstance(found, Payment)
    assert found == record(bench, Kind.PAYMENT, str(payment))
    assert (found.mode, str(found.amount), str(found.paid_on)) == ("2", "7.00", "2026-07-02")


def test_a_row_known_by_id_alone_is_read_by_id(bench: Bench) -> None:
    made = bench.simulator.staff.create_customer("A Ltd")
    known = [Entry(id=str(made), row="", raw=b""), Entry(id="99", row="", raw=b"")]
    seen, absent = bench.client.open(Kind.CUSTOMER, known)
    assert isinstance(seen, Seen)
    assert isinstance(absent, Absent)


def test_an_invoice_is_read_with_its_lines(bench: Bench) -> None:
    staff = bench.simulator.staff
    invoice = staff.create_invoice(staff.create_customer("A Ltd"), [LINE, LINE])
    found = bench.records(Kind.INVOICE)[str(invoice)]
    assert isinstance(found, Invoice)
    assert len(found.lines) == 2


def test_php_notices_in_front_of_answers_are_overlooked(demo: Bench) -> None:
    demo.client.site()
    before = demo.records(Kind.CUSTOMER)
    demo.simulator.faults.add(FaultKind.NOTICE, count=None)
    assert demo.records(Kind.CUSTOMER) == before
    assert demo.records(Kind.INVOICE)


def test_wrapped_answers_are_unwrapped(demo: Bench) -> None:
    plain = {kind: demo.records(kind) for kind in (*LISTED, Kind.INVOICE)}
    demo.simulator.settings.standard_response = True
    client = demo.again()
    assert client.site().base_currency == "GBP"
    assert {kind: demo.records(kind) for kind in (*LISTED, Kind.INVOICE)} == plain
    assert isinstance(next(iter(client.read(Kind.INVOICE, ["9999"]))), Absent)


def test_an_answer_kept_by_the_module_is_not_taken_for_this_minute(bench: Bench) -> None:
    bench.simulator.settings.get_cache = True
    made = bench.simulator.staff.create_item("Hour", "10.00")
    assert record(bench, Kind.ITEM, str(made)).label == "Hour"
    bench.simulator.staff.edit("items", made, description="Half an hour")
    bench.clock.sleep(1)
    assert record(bench, Kind.ITEM, str(made)).label == "Half an hour"


def test_one_invoice_that_breaks_the_site_leaves_the_others_alone(demo: Bench) -> None:
    demo.simulator.faults.add(FaultKind.ERROR_BEFORE, path=r"/invoices/7$", count=None)
    found = {each.key.id: each for each in demo.all(Kind.INVOICE)}
    broken = found.pop("7")
    assert isinstance(broken, Unreadable)
    assert "HTTP 500" in broken.message
    assert all(isinstance(each, Seen) for each in found.values())


def test_a_site_that_breaks_altogether_is_not_blamed_on_its_records(demo: Bench) -> None:
    entries = demo.entries(Kind.INVOICE)
    demo.simulator.faults.add(FaultKind.HTML, count=None)
    with pytest.raises(NotConnected, match="not JSON"):
        list(demo.client.open(Kind.INVOICE, entries[:2]))
