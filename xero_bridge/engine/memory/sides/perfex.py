"""A Perfex site in memory, as its staff use it and its API shows it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xero_bridge.core.books import Site
from xero_bridge.core.entity import Json
from xero_bridge.core.remote import Batch, NotWritten, Result, Written
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.memory.sides.rules import RefusalError, cents, number
from xero_bridge.engine.memory.sides.side import MemorySide

_UNPAID, _PAID, _PART_PAID, _CANCELLED, _DRAFT = "1", "2", "3", "5", "6"
#: Members of an invoice that its list does not show.
_DETAILS = frozenset({"items", "payments"})


class Row(NamedTuple):
    """A line as staff type it; the tax is a key such as `VAT|20.00`, or nothing."""

    text: str
    price: Decimal
    quantity: Decimal = Decimal(1)
    tax: str = "VAT|20.00"


class PerfexSide(MemorySide):
    """`core.remote.PerfexRemote`: its staff do what they like, its API takes payments alone."""

    side = Side.PERFEX

    def site(self) -> Site:
        """A site of module 3.0.3."""
        base = self._lookups.base_currency
        return Site(url=self._lookups.site_url, version="3.0.3", base_currency=base)

    def seed(self, kind: Kind, id_: str, row: Json) -> None:
        """Put a reference record in (a payment mode, a tax, a currency)."""
        self.rows(kind)[id_] = row

    # --- staff ---------------------------------------------------------------------------------

    def add_customer(self, name: str, **members: str) -> str:
        """A new customer; its id."""
        id_ = self._new_id()
        row = {"userid": id_, "active": "1", "datecreated": self._now(), "default_currency": "0"}
        self.rows(Kind.CUSTOMER)[id_] = {"customer": row, "contact": None}
        self.edit_customer(id_, company=name, **members)
        return id_

    def edit_customer(self, id_: str, **members: str) -> None:
        """Change members of a customer; Perfex keeps entities instead of `&`, `<` and `>`."""
        held = self.rows(Kind.CUSTOMER)[id_]
        escaped = {name: html.escape(text, quote=False) for name, text in members.items()}
        self.rows(Kind.CUSTOMER)[id_] = {**held, "customer": {**held["customer"], **escaped}}

    def add_item(self, name: str, price: Decimal) -> str:
        """A new item; its id."""
        id_ = self._new_id()
        row = {"itemid": id_, "long_description": "", "taxname": "VAT", "taxrate": "20.00"}
        self.rows(Kind.ITEM)[id_] = {**row, "description": name, "rate": f"{price:.2f}"}
        return id_

    def edit_item(self, id_: str, **members: str) -> None:
        """Change members of an item."""
        self.rows(Kind.ITEM)[id_] = {**self.rows(Kind.ITEM)[id_], **members}

    def add_invoice(
        self, customer: str, rows: Sequence[Row], on: str, *, draft: bool = False
    ) -> str:
        """A new invoice under the next number; its id."""
        id_ = self._new_id()
        status = _DRAFT if draft else _UNPAID
        self.rows(Kind.INVOICE)[id_] = {
            "id": id_,
            "clientid": customer,
            "date": on,
            "duedate": on,
            "datecreated": self._now(),
            "currency": "1",
            "prefix": "INV-",
            **self._numbered(int(id_), draft=draft),
            "status": status,
            "payments": [],
            **_summed(self._lines(rows)),
        }
        self._settle(id_)
        return id_

    def edit_invoice(self, id_: str, rows: Sequence[Row] | None = None, **members: str) -> None:
        """Change members or all lines of an invoice."""
        held = self.rows(Kind.INVOICE)[id_]
        lines = {} if rows is None else _summed(self._lines(rows))
        self.rows(Kind.INVOICE)[id_] = {**held, **members, **lines}
        self._settle(id_)

    def renumber(self, id_: str, digits: int) -> None:
        """Give an invoice another number."""
        self.edit_invoice(id_, **self._numbered(digits, draft=False))

    def issue(self, id_: str) -> None:
        """Number a draft and send it out."""
        self.edit_invoice(id_, **self._numbered(int(id_), draft=False), status=_UNPAID)

    def cancel(self, id_: str) -> None:
        """Mark an invoice as cancelled."""
        self.edit_invoice(id_, status=_CANCELLED)

    def reopen(self, id_: str) -> None:
        """Take a cancellation back."""
        self.edit_invoice(id_, status=_UNPAID)

    def copy_invoice(self, id_: str, on: str) -> str:
        """A copy under the next number, as a draft of all the same lines; its id."""
        held = self.rows(Kind.INVOICE)[id_]
        copy = self.add_invoice(held["clientid"], [], on)
        self.edit_invoice(copy, **_summed(held["items"]))
        return copy

    def pay(self, invoice: str, amount: Decimal, on: str, mode: str = "1", **members: str) -> str:
        """Record a payment; its id."""
        id_ = self._new_id()
        row = {"paymentid": id_, "invoiceid": invoice, "id": mode, "paymentmode": mode}
        row |= {"amount": f"{amount:.2f}", "date": on, "daterecorded": self._now()}
        self.rows(Kind.PAYMENT)[id_] = {**row, "note": "", "transactionid": "", **members}
        self._settle(invoice)
        return id_

    def edit_payment(self, id_: str, **members: str) -> None:
        """Change members of a payment."""
        held = self.rows(Kind.PAYMENT)[id_] = {**self.rows(Kind.PAYMENT)[id_], **members}
        self._settle(str(held["invoiceid"]))

    def remove(self, kind: Kind, id_: str) -> None:
        """Delete a record; an invoice takes its payments along."""
        held = self.rows(kind).pop(id_)
        if kind is Kind.INVOICE:
            for payment in held["payments"]:
                del self.rows(Kind.PAYMENT)[payment["paymentid"]]
        elif kind is Kind.PAYMENT:
            self._settle(str(held["invoiceid"]))

    # --- parts ---------------------------------------------------------------------------------

    def _write(self, batch: Batch, bodies: Sequence[Json]) -> tuple[Result, ...]:
        return tuple(self._one(batch, body) for body in bodies)

    def _one(self, batch: Batch, body: Json) -> Result:
        """A payment by the API is dated today, whatever date was sent."""
        try:
            if batch.kind is not Kind.PAYMENT:
                raise RefusalError("refused_by_perfex", f"No way to write {batch.kind} is known.")
            invoice = self.rows(Kind.INVOICE).get(str(body["invoiceid"]))
            if invoice is None or invoice["status"] in (_CANCELLED, _DRAFT):
                raise RefusalError("refused_by_perfex", "The invoice takes no payment.")
        except RefusalError as refusal:
            return NotWritten(reason=refusal.reason, message=refusal.message)
        more = {name: str(body[name]) for name in ("note", "transactionid")}
        today = f"{self._clock.now():%Y-%m-%d}"
        id_ = self.pay(
            invoice["id"], number(body["amount"]), today, str(body["paymentmode"]), **more
        )
        return Written(id=id_, seen=self.seen(Kind.PAYMENT, id_))

    def _listed_row(self, kind: Kind, row: Json) -> Json:
        if kind is not Kind.INVOICE:
            return row
        return {name: value for name, value in row.items() if name not in _DETAILS}

    def _settle(self, invoice_id: str) -> None:
        """What is left to pay of an invoice, and the status that follows from it."""
        held = self.rows(Kind.INVOICE).get(invoice_id)
        if held is None:
            return
        found = [p for p in self.rows(Kind.PAYMENT).values() if p["invoiceid"] == invoice_id]
        paid = sum((number(payment["amount"]) for payment in found), Decimal())
        left = number(held["total"]) - paid
        status = held["status"]
        if status not in (_CANCELLED, _DRAFT):
            status = _PAID if paid and left <= 0 else _PART_PAID if paid else _UNPAID
        self.rows(Kind.INVOICE)[invoice_id] = {
            **held,
            "status": status,
            "total_left_to_pay": f"{left:.2f}",
            "payments": [{"paymentid": p["paymentid"], "amount": p["amount"]} for p in found],
        }

    def _lines(self, rows: Sequence[Row]) -> list[Json]:
        return [
            {
                "id": self._new_id(),
                "description": html.escape(row.text, quote=False),
                "long_description": "",
                "qty": f"{row.quantity:.2f}",
                "rate": f"{row.price:.2f}",
                "item_order": str(place),
                "taxname": [row.tax.split("|")[0]] if row.tax else [],
                "taxrate": [row.tax.split("|")[1]] if row.tax else [],
            }
            for place, row in enumerate(rows, 1)
        ]

    def _numbered(self, digits: int, *, draft: bool) -> Json:
        shown = "INV-DRAFT" if draft else f"INV-{digits:06d}"
        return {"number": str(digits), "formatted_number": shown}

    def _now(self) -> str:
        return f"{self._clock.now():%Y-%m-%d %H:%M:%S}"

    def _new_id(self) -> str:
        return str(self._next())


def _summed(lines: Sequence[Json]) -> Json:
    """The lines with their sums: tax is summed unrounded per tax, as Perfex does."""
    nets = [number(line["qty"]) * number(line["rate"]) for line in lines]
    taxes: dict[str, Decimal] = {}
    for line, net in zip(lines, nets, strict=True):
        for name, rate in zip(line["taxname"], line["taxrate"], strict=True):
            taxes[name + rate] = taxes.get(name + rate, Decimal()) + net * number(rate) / 100
    net, tax = cents(sum(nets, Decimal())), cents(sum(taxes.values(), Decimal()))
    sums = {"subtotal": f"{net:.2f}", "total_tax": f"{tax:.2f}", "total": f"{net + tax:.2f}"}
    zeros = {"adjustment": "0.00", "discount_percent": "0.00", "discount_total": "0.00"}
    return {"items": list(lines), **sums, **zeros, "discount_type": ""}
