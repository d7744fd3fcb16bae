"""What staff do in Perfex and bookkeepers do in Xero; each new document gets its ghost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.machine.office import BANK, KINDS, TILL, Edit, Office
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.memory.sides import RefusalError
from xero_bridge.engine.memory.sides.perfex import Row
from xero_bridge.entities import ENTITIES

#: Facets of a Xero invoice that nobody but its bookkeeper may change back.
GUARDED = ("number", "issued", "due", "lines", "total", "status")


class People:
    """Staff and bookkeepers; every value that they type is a new one, unless they say the same."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._typed = 0

    # --- choosing ------------------------------------------------------------------------------

    def ids(self, kind: Kind, side: Side, *, live: bool = True) -> list[str]:
        rows = self.office.side(side).rows(kind)
        keys = [Key(kind, side, id_) for id_ in rows]
        return [key.id for key in keys if not live or self.office.is_live(key)]

    def pick(self, kind: Kind, side: Side, index: int, *, live: bool = True) -> str | None:
        ids = self.ids(kind, side, live=live)
        return ids[index % len(ids)] if ids else None

    def pick_to_change(
        self, kind: Kind, side: Side, index: int, *, live: bool = True
    ) -> str | None:
        """A record, unless it was typed on both sides and the bridge has yet to see that.

        Nobody could tell any more that both are the same once one of them was changed.
        """
        id_ = self.pick(kind, side, index, live=live)
        key = Key(kind, side, id_ or "")
        if id_ is None or self.office.link_of(key) is not None:
            return id_
        twins = self.office.twins(key)
        by_people = twins and not self.office.made.keys() & {key, *twins}
        return None if by_people else id_

    def typed(self) -> int:
        self._typed += 1
        return self._typed

    def price(self) -> Decimal:
        return Decimal(100) + 7 * self.typed()

    def day(self, ago: int = 0) -> str:
        return (self.office.clock.now() - timedelta(days=ago)).date().isoformat()

    # --- staff in Perfex -----------------------------------------------------------------------

    def add_customer(self) -> str:
        n = self.typed()
        id_ = self.office.perfex.add_customer(f" Smith & Sons  {n} ", phonenumber=f"0{n}")
        self.office.name(Kind.CUSTOMER, Side.PERFEX, id_)
        return id_

    def edit_customer(self, index: int, member: str) -> None:
        id_ = self.pick_to_change(Kind.CUSTOMER, Side.PERFEX, index)
        if id_:
            self.office.perfex.edit_customer(id_, **{member: f"<New> & {self.typed()} "})

    def add_item(self) -> None:
        id_ = self.office.perfex.add_item(f"Item {self.typed()}", self.price())
        self.office.name(Kind.ITEM, Side.PERFEX, id_)

    def edit_item(self, index: int) -> None:
        id_ = self.pick_to_change(Kind.ITEM, Side.PERFEX, index)
        if id_:
            self.office.perfex.edit_item(id_, rate=f"{self.price():.2f}")

    def rows(self, lines: int) -> list[Row]:
        some = [Row(f"Work & more {self.typed()} ", self.price()) for _ in range(lines)]
        return [*some[:1], *(row._replace(tax="") for row in some[1:])]

    def bill(self, index: int, lines: int, ago: int, *, draft: bool = False) -> None:
        customer = self.pick(Kind.CUSTOMER, Side.PERFEX, index) or self.add_customer()
        on = self.day(ago)
        id_ = self.office.perfex.add_invoice(customer, self.rows(lines), on, draft=draft)
        self.office.name(Kind.INVOICE, Side.PERFEX, id_)

    def edit_bill(self, index: int, what: str) -> None:
        id_ = self.pick_to_change(Kind.INVOICE, Side.PERFEX, index)
        if id_ is None:
            return
        perfex = self.office.perfex
        rows = self._rows_of(id_)
        is_draft = perfex.rows(Kind.INVOICE)[id_]["status"] == "6"
        match what:
            case "text" if rows:
                first = rows[0]._replace(text=f"Better {self.typed()}")
                perfex.edit_invoice(id_, [first, *rows[1:]])
            case "price" if rows:
                perfex.edit_invoice(id_, [rows[0]._replace(price=self.price()), *rows[1:]])
            case "line":
                perfex.edit_invoice(id_, [*rows, Row(f"More {self.typed()}", self.price())])
            case "due":
                perfex.edit_invoice(id_, duedate=self.day(-self.typed()))
            case "number" if not is_draft:
                perfex.renumber(id_, 500000 + self.typed())
            case "issue" if is_draft:
                perfex.issue(id_)

    def _rows_of(self, id_: str) -> list[Row]:
        found = []
        for line in self.office.perfex.rows(Kind.INVOICE)[id_]["items"]:
            tax = f"{line['taxname'][0]}|{line['taxrate'][0]}" if line["taxname"] else ""
            text = line["description"].replace("&amp;", "&")
            found.append(Row(text, Decimal(line["rate"]), Decimal(line["qty"]), tax))
        return found

    def copy_bill(self, index: int) -> None:
        id_ = self.pick(Kind.INVOICE, Side.PERFEX, index)
        if id_:
            copy = self.office.perfex.copy_invoice(id_, self.day())
            self.office.name(Kind.INVOICE, Side.PERFEX, copy)

    def cancel_bill(self, index: int) -> None:
        id_ = self.pick_to_change(Kind.INVOICE, Side.PERFEX, index)
        if id_:
            self.office.perfex.cancel(id_)

    def delete_in_perfex(self, kind: Kind, index: int) -> None:
        id_ = self.pick_to_change(kind, Side.PERFEX, index, live=False)
        if id_ and not (kind is Kind.CUSTOMER and self._has_bills(id_)):
            self.office.perfex.remove(kind, id_)

    def _has_bills(self, customer: str) -> bool:
        rows = self.office.perfex.rows(Kind.INVOICE).values()
        return any(row["clientid"] == customer for row in rows)

    def pay_in_perfex(self, index: int, mode: str) -> None:
        id_ = self.pick(Kind.INVOICE, Side.PERFEX, index)
        if id_ and self.office.perfex.rows(Kind.INVOICE)[id_]["status"] != "6":
            amount = Decimal(5) + Decimal(self.typed()) / 100
            payment = self.office.perfex.pay(id_, amount, self.day(), mode)
            self.office.name(Kind.PAYMENT, Side.PERFEX, payment)

    def edit_payment(self, index: int) -> None:
        id_ = self.pick_to_change(Kind.PAYMENT, Side.PERFEX, index)
        if id_:
            amount = Decimal(5) + Decimal(self.typed()) / 100
            self.office.perfex.edit_payment(id_, amount=f"{amount:.2f}")

    # --- bookkeepers in Xero -------------------------------------------------------------------

    def _enter(self, kind: Kind, body: dict[str, Any], ghost: int | None = None) -> str | None:
        try:
            id_ = self.office.xero.enter(kind, body)
        except RefusalError:
            return None
        self.office.name(kind, Side.XERO, id_, ghost)
        return id_

    def _change(self, kind: Kind, id_: str, body: dict[str, Any]) -> None:
        """A change that Xero refuses is none; another one is remembered as the person's."""
        key = Key(kind, Side.XERO, id_)
        before = self._guarded(key)
        try:
            self.office.xero.change(kind, id_, body)
        except RefusalError:
            return
        self.office.touched.add(key)
        after = self._guarded(key)
        moved = {name for name, value in after.items() if value != before[name]}
        earlier = self.office.edits.get(key)
        kept = set(earlier.values) if earlier else set()
        values = {name: after[name] for name in moved | kept}
        self.office.edits[key] = Edit(values=values, calls=self.office.written())

    def _guarded(self, key: Key) -> dict[str, object]:
        record = self.office.record(key)
        if record is None or key.kind is not Kind.INVOICE:
            return {}
        facets = ENTITIES[key.kind].facets_of(record, Side.XERO)
        return {name: facets[name] for name in GUARDED}

    def enter_contact(self, index: int, *, known: bool) -> None:
        """A contact of somebody new, or of a customer that Perfex has too."""
        customer = self.pick(Kind.CUSTOMER, Side.PERFEX, index)
        if not known or customer is None:
            self._enter(Kind.CUSTOMER, {"Name": f"Contact {self.typed()}"})
            return
        key = Key(Kind.CUSTOMER, Side.PERFEX, customer)
        record = self.office.record(key)
        assert record is not None
        if not self.office.twins(key):
            self._enter(Kind.CUSTOMER, {"Name": record.label}, self.office.ghosts[key])

    def rename_contact(self, index: int) -> None:
        id_ = self.pick_to_change(Kind.CUSTOMER, Side.XERO, index)
        if id_:
            self._change(Kind.CUSTOMER, id_, {"Name": f"Renamed {self.typed()}"})

    def archive_contact(self, index: int) -> None:
        id_ = self.pick_to_change(Kind.CUSTOMER, Side.XERO, index)
        if id_:
            self._change(Kind.CUSTOMER, id_, {"ContactStatus": "ARCHIVED"})

    def enter_bill(self, index: int, *, number_of: int | None) -> None:
        """An invoice born in Xero, with a number of its own or one that Perfex uses too."""
        contact = self.pick(Kind.CUSTOMER, Side.XERO, index)
        taken = self.pick(Kind.INVOICE, Side.PERFEX, number_of) if number_of is not None else None
        if contact is None:
            return
        number = f"X-{self.typed()}"
        if taken:
            number = self.office.perfex.seen(Kind.INVOICE, taken).record.label or number
        line = {"Description": "Entered in Xero", "Quantity": 1, "UnitAmount": self.price()}
        self._enter(Kind.INVOICE, self._bill(contact, number, [line], self.day()))

    def enter_same_bill(self, index: int) -> None:
        """The invoice that Perfex has, typed once more by a bookkeeper."""
        id_ = self.pick(Kind.INVOICE, Side.PERFEX, index)
        if id_ is None:
            return
        key = Key(Kind.INVOICE, Side.PERFEX, id_)
        row = self.office.perfex.rows(Kind.INVOICE)[id_]
        contacts = self.office.twins(Key(Kind.CUSTOMER, Side.PERFEX, row["clientid"]))
        number = self.office.perfex.seen(Kind.INVOICE, id_).record.label
        if self.office.twins(key) or not contacts or not number:
            return
        lines = [
            {
                "Description": line.text.strip(),
                "Quantity": line.quantity,
                "UnitAmount": line.price,
                "TaxType": "OUTPUT2" if line.tax else "NONE",
            }
            for line in self._rows_of(id_)
        ]
        body = self._bill(contacts[0].id, number, lines, row["date"])
        self._enter(Kind.INVOICE, body, self.office.ghosts[key])

    def _bill(
        self, contact: str, number: str, lines: Sequence[dict[str, Any]], on: str
    ) -> dict[str, Any]:
        coded = [{"AccountCode": "200", "TaxType": "OUTPUT2", **line} for line in lines]
        return {
            "Contact": {"ContactID": contact},
            "InvoiceNumber": number,
            "Date": on,
            "DueDate": on,
            "CurrencyCode": "GBP",
            "LineAmountTypes": "Exclusive",
            "Status": "AUTHORISED",
            "LineItems": coded,
        }

    def edit_bill_in_xero(self, index: int, what: str) -> None:
        id_ = self.pick_to_change(Kind.INVOICE, Side.XERO, index)
        if id_ is None:
            return
        lines = [dict(line) for line in self.office.xero.rows(Kind.INVOICE)[id_]["LineItems"]]
        bodies: dict[str, dict[str, Any]] = {
            "number": {"InvoiceNumber": f"Y-{self.typed()}"},
            "due": {"DueDate": self.day(-self.typed())},
            "reference": {"Reference": f"PO {self.typed()}"},
            "void": {"Status": "VOIDED"},
        }
        if lines and what in ("text", "price", "account"):
            changed: dict[str, dict[str, object]] = {
                "text": {"Description": f"Reworded {self.typed()}"},
                "price": {"UnitAmount": self.price()},
                "account": {"AccountCode": "201"},
            }
            bodies[what] = {"LineItems": [{**lines[0], **changed[what]}, *lines[1:]]}
        if what in bodies:
            self._change(Kind.INVOICE, id_, bodies[what])

    def copy_bill_in_xero(self, index: int) -> None:
        """A copy under another number; our mark is copied along."""
        id_ = self.pick(Kind.INVOICE, Side.XERO, index)
        if id_ is None:
            return
        row = self.office.xero.rows(Kind.INVOICE)[id_]
        names = ("Contact", "CurrencyCode", "LineAmountTypes", "LineItems", "Url")
        copy = {name: row[name] for name in names if name in row}
        dates = {"Date": self.day(), "DueDate": self.day(), "Status": "AUTHORISED"}
        self._enter(Kind.INVOICE, {**copy, **dates, "InvoiceNumber": f"C-{self.typed()}"})

    def pay_in_xero(self, index: int) -> None:
        id_ = self.pick(Kind.INVOICE, Side.XERO, index)
        if id_:
            amount = Decimal(5) + Decimal(self.typed()) / 100
            self._enter(Kind.PAYMENT, self._payment(id_, amount, BANK, self.day()))

    def pay_the_same_in_xero(self, index: int) -> None:
        """The money that Perfex has, entered in Xero by hand as well."""
        id_ = self.pick(Kind.PAYMENT, Side.PERFEX, index)
        if id_ is None:
            return
        key = Key(Kind.PAYMENT, Side.PERFEX, id_)
        row = self.office.perfex.rows(Kind.PAYMENT)[id_]
        link = self.office.link_of(Key(Kind.INVOICE, Side.PERFEX, row["invoiceid"]))
        if link and not self.office.twins(key):
            account = BANK if row["paymentmode"] == "1" else TILL
            body = self._payment(link.xero_id, Decimal(row["amount"]), account, row["date"])
            self._enter(Kind.PAYMENT, body, self.office.ghosts[key])

    def redo_payment(self, index: int) -> None:
        """Delete a payment in Xero and enter the same money on another account."""
        id_ = self.pick_to_change(Kind.PAYMENT, Side.XERO, index)
        if id_ is None:
            return
        row = self.office.xero.rows(Kind.PAYMENT)[id_]
        self.delete_payment_in_xero(index)
        if not self.office.is_live(Key(Kind.PAYMENT, Side.XERO, id_)):
            account = TILL if row["Account"]["AccountID"] == BANK else BANK
            invoice = row["Invoice"]["InvoiceID"]
            body = self._payment(invoice, row["Amount"], account, row["DateString"][:10])
            self._enter(Kind.PAYMENT, body, self.office.ghosts[Key(Kind.PAYMENT, Side.XERO, id_)])

    def delete_payment_in_xero(self, index: int) -> None:
        id_ = self.pick_to_change(Kind.PAYMENT, Side.XERO, index)
        if id_:
            self._change(Kind.PAYMENT, id_, {"Status": "DELETED"})

    def _payment(self, invoice: str, amount: Decimal, account: str, on: str) -> dict[str, Any]:
        where = {"Invoice": {"InvoiceID": invoice}, "Account": {"AccountID": account}}
        return {**where, "Amount": amount, "Date": on, "Reference": ""}

    def live_ghosts(self) -> dict[tuple[Kind, Side, int], list[Key]]:
        """The records that count, by the document that they stand for."""
        found: dict[tuple[Kind, Side, int], list[Key]] = {}
        for kind in KINDS:
            for side in Side:
                for id_ in self.ids(kind, side):
                    key = Key(kind, side, id_)
                    found.setdefault((kind, side, self.office.ghosts[key]), []).append(key)
        return found
