"""Payments of customers' invoices. Xero never changes one; Perfex can hardly take one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

import msgspec

from xero_bridge.core.books import AccountTerm, Books
from xero_bridge.core.entity import (
    Agreement,
    Codec,
    Decoded,
    Encoding,
    Entity,
    Facet,
    Fit,
    Lookups,
    Owner,
    Payload,
)
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.money import format_cents
from xero_bridge.core.record import Mirror, Money, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.dates import perfex_day, xero_day, xero_instant
from xero_bridge.entities.marks import mark_in, payment_mark, xero_payment_mark
from xero_bridge.entities.text import clean, squeeze
from xero_bridge.entities.wire import (
    ABSENT,
    Loose,
    WireError,
    as_decimal,
    as_id,
    as_text,
    xero_name,
)

#: Capability of a Perfex site whose API can set the date of a payment.
DATES_PAYMENTS = "payment_dates"
#: How far apart the same payment may be dated on both sides.
_DAYS = 3


class Payment(Record, frozen=True, kw_only=True):
    """Money received for one invoice, in the invoice's currency."""

    #: Id of the invoice on the record's side.
    invoice: str
    amount: Decimal
    #: Empty on Perfex: its payments do not tell it, their invoice does.
    currency: str = ""
    paid_on: date
    #: Perfex: mode or gateway id. Xero: AccountID.
    mode: str
    #: Perfex: transaction id. Xero: reference.
    reference: str = ""
    note: str = ""
    #: Xero's Status (`AUTHORISED`, `DELETED`); empty on Perfex.
    status: str = ""
    #: Xero: matched with a bank line, so it cannot be deleted.
    reconciled: bool = False
    #: Xero: it pays a bill, so it belongs to an expense.
    for_bill: bool = False
    #: Xero: part of a batch, so it cannot be deleted alone.
    batched: bool = False

    @property
    def label(self) -> str:
        return f"{format_cents(self.amount)} {self.currency}".rstrip() + f" of {self.paid_on}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def dated(self) -> date:
        return self.paid_on

    @property
    def closed(self) -> bool:
        return self.status == "DELETED"


