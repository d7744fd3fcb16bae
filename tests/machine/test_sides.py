"""The sides in memory are as unforgiving as the real ones."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from tests.machine.office import BANK, START, Office
from xero_bridge.core.errors import Unknown
from xero_bridge.core.remote import Batch, Member, Written
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.engine.memory.sides import ReadFault, RefusalError, WriteFault
from xero_bridge.engine.memory.sides.perfex import Row


@pytest.fixture
def office() -> Office:
    return Office()


def creation(name: str, key: str = "k1") -> Batch:
    body = msgspec.json.encode([{"Name": name}])
    return Batch(
        side=Side.XERO,
        kind=Kind.CUSTOMER,
        verb=Verb.CREATE,
        body=body,
        key=key,
        members=(Member(journal_id=1),),
        created_at=START,
    )


def invoice(office: Office, number: str = "A-1") -> str:
    contact = office.xero.enter(Kind.CUSTOMER, {"Name": f"Customer of {number}"})
    line = {"Description": "Work ", "Quantity": 3, "UnitAmount": Decimal("0.333")}
    body = {
        "Contact": {"ContactID": contact},
        "InvoiceNumber": number,
        "Date": "2026-11-20",
        "DueDate": "2026-11-20",
        "CurrencyCode": "GBP",
        "Status": "AUTHORISED",
        "LineItems": [{**line, "AccountCode": "200", "TaxType": "OUTPUT2"}],
    }
    return office.xero.enter(Kind.INVOICE, body)


def test_xero_answers_a_repeated_key_with_its_first_answer_for_six_minutes(office: Office) -> None:
    first = office.xero.send(creation("Ann"))
    assert office.xero.send(creation("Ann")) == first
    office.clock.move(timedelta(minutes=6))
    (again,) = office.xero.send(creation("Bob"))
    assert isinstance(again, Written)
    assert len(office.xero.rows(Kind.CUSTOMER)) == 2


def test_a_late_write_is_there_a_minute_later(office: Office) -> None:
    office.xero.faults.write = WriteFault.LATE
    with pytest.raises(Unknown):
        office.xero.send(creation("Ann"))
    assert list(office.xero.entries(Kind.CUSTOMER, None)) == [[]]
    office.clock.move(timedelta(minutes=1))
    ((entry,),) = office.xero.entries(Kind.CUSTOMER, None)
    assert b"Ann" in entry.raw


def test_a_stale_list_is_at_most_five_minutes_old(office: Office) -> None:
    list(office.perfex.entries(Kind.CUSTOMER, None))
    office.perfex.add_customer("Ann")
    office.perfex.faults.read = ReadFault.STALE
    assert list(office.perfex.entries(Kind.CUSTOMER, None)) == [[]]
    office.clock.move(timedelta(minutes=6))
    office.perfex.faults.read = ReadFault.STALE
    assert [len(page) for page in office.perfex.entries(Kind.CUSTOMER, None)] == [1]


def test_a_voided_invoice_is_never_changed_again_and_keeps_its_number(office: Office) -> None:
    id_ = invoice(office)
    office.xero.change(Kind.INVOICE, id_, {"Status": "VOIDED"})
    with pytest.raises(RefusalError, match="not of valid status"):
        office.xero.change(Kind.INVOICE, id_, {"Status": "AUTHORISED"})
    with pytest.raises(RefusalError, match="must be unique"):
        invoice(office, "A-1")


def test_an_invoice_with_money_on_it_keeps_its_total_and_is_not_voided(office: Office) -> None:
    id_ = invoice(office)
    where = {"Invoice": {"InvoiceID": id_}, "Account": {"AccountID": BANK}}
    body = {**where, "Amount": Decimal("0.20"), "Date": "2026-11-20"}
    office.xero.enter(Kind.PAYMENT, body)
    row = office.xero.rows(Kind.INVOICE)[id_]
    assert (row["Total"], row["AmountDue"]) == (Decimal("1.20"), Decimal("1.00"))
    line = {**row["LineItems"][0], "UnitAmount": 5}
    for change in ({"Status": "VOIDED"}, {"LineItems": [line]}):
        with pytest.raises(RefusalError, match="payment or credit note"):
            office.xero.change(Kind.INVOICE, id_, change)


def test_a_perfex_list_does_not_show_that_only_a_text_has_changed(office: Office) -> None:
    customer = office.perfex.add_customer("Ann")
    bill = office.perfex.add_invoice(customer, [Row("Work", Decimal(10))], "2026-11-20")
    ((before,),) = office.perfex.entries(Kind.INVOICE, None)
    office.perfex.edit_invoice(bill, [Row("Better work", Decimal(10))])
    ((after,),) = office.perfex.entries(Kind.INVOICE, None)
    assert before.row == after.row
