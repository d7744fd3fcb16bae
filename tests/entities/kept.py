"""How a record of each kind is drawn, and what the other side shows of it once it was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.core import documents
from tests.entities import crediting, expensing, kept_into_perfex, orders, recorded
from tests.entities.ledger import SETTINGS, Ledger, decoded
from tests.entities.recorded import raw
from tests.entities.writing import CONTACT, PLAIN, EveryTax, answered, perfex, rates_in
from xero_bridge.core.entity import Payload
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind, Side

XERO_INVOICE = recorded.XERO_INVOICE["InvoiceID"]

#: What breaks codecs, in between what people type.
_FRAGMENTS = (
    *("&amp;", "&lt;b&gt;", "&#039;", "&nbsp;", "<br />\n", "<br>", "\r\n", "\n\n", "\t", "  "),
    *("\x00", "\x07", "\x85", "\u2028", "\xa0", "\u200b", "\u202e", "\ufeff", "\U0001fab5"),
    *("VAT|20", "VAT|20.00", "e\u0301", "\u00e9", '"', "'", "\\", "<", ">", "null", "0", "x" * 191),
)
TEXTS = st.lists(
    st.sampled_from(_FRAGMENTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    max_size=6,
).map("".join)
_NAMES = TEXTS.map(lambda text: f"N{text}")
#: Perfex's decimal(15,2), written as modules write it.
_AMOUNTS = st.integers(1, 10**13).map(lambda cents: f"{Decimal(cents).scaleb(-2):f}")
_DAYS = st.dates().map(lambda day: day.isoformat())


def books() -> Ledger:
    """Books in which everything is mapped and linked."""
    return EveryTax(
        site=kept_into_perfex.NEWEST,
        ids={
            (Kind.CUSTOMER, "41"): CONTACT,
            (Kind.VENDOR, "5"): CONTACT,
            (Kind.INVOICE, "512"): XERO_INVOICE,
        },
        settings=replace(SETTINGS, purchase_account="429", expense_contact="Sundry Suppliers"),
    )


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A kind born on one side: records of it, and their written form as the other side shows it."""

    records: st.SearchStrategy[Record]
    shows: Callable[[Payload], Record]
    #: The facets that must have survived; None: what the entity says that the other side shows.
    keeps: Callable[[Record], Mapping[str, object]] | None = None


def _changed(kind: Kind, side: Side, answer: recorded.Json) -> Callable[[Any], Record]:
    return lambda changes: decoded(kind, side, raw(answer, **changes)).record


def _echoed(kind: Kind, answer: recorded.Json) -> Callable[[Payload], Record]:
    """Xero shows what was sent in the place of what it had."""

    def shows(payload: Payload) -> Record:
        body = json.loads(json.dumps(payload.body, default=str))
        return decoded(kind, Side.XERO, json.dumps({**answer, **body}).encode()).record

    return shows


# --- customers, items ------------------------------------------------------------------------------

_COLUMNS = (
    *("vat", "phonenumber", "website", "address", "city", "state", "zip"),
    *("billing_street", "billing_city", "billing_state", "billing_zip"),
    *("shipping_street", "shipping_city", "shipping_state", "shipping_zip"),
)
_ROWS = st.fixed_dictionaries(
    {"company": _NAMES, "country": st.sampled_from(["0", "235", "55"])},
    optional=dict.fromkeys(_COLUMNS, TEXTS),
)
_PEOPLE = st.fixed_dictionaries({"firstname": TEXTS, "lastname": TEXTS, "email": TEXTS})


def _customer(row: Mapping[str, str], person: Mapping[str, str]) -> Record:
    sample = recorded.PERFEX_CUSTOMER
    answer = {"customer": {**sample["customer"], **row}, "contact": {**sample["contact"], **person}}
    return decoded(Kind.CUSTOMER, Side.PERFEX, json.dumps(answer).encode()).record


def _vendor(row: Mapping[str, str], person: Mapping[str, str]) -> Record:
    sample = recorded.PERFEX_VENDOR
    (contact,) = sample["contacts"]
    answer = {**sample, **row, "contacts": [{**contact, **person}]}
    return decoded(Kind.VENDOR, Side.PERFEX, json.dumps(answer).encode()).record


_ITEMS = st.fixed_dictionaries(
    {
        "description": _NAMES,
        "long_description": TEXTS,
        "unit": TEXTS,
        "rate": _AMOUNTS,
        "taxname": st.sampled_from(["VAT", "VAT|20", "VAT|20.00", None]),
        "taxrate": st.sampled_from(["20", "20.0", "20.00"]),
    }
)

# --- invoices, payments ----------------------------------------------------------------------------


def _invoice(seed: int, texts: list[str], tax: str) -> Record:
    document = documents.drawn(Random(seed))
    for number, line in enumerate(document["items"]):
        text = texts[number % len(texts)]
        line |= {"description": text, "long_description": texts[0], "id": str(number)}
        line["item_order"] = str(-number)  # Perfex's order counts, not that of the answer.
        if line["taxrate"] == ["20.00"]:
            line["taxname"] = [tax]
    return perfex(**{**PLAIN, **document})