class PerfexPaymentWire(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `payments`. Its `id` is the payment *mode*: the payment's own id is `paymentid`."""

    paymentid: Loose
    invoiceid: Loose
    amount: Loose
    date: Loose
    paymentmode: Loose = ABSENT
    daterecorded: Loose = ABSENT
    note: Loose = ABSENT
    transactionid: Loose = ABSENT


class XeroAccountRef(msgspec.Struct, frozen=True, rename=xero_name):
    """The account of a payment."""

    account_id: str | None = None


class XeroInvoiceRef(msgspec.Struct, frozen=True, rename=xero_name):
    """The invoice of a payment."""

    invoice_id: str
    currency_code: str | None = None


class XeroPaymentWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `Payments`."""

    payment_id: str
    amount: Decimal
    status: str
    invoice: XeroInvoiceRef
    account: XeroAccountRef | None = None
    date: str | None = None
    date_string: str | None = None
    reference: str | None = None
    is_reconciled: bool | None = None
    payment_type: str | None = None
    batch_payment_id: str | None = None
    batch_payment: msgspec.Raw = ABSENT
    updated_date_utc: str | None = None


def _from_perfex(wire: PerfexPaymentWire, lookups: Lookups) -> Decoded:
    payment_id, invoice = as_id(wire.paymentid, "paymentid"), as_id(wire.invoiceid, "invoiceid")
    paid_on = perfex_day(as_text(wire.date))
    if not invoice.isdigit():
        raise WireError(f"invoiceid of payment {payment_id} is {invoice!r}, not a number.")
    if paid_on is None:
        raise WireError(f"payment {payment_id} has no date.")
    reference = squeeze(clean(as_text(wire.transactionid)))
    record = Payment(
        invoice=invoice,
        amount=as_decimal(wire.amount, "amount"),
        paid_on=paid_on,
        mode=as_text(wire.paymentmode).strip(),
        reference=reference,
        note=clean(as_text(wire.note)),
    )
    stamp, mark = as_text(wire.daterecorded), mark_in(reference, lookups.tag, "XP")
    return Decoded(id=payment_id, record=record, stamp=stamp, mark=mark)


def _from_xero(wire: XeroPaymentWire, lookups: Lookups) -> Decoded:
    paid_on = xero_day(wire.date_string, wire.date)
    if paid_on is None:
        raise WireError(f"payment {wire.payment_id} has no Date.")
    record = Payment(
        invoice=wire.invoice.invoice_id,
        amount=wire.amount,
        currency=wire.invoice.currency_code or "",
        paid_on=paid_on,
        mode=(wire.account.account_id if wire.account else None) or "",
        reference=squeeze(wire.reference or ""),
        status=wire.status,
        reconciled=bool(wire.is_reconciled),
        for_bill=wire.payment_type == "ACCPAYPAYMENT",
        batched=bool(wire.batch_payment_id or as_text(wire.batch_payment)),
    )
    return Decoded(
        id=wire.payment_id,
        record=record,
        mark=mark_in(wire.reference, lookups.tag, "PAY"),
        updated_at=xero_instant(wire.updated_date_utc) if wire.updated_date_utc else None,
    )


def _payment(record: Record | None) -> Payment:
    assert isinstance(record, Payment)
    return record


def _create_on_xero(encoding: Encoding, books: Books) -> Payload:
    """A payment of one invoice to the account that its mode is mapped to."""
    payment = _payment(encoding.source)
    mark = payment_mark(books.settings.site_tag, encoding.source_id)
    invoice = books.xero_id(Kind.INVOICE, payment.invoice)
    account = books.payment_account(payment.mode)
    _check_currency(payment, account, books)
    amount = payment.amount if encoding.share is None else encoding.share
    body = {
        "Invoice": {"InvoiceID": invoice},
        "Account": {"AccountID": account.id},
        "Date": payment.paid_on.isoformat(),
        "Amount": amount,
        "Reference": mark,
    }
    declared = {"reference": (payment.reference, mark)} if payment.reference else {}
    if amount != payment.amount:
        declared["amount"] = (format_cents(payment.amount), format_cents(amount))
    return Payload(body=body, declared=declared, mark=mark)


def _check_currency(payment: Payment, account: AccountTerm, books: Books) -> None:
    """Between currencies Xero would take a rate of its own for what the bank really booked."""
    currency = books.document_currency(Kind.INVOICE, payment.invoice)
    booked = account.currency or books.organisation.base_currency
    if currency and currency != booked:
        details = {"currency": currency, "account": account.name, "booked": booked}
        raise Held("payment_currencies_differ", label=payment.label, **details)


def _delete_on_xero(encoding: Encoding, _books: Books) -> Payload:
    """Xero deletes by a Status alone; raises Held for one that is reconciled or in a batch."""
    target = _payment(encoding.target)
    if target.reconciled or target.batched:
        reason = "payment_reconciled" if target.reconciled else "payment_in_batch"
        raise Held(reason, label=target.label)
    return Payload(body={"Status": "DELETED"})


def _create_on_perfex(encoding: Encoding, books: Books) -> Payload:
    """Form fields of a payment. Perfex dates it today, so the true date stands in its note."""
    payment = _payment(encoding.source)
    mark = xero_payment_mark(books.settings.site_tag, encoding.source_id)
    paid_on = payment.paid_on.isoformat()
    reference = f" ({payment.reference})" if payment.reference else ""
    body = {
        "invoiceid": books.perfex_id(Kind.INVOICE, payment.invoice),
        "amount": format_cents(payment.amount),
        "paymentmode": books.perfex_mode(payment.mode),
        "date": paid_on,
        "note": f"Paid on {paid_on}, entered in Xero{reference}",
        "transactionid": mark,
    }
    dated = DATES_PAYMENTS in books.site.capabilities
    declared = {} if dated else {"paid_on": ("", paid_on)}
    return Payload(body=body, declared=declared, mark=mark)


def _keys(record: Record, side: Side) -> Sequence[str]:
    """Amount and day: a Xero payment is found under each day that it may bear in Perfex."""
    payment = _payment(record)
    amount = format_cents(payment.amount)
    spread = range(-_DAYS, _DAYS + 1) if side is Side.XERO else range(1)
    return tuple(f"{amount}@{payment.paid_on + timedelta(days=days)}" for days in spread)


def _fit(perfex: Mirror, xero: Mirror, books: Books) -> Fit:
    ours, theirs = _payment(perfex.record), _payment(xero.record)
    try:
        invoice = books.xero_id(Kind.INVOICE, ours.invoice)
    except Waiting:
        return Fit(agreement=Agreement.NO)
    if invoice != theirs.invoice or theirs.closed:
        return Fit(agreement=Agreement.NO)
    if ours.amount != theirs.amount:
        return Fit(agreement=Agreement.MAYBE, why="same invoice, but another amount")
    apart = abs((ours.paid_on - theirs.paid_on).days)
    if apart > _DAYS:
        why = f"same invoice and amount, but {apart} days apart"
        return Fit(agreement=Agreement.MAYBE, why=why)
    return Fit(agreement=Agreement.SAME, why="same invoice and amount, dates within 3 days")


def _excluded(mirror: Mirror, _books: Books) -> str:
    payment = _payment(mirror.record)
    if payment.closed:
        return "closed_unlinked"
    if payment.for_bill:
        return "not_a_sale"
    return "" if payment.amount else "zero_amount"


def _shown(record: Record, books: Books) -> dict[str, object]:
    payment = _payment(record)
    return {
        "invoice": books.xero_id(Kind.INVOICE, payment.invoice),
        "amount": payment.amount,
        "paid_on": payment.paid_on,
        "mode": books.payment_account(payment.mode).id,
    }


PAYMENT = Entity(
    kind=Kind.PAYMENT,
    record=Payment,
    singular="payment",
    plural="payments",
    parents={"invoice": Kind.INVOICE},
    facets={
        # Neither API changes a payment: a change is a deletion and a new one, decided by the plan.
        name: Facet(
            get=attrgetter(name),
            owner=Owner.ASK,
            sensitive=True,
            written=frozenset(),
            words=words,
        )
        for name, words in (
            ("invoice", "invoice"),
            ("amount", "amount"),
            ("paid_on", "date"),
            ("mode", "payment mode or account"),
        )
    },
    perfex=Codec(
        path="payments",
        wire=PerfexPaymentWire,
        decode=_from_perfex,
        create=_create_on_perfex,
        id_field="paymentid",
    ),
    xero=Codec(
        path="Payments",
        wire=XeroPaymentWire,
        decode=_from_xero,
        create=_create_on_xero,
        delete=_delete_on_xero,
        id_field="PaymentID",
        since=True,
        paged=True,
        query={"where": 'PaymentType=="ACCRECPAYMENT" OR PaymentType=="ACCPAYPAYMENT"'},
        cadence="hourly",
        batch=50,
    ),
    direction=Direction.TWO_WAY,
    # Asking is the guard's: its consent names the receipts that Perfex will send.
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.CREATE},
    keys=_keys,
    fit=_fit,
    mark=lambda perfex_id, books: payment_mark(books.settings.site_tag, perfex_id),
    shown_on_xero=_shown,
    excluded=_excluded,
    pages={
        Side.PERFEX: "admin/payments/payment/{id}",
        Side.XERO: "Bank/ViewTransaction.aspx?bankTransactionID={id}",
    },
)
