"""Expenses as data: policy, keys, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Entity, Facet, Fit, Owner
from xero_bridge.core.money import format_cents
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.expense import to_perfex, to_xero
from xero_bridge.entities.expense.parts import parts_of
from xero_bridge.entities.expense.perfex import PerfexExpenseWire, from_perfex
from xero_bridge.entities.expense.record import Expense, payment_facet
from xero_bridge.entities.expense.rule import rule_against
from xero_bridge.entities.expense.to_xero import expense_of
from xero_bridge.entities.expense.xero import (
    XeroBillWire,
    XeroSpendWire,
    coding,
    from_bill,
    from_spend,
)

_BOTH = frozenset(Side)
_PERFEX_ONLY, _XERO_ONLY = frozenset({Side.PERFEX}), frozenset({Side.XERO})


def _keys(record: Record, _side: Side) -> Sequence[str]:
    expense = expense_of(record)
    return (f"{format_cents(expense.total)} {expense.currency}@{expense.spent_on}",)


def _fit(perfex: Mirror, xero: Mirror, _books: Books) -> Fit:
    ours, theirs = expense_of(perfex.record), expense_of(xero.record)
    same = (ours.total, ours.currency, ours.spent_on) == (
        theirs.total,
        theirs.currency,
        theirs.spent_on,
    )
    references = {ours.reference.casefold(), theirs.reference.casefold()} - {""}
    if not same or theirs.closed or len(references) > 1:
        return Fit(agreement=Agreement.NO)
    if ours.reference and theirs.reference:
        return Fit(agreement=Agreement.SAME, why="same reference, date and amount")
    return Fit(agreement=Agreement.MAYBE, why="same date and amount, but no reference on both")


def _excluded(mirror: Mirror, books: Books) -> str:
    """Older expenses stay home, and those that are not to become bills until they are paid."""
    expense, settings = expense_of(mirror.record), books.settings
    if expense.closed:
        return "closed_unlinked"
    if mirror.key.side is Side.XERO:
        return rule_against(expense, mirror.mark, books)
    if settings.expense_as == "spend" and not expense.mode:
        return "expense_unpaid"
    if settings.start_date and expense.spent_on and expense.spent_on < settings.start_date:
        return "before_start"
    return "" if expense.net else "zero_amount"


def _shared(name: str, **policy: Any) -> Facet:
    """A facet that both sides show and take."""
    return Facet(get=attrgetter(name), written=_BOTH, **policy)


_SPENT = Codec(
    path=to_xero.SPENT,
    wire=XeroSpendWire,
    decode=from_spend,
    create=to_xero.create,
    update=to_xero.update,
    void=to_xero.remove,
    id_field="BankTransactionID",
    since=True,
    paged=True,
    query={"where": 'Type=="SPEND"'},
    four_places=True,
    cadence="hourly",
    batch=50,
    divide=parts_of,
    also=(
        Codec(
            path=to_xero.BILLS,
            wire=XeroBillWire,
            decode=from_bill,
            id_field="InvoiceID",
            since=True,
            paged=True,
            query={"where": 'Type=="ACCPAY"'},
            open_query={"where": 'Type=="ACCPAY" AND Status=="AUTHORISED"'},
            by_ids=True,
            four_places=True,
            batch=50,
            divide=parts_of,
        ),
    ),
)

EXPENSE = Entity(
    kind=Kind.EXPENSE,
    record=Expense,
    singular="expense",
    plural="expenses",
    hidden_without={"category": Kind.EXPENSE_CATEGORY},
    facets={
        "spent_on": _shared("spent_on", words="date", sensitive=True),
        "name": _shared("name", owner=Owner.BIRTH),
        "reference": _shared("reference", owner=Owner.BIRTH),
        "net": _shared("net", words="net amount", sensitive=True),
        "total_tax": _shared(
            "total_tax", words="tax", sensitive=True, members=("total_tax", "tax")
        ),
        "currency": _shared("currency", sensitive=True),
        "category": _shared(
            "category",
            owner=Owner.XERO,
            words="category or account",
            members=("category", "category_name"),
        ),
        "payment": Facet(
            get=payment_facet,
            sensitive=True,
            written=_BOTH,
            apart=True,
            members=("mode", "payment", "payments", "touched"),
        ),
        "supplier": Facet(
            get=lambda expense: (expense.supplier, expense.vendor),
            owner=Owner.XERO,
            held=_PERFEX_ONLY,
            members=("supplier", "vendor"),
        ),
        "coding": Facet(
            get=coding,
            owner=Owner.XERO,
            held=_XERO_ONLY,
            written=frozenset(),
            words="contact, account, tax code and tracking",
            members=("supplier", "lines"),
        ),
    },
    perfex=Codec(
        path="expenses",
        wire=PerfexExpenseWire,
        decode=from_perfex,
        create=to_perfex.create,
        update=to_perfex.update,
        delete=to_perfex.delete,
        by_hand=to_perfex.by_hand,
        id_field="expenseid",
    ),
    xero=_SPENT,
    direction=Direction.TWO_WAY,
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.CREATE},
    keys=_keys,
    fit=_fit,
    mark=lambda perfex_id, books: books.record_url(Kind.EXPENSE, perfex_id),
    shown_on_xero=to_xero.shown,
    shown_on_perfex=to_perfex.shown,
    excluded=_excluded,
    # Whether it is paid follows once it is a bill: money spent carries it itself (`Payload.whole`).
    carried=lambda record: replace(expense_of(record), mode=""),
    pages={
        Side.PERFEX: "admin/expenses/list_expenses/{id}",
        Side.XERO: "Bank/ViewTransaction.aspx?bankTransactionID={id}",
    },
)
