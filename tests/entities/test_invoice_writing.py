"""Perfex invoices written to Xero: to the cent, or held with the reason."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests import oracle
from tests.core import documents
from tests.entities import recorded
from tests.entities.ledger import SITE, Ledger, decoded, mirror
from tests.entities.recorded import raw
from tests.support.profiles import thorough
from xero_bridge.core.books import TaxTerm
from xero_bridge.core.entity import Agreement, Encoding, Payload
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.record import Roles
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.invoice import INVOICE, Invoice
from xero_bridge.entities.tax import rate_of

CONTACT = recorded.XERO_CONTACT["ContactID"]
URL = f"{SITE}/admin/invoices/list_invoices/512"
RATES = {"OUTPUT2": "20", "RROUTPUT": "5", "TAX001": "2.5", "TAX002": "22.5", "NONE": "0"}
PLAIN = {"discount_percent": "0.00", "discount_total": "0.00", "discount_type": ""}


def books(**changes: Any) -> Ledger:
    return Ledger(ids={(Kind.CUSTOMER, "41"): CONTACT}, **changes)


def perfex(**changes: Any) -> Invoice:
    record = decoded(Kind.INVOICE, Side.PERFEX, raw(recorded.PERFEX_INVOICE, **changes)).record
    assert isinstance(record, Invoice)
    return record


def priced(*items: dict[str, Any], **header: str) -> Invoice:
    """An invoice with the totals that Perfex computes for these lines."""
    numbered = [
        {"description": f"Line {number}", "id": str(number), **item}
        for number, item in enumerate(items)
    ]
    document = documents.invoice(*numbered, **header)
    return perfex(**{**PLAIN, "total_left_to_pay": document["total"], "payments": [], **document})


def created(invoice: Invoice, ledger: Ledger | None = None) -> Payload:
    assert INVOICE.xero is not None
    assert INVOICE.xero.create is not None
    return INVOICE.xero.create(Encoding(source=invoice, source_id="512"), ledger or books())


def answered(payload: Payload, rates: dict[str, str] | None = None, **changes: Any) -> Invoice:
    """The invoice that Xero answers, with the figures of the independent oracle."""
    texts = json.loads(json.dumps(payload.body, default=str))
    figures = oracle.xero_figures(texts, rates or RATES)
    for number, line in enumerate(texts["LineItems"]):
        line.setdefault("LineItemID", f"line-{number}")
        line["LineAmount"] = oracle.text(figures.line_amounts[number])
        line["TaxAmount"] = oracle.text(figures.line_taxes[number])
    answer = {
        **recorded.XERO_INVOICE,
        **texts,
        "DateString": texts.get("Date"),
        "DueDateString": texts.get("DueDate"),
        "Total": oracle.text(figures.total),
        "TotalTax": oracle.text(figures.tax),
        **changes,
    }
    record = decoded(Kind.INVOICE, Side.XERO, json.dumps(answer).encode()).record
    assert isinstance(record, Invoice)
    return record


def roles_of(payload: Payload) -> Roles:
    lines = tuple((f"line-{number}", role) for number, role in enumerate(payload.line_roles))
    return Roles(lines=lines)


def updated(
    invoice: Invoice, target: Invoice, roles: Roles, *facets: str, ledger: Ledger | None = None
) -> Payload:
    assert INVOICE.xero is not None
    assert INVOICE.xero.update is not None
    encoding = Encoding(
        source=invoice,
        source_id="512",
        target=target,
        target_id="i-1",
        facets=frozenset(facets),
        roles=roles,
    )
    return INVOICE.xero.update(encoding, ledger or books())


def held_reason(invoice: Invoice, ledger: Ledger | None = None) -> str:
    with pytest.raises(Held) as held:
        created(invoice, ledger)
    assert "…" not in str(held.value)  # Its sentence has all the values that it names.
    return held.value.reason


def test_the_worked_example_is_sent_and_gives_its_total_to_the_cent() -> None:
    payload = created(perfex())
    assert payload.body | {"LineItems": None} == {
        "Type": "ACCREC",
        "Contact": {"ContactID": CONTACT},
        "InvoiceNumber": "INV-000118",
        "Date": "2025-11-03",
        "DueDate": "2025-12-03",
        "CurrencyCode": "GBP",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "Url": URL,
        "LineItems": None,
    }
    assert payload.mark == URL
    assert payload.expects is not None
    assert payload.expects.total == Decimal("481.49")
    assert oracle.text(oracle.xero_total(payload.body, RATES)) == "481.49"
    assert payload.line_roles[:3] == ("item", "item", "item")


def test_every_line_states_its_account_and_its_tax() -> None:
    invoice = priced(
        documents.line("1.00", "100.00", ("VAT", "20.00")),
        documents.line("1.00", "50.00"),
        discount_type="after_tax",
        discount_total="5.00",
        adjustment="-0.54",
    )
    payload = created(invoice)
    coding = [
        (line["Description"], line["AccountCode"], line["TaxType"])
        for line in payload.body["LineItems"]
    ]
    assert coding == [
        ("Line 0", "200", "OUTPUT2"),
        ("Line 1", "200", "NONE"),
        ("Discount", "260", "NONE"),
        ("Adjustment", "260", "NONE"),
    ]
    assert payload.line_roles == ("item", "item", "after_tax_discount", "adjustment")


def test_without_an_account_of_their_own_discounts_go_to_the_sales_account() -> None:
    settings = Settings(sales_account="200", rounding_account="860")
    invoice = priced(documents.line("1.00", "100.00"), adjustment="1.00")
    payload = created(invoice, books(settings=settings))
    assert payload.body["LineItems"][1]["AccountCode"] == "200"


def test_a_rounding_line_is_visible_and_on_the_chosen_account() -> None:
    thirds = [documents.line("1.00", "0.33", ("VAT", "20.00")) for _ in range(3)]
    payload = created(priced(*thirds))
    assert payload.line_roles == ("item", "item", "item", "rounding")
    assert payload.body["LineItems"][3]["AccountCode"] == "860"
    assert payload.body["LineItems"][3]["TaxType"] == "NONE"
    assert "tax" in payload.declared


def test_discounts_before_tax_become_discounts_of_the_lines() -> None:
    line = documents.line("1.00", "100.00", ("VAT", "20.00"))
    percent = created(priced(line, line, discount_type="before_tax", discount_percent="10.00"))
    assert [line["DiscountRate"] for line in percent.body["LineItems"]] == [10, 10]
    fixed = created(priced(line, line, discount_type="before_tax", discount_total="15.01"))
    shares = [line["DiscountAmount"] for line in fixed.body["LineItems"]]
    assert sum(shares) == Decimal("15.01")
    assert not {"DiscountRate"} & set(fixed.body["LineItems"][0])


def test_an_invoice_without_a_due_date_is_due_when_issued_and_says_so() -> None:
    payload = created(perfex(duedate=None))
    assert payload.body["DueDate"] == "2025-11-03"
    assert payload.declared["due"] == ("", "2025-11-03")


def test_the_chosen_status_is_sent() -> None:
    settings = Settings(sales_account="200", rounding_account="860", invoice_status="DRAFT")
    assert created(perfex(), books(settings=settings)).body["Status"] == "DRAFT"


def test_a_line_without_text_gets_the_dash_that_xero_wants() -> None:
    items = [{**recorded.PERFEX_INVOICE["items"][0], "description": ""}]
    invoice = perfex(items=items, total="324.00", total_tax="54.00")
    assert created(invoice).body["LineItems"][0]["Description"] == "-"


def test_an_invoice_waits_for_its_customer() -> None:
    with pytest.raises(Waiting):
        created(perfex(), Ledger())


ONE = {"items": [recorded.PERFEX_INVOICE["items"][0]], **PLAIN, "total_tax": "60.00"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"formatted_number": "FV№-1"}, "number_not_ascii"),
        ({"number": "1000000000"}, "number_missing"),
        ({"name": "USD", "currency": "9"}, "currency_missing"),
        ({"date": "0000-00-00"}, "date_missing"),
        ({**ONE, "total": "400.00"}, "stored_total_differs"),
        ({**ONE, "total": "0.00"}, "zero_total"),
        ({"items": []}, "no_lines"),
        ({"clientid": "0", "deleted_customer_name": "Gone Ltd"}, "customer_deleted"),
    ],
)
def test_what_xero_cannot_hold_waits_with_its_reason(changes: Any, reason: str) -> None:
    assert held_reason(perfex(**changes)) == reason


def test_a_line_longer_than_xero_takes_waits() -> None:
    items = [{**recorded.PERFEX_INVOICE["items"][0], "long_description": "x" * 4000}]
    assert held_reason(perfex(items=items)) == "description_too_long"


def test_line_taxes_that_cannot_be_read_wait() -> None:
    items = [{"description": "A", "qty": "1.00", "rate": "10.00"}]
    assert held_reason(perfex(items=items)) == "line_taxes_unreadable"


def test_an_unmapped_tax_waits_and_is_named() -> None:
    with pytest.raises(Held) as held:
        created(perfex(), books(taxes={"none": "NONE", "VAT|20.00": "OUTPUT2"}))
    assert held.value.reason == "tax_unmapped"
    assert held.value.details["tax"] == "ECO|2.50+VAT|20.00"


def test_a_difference_without_a_rounding_account_waits_with_the_arithmetic() -> None:
    thirds = [documents.line("1.00", "0.33", ("VAT", "20.00")) for _ in range(3)]
    ledger = books(settings=Settings(sales_account="200"))
    with pytest.raises(Held) as held:
        created(priced(*thirds), ledger)
    assert held.value.reason == "rounding_account_missing"
    assert "0.33" in str(held.value.details["arithmetic"])


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
        ({"number": "INV-000119"}, Agreement.NO, ""),
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


class EveryTax(Ledger):
    """Books in which every set of taxes is mapped to a TaxType of its own name."""

    def tax(self, key: str) -> TaxTerm:
        return TaxTerm(sales=key, rate=rate_of(key))

    def tax_rate(self, tax_type: str) -> Decimal | None:
        return rate_of(tax_type)


def drawn(seed: int) -> Invoice:
    document = documents.drawn(Random(seed))
    for number, line in enumerate(document["items"]):
        line |= {"description": f"Line {number}", "id": str(number), "item_order": str(number)}
    return perfex(**{**PLAIN, **document})


def rates_in(body: dict[str, Any]) -> dict[str, str]:
    return {line["TaxType"]: str(rate_of(line["TaxType"])) for line in body["LineItems"]}


def attempted(invoice: Invoice, ledger: Ledger) -> Payload | Held:
    try:
        return created(invoice, ledger)
    except Held as held:
        return held


def test_few_invoices_that_staff_may_enter_have_to_wait() -> None:
    ledger = EveryTax(ids={(Kind.CUSTOMER, "41"): CONTACT})
    outcomes = [attempted(drawn(seed), ledger) for seed in range(500)]
    waiting = Counter(outcome.reason for outcome in outcomes if isinstance(outcome, Held))
    assert sum(waiting.values()) < 60, waiting


SEEDS = st.integers(min_value=0, max_value=2**32)


@thorough()
@given(SEEDS)
def test_what_is_sent_equals_perfex_to_the_cent_or_waits_with_a_reason(seed: int) -> None:
    invoice = drawn(seed)
    ledger = EveryTax(ids={(Kind.CUSTOMER, "41"): CONTACT})
    payload = attempted(invoice, ledger)
    if isinstance(payload, Held):
        assert "…" not in str(payload)
        return
    figures = oracle.xero_figures(payload.body, rates_in(payload.body))
    assert oracle.text(figures.total) == f"{invoice.total:f}"
    assert payload.expects is not None
    assert oracle.text(figures.tax) == f"{payload.expects.tax:f}"
    assert payload.expects.total == invoice.total
    assert len(payload.line_roles) == len(payload.body["LineItems"])


@given(SEEDS)
def test_a_written_invoice_shows_what_was_foretold(seed: int) -> None:
    assert INVOICE.shown_on_xero is not None
    invoice = drawn(seed)
    ledger = EveryTax(ids={(Kind.CUSTOMER, "41"): CONTACT})
    payload = attempted(invoice, ledger)
    if isinstance(payload, Held):
        return
    stored = INVOICE.facets_of(answered(payload, rates_in(payload.body)), Side.XERO)
    stored.pop("coding")
    stored.pop("reference")
    assert stored == INVOICE.shown_on_xero(invoice, ledger)


@given(SEEDS)
def test_an_update_of_all_facets_without_a_change_sends_the_same_lines(seed: int) -> None:
    invoice = drawn(seed)
    ledger = EveryTax(ids={(Kind.CUSTOMER, "41"): CONTACT})
    payload = attempted(invoice, ledger)
    if isinstance(payload, Held):
        return
    target = answered(payload, rates_in(payload.body))
    again = updated(invoice, target, roles_of(payload), "lines", "total", ledger=ledger)
    assert again.line_roles == payload.line_roles
    assert again.expects == payload.expects
    plain = [
        {name: line[name] for name in line if name != "LineItemID"}
        for line in again.body["LineItems"]
    ]
    assert plain == payload.body["LineItems"]
    assert [line["LineItemID"] for line in again.body["LineItems"]] == [
        line.id for line in target.lines
    ]


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_comes_back_from_xero_as_it_was_sent(description: str, more: str) -> None:
    assert INVOICE.shown_on_xero is not None
    item = documents.line("1.00", "100.00", ("VAT", "20.00"))
    invoice = priced({**item, "description": description, "long_description": more})
    stored = INVOICE.facets_of(answered(created(invoice)), Side.XERO)
    assert stored["lines"] == INVOICE.shown_on_xero(invoice, books())["lines"]


def test_a_due_date_is_a_day_and_no_instant() -> None:
    invoice = perfex(duedate="2025-12-03 00:00:00")
    assert invoice.due == date(2025, 12, 3)
    assert created(invoice).body["DueDate"] == "2025-12-03"
