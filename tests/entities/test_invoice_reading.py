"""Invoices as both sides show them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.entities import recorded
from tests.entities.ledger import PERFEX_LOOKUPS, Ledger, decoded, mirror
from tests.entities.recorded import raw
from xero_bridge.core.entity import shown
from xero_bridge.core.record import Money
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.invoice import INVOICE, Invoice
from xero_bridge.entities.wire import WireError

LINE = recorded.PERFEX_INVOICE["items"][0]


def perfex(**changes: Any) -> Invoice:
    record = decoded(Kind.INVOICE, Side.PERFEX, raw(recorded.PERFEX_INVOICE, **changes)).record
    assert isinstance(record, Invoice)
    return record


def xero(**changes: Any) -> Invoice:
    record = decoded(Kind.INVOICE, Side.XERO, raw(recorded.XERO_INVOICE, **changes)).record
    assert isinstance(record, Invoice)
    return record


def line(**changes: Any) -> dict[str, Any]:
    plain = {name: LINE[name] for name in LINE if name not in {"taxname", "taxrate"}}
    return {**plain, **changes}


def test_a_perfex_invoice_is_read_whole() -> None:
    found = decoded(Kind.INVOICE, Side.PERFEX, raw(recorded.PERFEX_INVOICE))
    assert (found.id, found.stamp) == ("512", "2025-11-03 10:02:31")
    invoice = perfex()
    assert invoice.number == "INV-000118"
    assert (invoice.issued, invoice.due) == (date(2025, 11, 3), date(2025, 12, 3))
    assert invoice.money == Money(Decimal("481.49"), "GBP")
    assert [item.tax for item in invoice.lines] == [
        "VAT|20.00",
        "ECO|2.50+VAT|20.00",
        "VAT|5.00",
    ]
    assert (invoice.discount_type, invoice.discount_percent) == ("before_tax", Decimal(10))
    assert invoice.paid == 200
    assert invoice.credited == 0
    assert invoice.amount_due == Decimal("281.49")
    assert invoice.payments == ("301",)
    assert invoice.url.endswith("/admin/invoices/list_invoices/512")
    assert not invoice.recurring


def test_the_public_address_of_an_invoice_is_not_kept() -> None:
    assert recorded.PERFEX_INVOICE["hash"] not in repr(perfex())


@pytest.mark.parametrize(
    ("status", "expected", "closed"),
    [
        ("1", "issued", False),
        ("2", "issued", False),
        ("4", "issued", False),
        ("5", "void", True),
        ("6", "draft", False),
    ],
)
def test_the_six_statuses_of_perfex_are_three_to_us(
    status: str, expected: str, closed: bool
) -> None:
    invoice = perfex(status=status)
    assert (invoice.status, invoice.closed, invoice.side_status) == (expected, closed, status)
    assert perfex(status=int(status)) == invoice


def test_a_status_that_no_side_documents_is_refused() -> None:
    with pytest.raises(WireError, match="'9'"):
        perfex(status="9")
    with pytest.raises(WireError, match="'FROZEN'"):
        xero(Status="FROZEN")


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"number_format": "1"}, "INV-000118"),
        ({"number_format": "2"}, "INV-2025/000118"),
        ({"number_format": "3"}, "INV-000118-25"),
        ({"number_format": "4"}, "INV-000118/11/2025"),
        ({"number_format": "1", "prefix": None}, "000118"),
        ({"number_format": "1", "number": 1234567}, "INV-1234567"),
        ({"number_format": "1", "prefix": "R&amp;D-"}, "R&D-000118"),
        ({"number_format": "2", "date": "0000-00-00"}, "INV-000118"),
    ],
)
def test_a_number_is_built_where_the_version_does_not_show_it(changes: Any, number: str) -> None:
    for absent in ({"formatted_number": None}, {"formatted_number": ""}):
        assert perfex(**absent, **changes).number == number


def test_the_padding_of_numbers_is_the_site_s() -> None:
    lookups = replace(PERFEX_LOOKUPS, padding=3)
    answer = raw(recorded.PERFEX_INVOICE, formatted_number=None)
    found = decoded(Kind.INVOICE, Side.PERFEX, answer, lookups).record
    assert found.label == "INV-118"


def test_a_draft_has_no_number_yet() -> None:
    assert perfex(status="6", formatted_number="DRAFT").number == ""
    assert perfex(number="1000000000", formatted_number=None).number == ""


@pytest.mark.parametrize(
    "taxes",
    [
        {"taxname": ["VAT", "ECO"], "taxrate": ["20.00", "2.50"]},
        {"taxname": ["VAT|20.00", "ECO|2.50"], "taxrate": ["20.00", "2.50"]},
        {"taxname": ["ECO|2.50", "VAT|20.00"]},
        {"taxes": [{"taxname": "VAT|20.00"}, {"taxname": "ECO|2.50", "taxrate": "2.50"}]},
        {"taxes": ["VAT|20.00", "ECO|2.50"]},
        {
            "taxname": [],
            "taxrate": [],
            "taxes": [{"taxname": "VAT", "taxrate": 20}, {"taxname": "ECO", "taxrate": 2.5}],
        },
    ],
)
def test_line_taxes_are_read_in_every_way_that_they_come(taxes: Any) -> None:
    assert perfex(items=[line(**taxes)]).lines[0].tax == "ECO|2.50+VAT|20.00"


@pytest.mark.parametrize("taxes", [{"taxname": [], "taxrate": []}, {"taxes": []}, {"taxname": ""}])
def test_a_line_that_shows_no_tax_has_none(taxes: Any) -> None:
    assert perfex(items=[line(**taxes)]).lines[0].tax == "none"


def without_taxes(total: str, tax: str, known: tuple[str, ...], *amounts: str) -> Invoice:
    items = [line(id=str(i), qty="1.00", rate=amount) for i, amount in enumerate(amounts)]
    answer = raw(
        recorded.PERFEX_INVOICE,
        items=items,
        total=total,
        total_tax=tax,
        discount_percent="0.00",
        discount_total="0.00",
        discount_type="",
    )
    lookups = replace(PERFEX_LOOKUPS, taxes=known)
    found = decoded(Kind.INVOICE, Side.PERFEX, answer, lookups).record
    assert isinstance(found, Invoice)
    return found


@pytest.mark.parametrize(
    ("total", "tax", "amounts", "expected"),
    [
        ("120.00", "20.00", ("100.00",), ["VAT|20.00"]),
        ("122.50", "22.50", ("100.00",), ["ECO|2.50+VAT|20.00"]),
        ("100.00", "0.00", ("100.00",), ["none"]),
        ("360.00", "60.00", ("100.00", "200.00"), ["VAT|20.00", "VAT|20.00"]),
        ("340.00", "40.00", ("100.00", "200.00"), ["none", "VAT|20.00"]),
        ("220.00", "20.00", ("100.00", "100.00"), ["?", "?"]),
        ("109.00", "9.00", ("100.00",), ["?"]),
        ("0.05", "0.00", ("0.05",), ["?"]),
    ],
)
def test_hidden_line_taxes_are_derived_only_where_one_assignment_fits(
    total: str, tax: str, amounts: tuple[str, ...], expected: list[str]
) -> None:
    known = ("VAT|20.00", "ECO|2.50")
    invoice = without_taxes(total, tax, known, *amounts)
    assert [item.tax for item in invoice.lines] == expected


def test_a_zero_rated_tax_and_no_tax_cannot_be_told_apart() -> None:
    known = ("VAT|20.00", "Zero|0.00")
    assert without_taxes("100.00", "0.00", known, "100.00").lines[0].tax == "?"
    assert without_taxes("120.00", "20.00", known, "100.00").lines[0].tax == "VAT|20.00"


def test_hidden_line_taxes_of_a_long_invoice_are_not_searched_for() -> None:
    invoice = without_taxes("120.00", "20.00", ("VAT|20.00",), *["5.00"] * 20)
    assert {item.tax for item in invoice.lines} == {"?"}


def test_optional_lines_count_only_when_they_are_selected() -> None:
    items = [
        line(id="1", description="always", taxname=[]),
        line(id="2", description="chosen", taxname=[], is_optional="1", is_selected="1"),
        line(id="3", description="declined", taxname=[], is_optional="1", is_selected="0"),
    ]
    assert [item.text for item in perfex(items=items).lines] == ["always", "chosen"]


def test_lines_stand_in_the_order_of_the_document() -> None:
    items = [
        line(id="2", item_order="2", description="second", taxname=[]),
        line(id="1", item_order="10", description="tenth", taxname=[]),
        line(id="3", item_order="1", description="first", taxname=[]),
    ]
    assert [item.text for item in perfex(items=items).lines] == ["first", "second", "tenth"]


def test_a_line_s_text_is_what_staff_typed() -> None:
    item = line(description="Bolts &amp; nuts", long_description="M6<br />\nzinc ", taxname=[])
    assert perfex(items=[item]).lines[0].text == "Bolts & nuts\nM6\nzinc"


def test_the_currency_comes_from_the_join_the_lookups_or_the_base() -> None:
    assert perfex(name=None, currency="3").currency == "EUR"
    assert perfex(name="USD", currency="77").currency == "USD"
    with pytest.raises(WireError, match="'77'"):
        perfex(name=None, currency="77")


def test_credits_applied_are_what_payments_do_not_explain() -> None:
    assert perfex(total_left_to_pay="181.49").credited == 100
    unknown = decoded(
        Kind.INVOICE, Side.PERFEX, recorded.without(recorded.PERFEX_INVOICE, "total_left_to_pay")
    ).record
    assert isinstance(unknown, Invoice)
    assert unknown.amount_due is None
    assert unknown.credited == 0


def test_a_discount_type_without_a_discount_is_no_discount() -> None:
    invoice = perfex(discount_percent="0.00", discount_total="0.00")
    assert invoice.discount_type == ""


def test_a_template_of_recurring_invoices_is_known_as_one() -> None:
    assert perfex(recurring="1").recurring
    assert not perfex(recurring=0).recurring


def test_a_xero_invoice_is_read_whole() -> None:
    found = decoded(Kind.INVOICE, Side.XERO, raw(recorded.XERO_INVOICE))
    assert found.mark == recorded.XERO_INVOICE["Url"]
    assert found.updated_at is not None
    invoice = xero(Payments=[{"PaymentID": "p-1", "Amount": 1.0}], AmountCredited=5.0)
    assert (invoice.number, invoice.reference) == ("PX-INV-000231", "Order 8812")
    assert (invoice.issued, invoice.due) == (date(2026, 8, 3), date(2026, 8, 17))
    assert (invoice.total, invoice.total_tax) == (Decimal("179.97"), Decimal("23.48"))
    assert invoice.payments == ("p-1",)
    assert invoice.credited == 5
    first = invoice.lines[0]
    assert first.quantity == 3
    assert first.price == Decimal("45.5")
    assert (first.tax, first.account) == ("OUTPUT2", "200")
    assert [str(option) for option in first.tracking] == ["Region: North"]


@pytest.mark.parametrize(
    ("status", "expected", "settled"),
    [
        ("DRAFT", "draft", False),
        ("SUBMITTED", "draft", False),
        ("AUTHORISED", "issued", False),
        ("PAID", "issued", True),
        ("VOIDED", "void", False),
        ("DELETED", "void", False),
    ],
)
def test_the_statuses_of_xero_are_three_to_us(status: str, expected: str, settled: bool) -> None:
    invoice = xero(Status=status)
    assert (invoice.status, invoice.settled) == (expected, settled)


def test_a_voided_invoice_owes_nothing_whatever_its_write_answer_shows() -> None:
    assert xero(Status="VOIDED", AmountDue=179.97).amount_due == 0


def test_null_and_missing_members_of_a_xero_invoice_are_nothing() -> None:
    item = {"Description": "Just words", "LineItemID": "l-1"}
    invoice = xero(
        LineItems=[item], Reference=None, Payments=None, DueDate=None, DueDateString=None
    )
    assert invoice.lines[0].text == "Just words"
    assert invoice.lines[0].quantity == 0
    assert invoice.lines[0].price == 0
    assert (invoice.reference, invoice.payments, invoice.due) == ("", (), None)


def test_another_tax_code_of_the_same_rate_is_coding_and_no_change_of_the_invoice() -> None:
    items = [{**item, "TaxType": "OUTPUT3"} for item in recorded.XERO_INVOICE["LineItems"]]
    before = INVOICE.facets_of(xero(), Side.XERO)
    after = INVOICE.facets_of(xero(LineItems=items), Side.XERO)
    assert {name for name in before if before[name] != after[name]} == {"coding"}


def test_paying_and_approving_change_no_facet() -> None:
    before = INVOICE.facets_of(xero(Status="DRAFT"), Side.XERO)
    paid = xero(Status="PAID", AmountPaid=179.97, AmountDue=0)
    assert INVOICE.facets_of(paid, Side.XERO) == before
    assert INVOICE.facets_of(xero(Status="VOIDED"), Side.XERO) != before


def test_lines_are_shown_as_a_person_reads_them() -> None:
    assert shown(INVOICE.facets["lines"].get(perfex())).split("\n") == [
        "2 x 150 A, tax VAT|20.00",
        "3 x 33.33 B, tax ECO|2.50+VAT|20.00",
        "1 x 50 C, tax VAT|5.00",
        "1 x -45 Discount before tax 10 %",
    ]
    assert "3 x 45.5 Joinery hours, tax 20.48" in shown(INVOICE.facets["lines"].get(xero()))


@pytest.mark.parametrize(
    ("changes", "settings", "expected"),
    [
        ({}, Settings(), ""),
        ({"status": "6"}, Settings(), "draft"),
        ({"status": "5"}, Settings(), "closed_unlinked"),
        ({}, Settings(start_date=date(2025, 11, 3)), ""),
        ({}, Settings(start_date=date(2025, 11, 4)), "before_start"),
        ({}, Settings(start_date=date(2025, 11, 4), open_before_start=True), ""),
        (
            {"status": "2", "total_left_to_pay": "0.00"},
            Settings(start_date=date(2025, 11, 4), open_before_start=True),
            "before_start",
        ),
    ],
)
def test_drafts_and_what_is_older_than_the_start_stay_home(
    changes: Any, settings: Settings, expected: str
) -> None:
    stored = mirror(Kind.INVOICE, Side.PERFEX, perfex(**changes))
    assert INVOICE.excluded(stored, Ledger(settings=settings)) == expected


def test_a_xero_draft_is_not_born_in_perfex() -> None:
    stored = mirror(Kind.INVOICE, Side.XERO, xero(Status="DRAFT"))
    assert INVOICE.excluded(stored, Ledger()) == "draft"
