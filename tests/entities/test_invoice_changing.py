"""Linked invoices: what an update sends, keeps and refuses; and when two are the same."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.core import documents
from tests.entities import recorded
from tests.entities.ledger import Ledger, decoded, mirror
from tests.entities.recorded import raw
from tests.entities.writing import answered, books, created, perfex, priced, roles_of, updated
from xero_bridge.core.entity import Agreement, Encoding
from xero_bridge.core.errors import Held
from xero_bridge.core.record import Roles
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.invoice import INVOICE, Invoice


def test_an_update_sends_only_the_facets_that_changed() -> None:
    target = answered(created(perfex()))
    payload = updated(perfex(duedate="2026-01-05"), target, Roles(), "due")
    assert payload.body == {"InvoiceID": "i-1", "DueDate": "2026-01-05"}
    assert payload.expects is not None
    assert payload.expects.total == target.total


def test_changed_lines_keep_their_ids_and_the_bookkeeper_s_coding() -> None:
    first = created(priced(documents.line("1.00", "100.00", ("VAT", "20.00"))))
    was = answered(first)
    recoded = replace(
        was.lines[0],
        account="215",
        tax="OUTPUT9",
        tracking=xero_tracking(),
    )
    target = replace(was, lines=(recoded,))
    ledger = books(rates={"OUTPUT9": Decimal("20.0000")})
    now = priced(documents.line("2.00", "100.00", ("VAT", "20.00")), documents.line("1.00", "5.00"))
    payload = updated(now, target, roles_of(first), "lines", "total", ledger=ledger)
    kept, new = payload.body["LineItems"]
    assert (kept["LineItemID"], kept["AccountCode"], kept["TaxType"]) == (
        "line-0",
        "215",
        "OUTPUT9",
    )
    assert kept["Tracking"] == [{"TrackingCategoryID": "c1", "TrackingOptionID": "o1"}]
    assert "LineItemID" not in new
    assert payload.expects is not None
    assert payload.expects.total == Decimal("245.00")


def xero_tracking() -> Any:
    record = decoded(Kind.INVOICE, Side.XERO, raw(recorded.XERO_INVOICE)).record
    assert isinstance(record, Invoice)
    return record.lines[0].tracking


def test_a_tax_of_another_rate_replaces_the_code_in_xero() -> None:
    first = created(priced(documents.line("1.00", "100.00", ("VAT", "20.00"))))
    now = priced(documents.line("1.00", "100.00", ("VAT", "5.00")))
    payload = updated(now, answered(first), roles_of(first), "lines")
    assert payload.body["LineItems"][0]["TaxType"] == "RROUTPUT"


def test_our_own_lines_are_updated_by_role_and_dropped_when_not_needed() -> None:
    first = created(priced(documents.line("1.00", "100.00"), adjustment="1.00"))
    grown = priced(
        documents.line("1.00", "100.00"), documents.line("1.00", "7.00"), adjustment="2.00"
    )
    payload = updated(grown, answered(first), roles_of(first), "lines")
    ids = [line.get("LineItemID") for line in payload.body["LineItems"]]
    assert ids == ["line-0", None, "line-1"]
    plain = updated(
        priced(documents.line("1.00", "100.00")), answered(first), roles_of(first), "lines"
    )
    assert [line.get("LineItemID") for line in plain.body["LineItems"]] == ["line-0"]


def test_lines_that_somebody_added_in_xero_are_never_deleted() -> None:
    first = created(priced(documents.line("1.00", "100.00")))
    target = answered(first)
    stranger = replace(target.lines[0], id="theirs", text="Bank fee")
    target = replace(target, lines=(*target.lines, stranger))
    with pytest.raises(Held) as held:
        updated(priced(documents.line("2.00", "100.00")), target, roles_of(first), "lines")
    assert held.value.reason == "lines_added_in_xero"


def test_a_paid_invoice_takes_new_texts_and_dates_due_but_no_other_money() -> None:
    one = documents.line("1.00", "100.00", ("VAT", "20.00"))
    first = created(priced(one))
    target = answered(first, Status="PAID", AmountPaid=120, AmountDue=0)
    renamed = updated(priced({**one, "description": "New"}), target, roles_of(first), "lines")
    assert renamed.body["LineItems"][0]["Description"] == "New"
    assert updated(priced(one), target, roles_of(first), "due").body["DueDate"]
    dearer = priced(documents.line("2.00", "100.00", ("VAT", "20.00")))
    for invoice, facet in ((dearer, "lines"), (priced(one), "issued")):
        with pytest.raises(Held) as held:
            updated(invoice, target, roles_of(first), facet)
        assert held.value.reason == "has_payments"


def test_a_voided_invoice_is_not_changed() -> None:
    target = answered(created(perfex()), Status="VOIDED")
    with pytest.raises(Held) as held:
        updated(perfex(), target, Roles(), "due")
    assert held.value.reason == "status_forbidden"


@pytest.mark.parametrize(
    ("status", "expected"),
    [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED"), ("SUBMITTED", "DELETED")],
)
def test_cancelling_voids_or_deletes_by_the_status_in_xero(status: str, expected: str) -> None:
    assert INVOICE.xero is not None
    assert INVOICE.xero.void is not None
    target = answered(created(perfex()), Status=status)
    cancelled = perfex(status="5")
    encoding = Encoding(source=cancelled, source_id="512", target=target, target_id="i-1")
    body = {"InvoiceID": "i-1", "Status": expected}
    assert INVOICE.xero.void(encoding, books()).body == body
    assert updated(cancelled, target, Roles(), "status").body == body


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"AmountPaid": 1}, "has_payments"),
        ({"AmountCredited": 1}, "has_payments"),
        ({"Status": "PAID"}, "has_payments"),
        ({"Status": "VOIDED"}, "status_forbidden"),
    ],
)
def test_what_has_money_on_it_is_not_voided(changes: Any, reason: str) -> None:
    assert INVOICE.xero is not None
    assert INVOICE.xero.void is not None
    target = answered(created(perfex()), **changes)
    encoding = Encoding(source=perfex(), source_id="512", target=target, target_id="i-1")
    with pytest.raises(Held) as held:
        INVOICE.xero.void(encoding, books())
    assert held.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "expected", "why"),
    [
        ({}, Agreement.SAME, "same number"),
        ({"number": "inv-000118"}, Agreement.SAME, "same number"),
        ({"number": "INV-000119"}, Agreement.MAYBE, "but another number"),
        ({"number": "INV-000119", "total": Decimal("1.00")}, Agreement.NO, ""),
        ({"total": Decimal("481.50")}, Agreement.MAYBE, "another total (481.49, 481.50)"),
        ({"customer": "other"}, Agreement.MAYBE, "another customer"),
        ({"currency": "EUR"}, Agreement.MAYBE, "another currency (GBP, EUR)"),
        ({"status": "void"}, Agreement.MAYBE, "void on one side only"),
    ],
)
def test_a_number_alone_links_nothing(changes: Any, expected: Agreement, why: str) -> None:
    assert INVOICE.fit is not None
    theirs = replace(answered(created(perfex())), **changes)
    pair = (mirror(Kind.INVOICE, Side.PERFEX, perfex()), mirror(Kind.INVOICE, Side.XERO, theirs))
    fit = INVOICE.fit(*pair, books())
    assert fit.agreement is expected
    assert why in fit.why


def test_an_invoice_whose_customer_is_not_linked_is_never_the_same() -> None:
    assert INVOICE.fit is not None
    theirs = answered(created(perfex()))
    pair = (mirror(Kind.INVOICE, Side.PERFEX, perfex()), mirror(Kind.INVOICE, Side.XERO, theirs))
    for ledger in (Ledger(), Ledger(ids={(Kind.CUSTOMER, "41"): ""})):
        fit = INVOICE.fit(*pair, ledger)
        assert fit.agreement is Agreement.MAYBE
        assert "not linked yet" in fit.why
