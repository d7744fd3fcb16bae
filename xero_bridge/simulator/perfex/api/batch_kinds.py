"""What the batch does to each kind of record: raw rows for some, Perfex's own models for others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from xero_bridge.simulator.perfex.books import (
    credit_notes,
    customers,
    expenses,
    invoices,
    payments,
)
from xero_bridge.simulator.perfex.site import Site

Arguments: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the batch knows of one resource: its table, searched columns and core model."""

    table: str
    searched: Sequence[str]
    create: Callable[[Site, Arguments], int]
    update: Callable[[Site, int, Arguments], bool]
    delete: Callable[[Site, int], bool]
    dated: str = "datecreated"


def _insert(table: str) -> Callable[[Site, Arguments], int]:
    return lambda site, data: site.db.insert(table, data)


def _update(table: str) -> Callable[[Site, int, Arguments], bool]:
    return lambda site, identity, data: site.db.update(table, identity, data)


def _delete(table: str) -> Callable[[Site, int], bool]:
    return lambda site, identity: site.db.delete(table, identity)


KINDS: Final[dict[str, Kind]] = {
    "customers": Kind(
        table="clients",
        searched=("company", "vat", "phonenumber"),
        create=customers.add,
        update=customers.update,
        delete=customers.delete,
    ),
    "contacts": Kind(
        table="contacts",
        searched=("firstname", "lastname", "email"),
        create=_insert("contacts"),
        update=_update("contacts"),
        delete=customers.delete_contact,
    ),
    "items": Kind(
        table="items",
        searched=("description", "long_description"),
        create=_insert("items"),
        update=_update("items"),
        delete=_delete("items"),
        dated="id",
    ),
    "invoices": Kind(
        table="invoices",
        searched=("clientnote", "adminnote"),
        create=invoices.add,
        update=invoices.update,
        delete=invoices.delete,
        dated="date",
    ),
    "payments": Kind(
        table="invoicepaymentrecords",
        searched=("transactionid", "note"),
        create=payments.insert,
        update=payments.update,
        delete=payments.delete,
        dated="date",
    ),
    "credit_notes": Kind(
        table="creditnotes",
        searched=("clientnote", "adminnote"),
        create=credit_notes.add,
        update=credit_notes.update,
        delete=credit_notes.delete,
        dated="date",
    ),
    "expenses": Kind(
        table="expenses",
        searched=("note", "expense_name"),
        create=expenses.add,
        update=expenses.update,
        delete=expenses.delete,
        dated="date",
    ),
}
