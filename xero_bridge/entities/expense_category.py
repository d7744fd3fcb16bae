"""Expense categories: what money was spent on in Perfex, and the Xero account that it is booked to.

Xero has no such thing: the candidates of a category are the accounts of class EXPENSE, so this kind
is matched with the mirrors of `account` and has no Xero codec of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Decoded, Entity, Facet, Fit, Lookups, Owner
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Direction, Kind, Side
from xero_bridge.entities.account import Account
from xero_bridge.entities.text import clean, fold, squeeze
from xero_bridge.entities.wire import Loose, as_id, as_text

_EXPENSE = "EXPENSE"


class ExpenseCategory(Record, frozen=True, kw_only=True):
    """A category that staff choose when they enter an expense."""

    name: str

    @property
    def label(self) -> str:
        return self.name


class PerfexExpenseCategoryWire(msgspec.Struct, frozen=True):
    """A row of `common/expense_category`."""

    id: Loose
    name: Loose


def books_expenses(account: Account) -> bool:
    """Whether a category may book to the account: of class EXPENSE, active, not Xero's own."""
    return account.class_ == _EXPENSE and not account.system and not account.closed


def _from_perfex(wire: PerfexExpenseCategoryWire, _lookups: Lookups) -> Decoded:
    category = as_id(wire.id, "id of an expense category")
    name = squeeze(clean(as_text(wire.name)))
    return Decoded(id=category, record=ExpenseCategory(name=name or category))


def _keys(record: Record, _side: Side) -> Sequence[str]:
    if isinstance(record, Account):
        return (fold(record.name), fold(record.code)) if books_expenses(record) else ()
    return (fold(record.label),)


def _fit(perfex: Mirror, xero: Mirror, _books: Books) -> Fit:
    account, name = xero.record, perfex.record.label
    assert isinstance(account, Account)
    if not books_expenses(account):
        return Fit(agreement=Agreement.NO)
    if fold(name) in (fold(account.name), fold(account.code)):
        return Fit(agreement=Agreement.SAME, why="same name or code")
    return Fit(agreement=Agreement.NO)


EXPENSE_CATEGORY = Entity(
    kind=Kind.EXPENSE_CATEGORY,
    record=ExpenseCategory,
    singular="expense category",
    plural="expense categories",
    facets={
        "name": Facet(
            get=lambda category: category.label,
            owner=Owner.PERFEX,
            held=frozenset({Side.PERFEX}),
            written=frozenset(),
        )
    },
    perfex=Codec(
        path="common/expense_category",
        wire=PerfexExpenseCategoryWire,
        decode=_from_perfex,
        id_field="id",
        cadence="daily",
    ),
    xero=None,
    xero_kind=Kind.ACCOUNT,
    direction=Direction.XERO_TO_PERFEX,
    keys=_keys,
    fit=_fit,
)