_INVOICES = st.builds(
    _invoice,
    st.integers(0, 2**32),
    st.lists(TEXTS, min_size=1, max_size=3),
    st.sampled_from(["VAT", "VAT|20", "VAT|20.00", " VAT "]),
)
_PAYMENTS = st.fixed_dictionaries(
    {"amount": _AMOUNTS, "date": _DAYS, "note": TEXTS, "transactionid": TEXTS}
)
_XERO_PAYMENTS = st.fixed_dictionaries(
    {
        "Amount": _AMOUNTS.map(lambda text: text[-14:].lstrip("0.") or "1").map(Decimal).map(float),
        "DateString": _DAYS.map(lambda day: f"{day}T00:00:00"),
        "Reference": TEXTS,
        "Account": st.just({"AccountID": "account-Shop till"}),
    }
)


def _payment_in_perfex(payload: Payload) -> Record:
    """The row of a site whose API can date payments."""
    assert all(isinstance(value, str) for value in payload.body.values())
    answer = {**recorded.PERFEX_PAYMENT, **payload.body}
    return decoded(Kind.PAYMENT, Side.PERFEX, json.dumps(answer).encode()).record


def _kept_of_payment(record: Record) -> Mapping[str, object]:
    here = {"invoice": "512", "mode": "1"}
    return here | {name: getattr(record, name) for name in ("amount", "paid_on")}


#: Every kind that the bridge creates, by the side that it is born on; a new kind brings its own.
# --- expenses --------------------------------------------------------------------------------------

_EXPENSES = st.builds(
    expensing.drawn,
    cents=st.integers(1, 10**9),
    rate=st.sampled_from(["20.00", "5.00", ""]),
    mode=st.sampled_from(["1", ""]),
    texts=st.tuples(TEXTS, TEXTS, TEXTS),
    day=_DAYS,
)
_SPENT = st.builds(
    expensing.drawn_spent,
    cents=st.integers(1, 10**9),
    tax=st.sampled_from(["INPUT2", "RRINPUT", "NONE"]),
    texts=st.tuples(TEXTS, TEXTS),
    day=_DAYS,
    bill=st.booleans(),
)

KEPT: Mapping[tuple[Kind, Side], Kept] = {
    (Kind.CUSTOMER, Side.PERFEX): Kept(
        records=st.builds(_customer, _ROWS, _PEOPLE),
        shows=_echoed(Kind.CUSTOMER, {"ContactID": CONTACT, "Name": "", "ContactStatus": "ACTIVE"}),
    ),
    (Kind.VENDOR, Side.PERFEX): Kept(
        records=st.builds(_vendor, _ROWS, _PEOPLE),
        shows=_echoed(Kind.VENDOR, {"ContactID": CONTACT, "Name": "", "ContactStatus": "ACTIVE"}),
    ),
    (Kind.CUSTOMER, Side.XERO): Kept(
        records=kept_into_perfex.contacts(TEXTS), shows=kept_into_perfex.customer_shown
    ),
    (Kind.INVOICE, Side.XERO): Kept(
        records=kept_into_perfex.invoices(TEXTS, CONTACT), shows=kept_into_perfex.invoice_shown
    ),
    (Kind.ITEM, Side.XERO): Kept(
        records=kept_into_perfex.items(TEXTS), shows=kept_into_perfex.item_shown
    ),
    (Kind.ITEM, Side.PERFEX): Kept(
        records=_ITEMS.map(_changed(Kind.ITEM, Side.PERFEX, recorded.PERFEX_ITEM)),
        shows=_echoed(Kind.ITEM, recorded.XERO_ITEM),
    ),
    (Kind.INVOICE, Side.PERFEX): Kept(
        records=_INVOICES, shows=lambda payload: answered(payload, rates_in(payload.body))
    ),
    (Kind.CREDIT_NOTE, Side.PERFEX): Kept(
        records=st.builds(
            crediting.drawn, st.integers(0, 2**32), st.lists(TEXTS, min_size=1, max_size=3)
        ),
        shows=crediting.answered,
        keeps=lambda record: crediting.kept(record, books()),
    ),
    (Kind.PURCHASE_ORDER, Side.PERFEX): Kept(
        records=st.builds(
            orders.drawn, st.integers(0, 2**32), st.lists(TEXTS, min_size=1, max_size=3)
        ),
        shows=orders.answered,
    ),
    (Kind.EXPENSE, Side.PERFEX): Kept(
        records=_EXPENSES,
        shows=expensing.answered,
        keeps=lambda record: expensing.kept(record, books()),
    ),
    (Kind.EXPENSE, Side.XERO): Kept(
        records=_SPENT,
        shows=expensing.in_perfex,
        keeps=lambda record: expensing.kept_in_perfex(record, books()),
    ),
    (Kind.PAYMENT, Side.PERFEX): Kept(
        records=_PAYMENTS.map(_changed(Kind.PAYMENT, Side.PERFEX, recorded.PERFEX_PAYMENT)),
        shows=_echoed(Kind.PAYMENT, recorded.XERO_PAYMENT | {"DateString": None}),
    ),
    (Kind.PAYMENT, Side.XERO): Kept(
        records=_XERO_PAYMENTS.map(_changed(Kind.PAYMENT, Side.XERO, recorded.XERO_PAYMENT)),
        shows=_payment_in_perfex,
        keeps=_kept_of_payment,
    ),
}
