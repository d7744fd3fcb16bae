"""Whatever staff may enter is sent to the cent or waits, and shows what was foretold."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests import oracle
from tests.core import documents
from tests.entities.writing import (
    CONTACT,
    EveryTax,
    answered,
    attempted,
    books,
    created,
    drawn,
    priced,
    rates_in,
    roles_of,
    updated,
)
from tests.support.profiles import thorough
from xero_bridge.core.errors import Held
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.invoice import INVOICE


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
