"""Kinds whose records come from more than one resource, or in more than one way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from xero_bridge.core.entity import Codec
from xero_bridge.core.remote import Entry
from xero_bridge.core.vocabulary import Kind
from xero_bridge.remotes.perfex import contacts, rows
from xero_bridge.remotes.perfex.batch import MOST_OPERATIONS, Operation
from xero_bridge.remotes.perfex.contacts import Contacts
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.rows import Members, Row
from xero_bridge.remotes.perfex.sources import Currencies, Fetched, Lookup, Resource, Source
from xero_bridge.remotes.perfex.tables import CUSTOM, Table

#: Columns of a payment; its lists join those of the payment mode.
_PAYMENT = frozenset(
    {
        "paymentid",
        "invoiceid",
        "amount",
        "paymentmode",
        "paymentmethod",
        "date",
        "daterecorded",
        "note",
        "transactionid",
    }
)
_JOINED = frozenset(
    {
        "symbol",
        "name",
        "currency_name",
        "currencyid",
        "decimal_separator",
        "thousand_separator",
        "placement",
        "isdefault",
        "customfields",
    }
)


class TableResource(Resource):
    """A resource whose raw table rows say enough: many are read by id in one call."""

    @property
    def tool(self) -> str:
        """The batch operation that lists the table."""
        return f"{self.codec.path}_list"

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """By batch (which no cache of the module touches), else one call per id."""
        for start in range(0, len(ids), MOST_OPERATIONS):
            some = ids[start : start + MOST_OPERATIONS]
            found = self._got(some)
            for id in some:
                yield id, found.get(id) or self.one(id)

    def _got(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Those that a batch shows; what it does not show is asked for by GET."""
        tool = f"{self.codec.path}_get"
        operations = [Operation(tool=tool, arguments={"id": id}) for id in ids]
        outcomes = self.module.batch(operations) if not self.module.refuses(tool) else None
        found = {}
        for outcome in outcomes or ():
            if outcome.forbidden:
                self.module.refused(tool)
            if outcome.result is not None and bytes(outcome.result)[:1] == b"{":
                row = self.from_table(msgspec.json.decode(outcome.result, type=Members))
                found[row.id] = row.raw
        return found


class Payments(TableResource):
    """Payments: in the table `id` is the payment, in the lists it is the payment mode."""

    @property
    def raw_id(self) -> str:
        """The payment's id in the table."""
        return "id"

    def from_list(self, members: Members) -> Row:
        """Without what is joined of the payment mode."""
        kept = {name: raw for name, raw in members.items() if name in _PAYMENT}
        return rows.row(kept, self.codec.id_field)

    def from_table(self, members: Members) -> Row:
        """The id under the name that lists give it."""
        members["paymentid"] = members.pop("id", msgspec.Raw(b"null"))
        return self.from_list(members)


class Documents(Resource):
    """Invoices and credit notes: rows only tell which moved, lines are read with the record."""

    def __init__(self, module: Module, codec: Codec, sort: str) -> None:
        """`sort` is what the table of line taxes calls them."""
        super().__init__(module, codec)
        self._sort = sort

    @property
    def tool(self) -> str:
        """The batch operation that lists the table."""
        return f"{self.codec.path}_list"

    def from_list(self, members: Members) -> Row:
        """Without what is joined of the currency, as the table has it."""
        return rows.row(members, self.codec.id_field, _JOINED)

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """One call per id, and one for the taxes of all lines where the module hides them."""
        found = dict(super().fetch(ids))
        taxed = self.module.line_taxes.added_to(
            {id: raw for id, raw in found.items() if isinstance(raw, bytes)}, self._sort
        )
        yield from {**found, **taxed}.items()


class Invoices(Documents):
    """Invoices, whose numbers are learned as their rows go by."""

    def from_list(self, members: Members) -> Row:
        """As the other documents."""
        self.module.numbers.note(members)
        return super().from_list(members)

    def pages(self) -> Iterator[list[Row]]:
        """The rows; all numbers are known once the last one went by."""
        yield from super().pages()
        self.module.numbers.complete = True


class Customers(TableResource):
    """Customers, each joined with its primary contact."""

    def entries(self) -> Iterator[list[Entry]]:
        """The pages of the list, as `{"customer": ..., "contact": ...}`.

        Where contacts cannot be listed (2.x), the contact is left out and read when the row is
        opened: a change of the contact alone is not seen then.
        """
        known = Contacts(self.module)
        for page in self.pages():
            yield [self._entry(row, known) for row in page]

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """The records with their contacts."""
        for id, raw in self._rows(ids):
            yield id, self._joined(raw) if isinstance(raw, bytes) else raw

    def complete(self, raw: bytes) -> bytes:
        """An entry with its contact, which is read now where it was not listed."""
        parts = msgspec.json.decode(raw, type=Members)
        return raw if "contact" in parts else self._joined(bytes(parts["customer"]))

    def _joined(self, customer: bytes) -> bytes:
        row = rows.row(msgspec.json.decode(customer, type=Members), self.codec.id_field)
        contact = contacts.read_primary(self.module, row.id)
        return contacts.joined(row.raw, contact, known=True)

    def _entry(self, row: Row, known: Contacts) -> Entry:
        raw = contacts.joined(row.raw, known.of(row.id), known=known.whole)
        return Entry(id=row.id, row=rows.digest(raw), raw=raw)

    def _rows(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """Without batches from the list: the single record may hide its VAT number."""
        if self.module.modern and not self.module.refuses("customers_get"):
            yield from super().fetch(ids)
            return
        wanted = set(ids)
        listed = {row.id: row.raw for page in self.pages() for row in page if row.id in wanted}
        for id in ids:
            yield id, listed.get(id) or self.one(id)


def source_of(module: Module, kind: Kind, codec: Codec) -> Source:
    """Where the records of a kind come from."""
    match kind:
        case Kind.CUSTOMER:
            return Customers(module, codec)
        case Kind.PAYMENT:
            return Payments(module, codec)
        case Kind.INVOICE:
            return Invoices(module, codec, "invoice")
        case Kind.CREDIT_NOTE:
            return Documents(module, codec, "credit_note")
        case Kind.CURRENCY:
            return Currencies(module, codec)
        case _ if codec.path.startswith("common/"):
            return Lookup(module, codec)
        case _ if codec.path.startswith(CUSTOM):
            return Table(module, codec)
        case _:
            return Resource(module, codec)
