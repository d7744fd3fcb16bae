"""Modules of generation 2 do not show the taxes of lines: they are derived, but never guessed."""

from tests.remotes.perfex.conftest import OBSERVED, OLD, Connect
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.invoice import Invoice

SEED = "demo"


def taxes(record: Record) -> list[str]:
    assert isinstance(record, Invoice)
    return [line.tax for line in record.lines]


def test_derived_taxes_of_an_old_module_are_those_that_a_new_one_shows(connect: Connect) -> None:
    shown = connect(OBSERVED, seed=SEED).records(Kind.INVOICE)
    old = connect(OLD, seed=SEED)
    old.simulator.settings.custom_tables = set()
    derived = old.records(Kind.INVOICE)
    assert set(shown) == set(derived)
    found = 0
    for id, record in derived.items():
        if "?" not in taxes(record):
            assert taxes(record) == taxes(shown[id])
            found += bool(taxes(record))
    assert found


TABLE = "GET thirdparty/customtable/tblitem_tax"


def test_an_allowed_table_shows_every_tax_that_a_new_module_shows(connect: Connect) -> None:
    shown = connect(OBSERVED, seed=SEED).records(Kind.INVOICE)
    old = connect(OLD, seed=SEED)
    old.simulator.settings.custom_tables = {"tblitem_tax"}
    read = old.records(Kind.INVOICE)
    assert {id: taxes(record) for id, record in read.items()} == {
        id: taxes(record) for id, record in shown.items()
    }
    assert old.asked().count(TABLE) == 1


def test_a_table_that_is_not_allowed_is_asked_for_once_an_hour(connect: Connect) -> None:
    old = connect(OLD, seed=SEED)
    old.simulator.settings.custom_tables = set()
    old.records(Kind.INVOICE)
    old.records(Kind.INVOICE)
    assert old.asked().count(TABLE) == 1
    later = old.again(memory=old.client.memory)
    list(later.read(Kind.INVOICE, ["1"]))
    assert old.asked().count(TABLE) == 1


def test_an_invoice_edited_after_the_table_was_read_gets_its_new_taxes(connect: Connect) -> None:
    old = connect(OLD)
    old.simulator.settings.custom_tables = {"tblitem_tax"}
    staff = old.simulator.staff
    customer = staff.create_customer("Ash & Co")
    line = {
        "description": "Work",
        "long_description": "",
        "qty": "1.00",
        "rate": "10.00",
        "unit": "",
        "taxes": ["VAT|20.00"],
    }
    invoice = staff.create_invoice(customer, [line])
    assert [taxes(record) for record in old.records(Kind.INVOICE).values()] == [["VAT|20.00"]]
    staff.edit_invoice(invoice, [line | {"taxes": ["VAT|5.00"]}, line | {"taxes": []}])
    assert [taxes(record) for record in old.records(Kind.INVOICE).values()] == [
        ["VAT|5.00", "none"]
    ]
