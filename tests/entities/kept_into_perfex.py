"""What Xero bears is drawn, and what Perfex shows of it once it was written there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from tests import oracle
from tests.entities import recorded
from tests.entities.ledger import PERFEX, SITE, decoded
from tests.entities.recorded import raw
from xero_bridge.core.entity import Lookups, Payload
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.customer.to_perfex import CUSTOMER_GROUPS
from xero_bridge.entities.item.perfex import ITEM_WRITES
from xero_bridge.entities.tax import rate_of

#: A site that writes all that the newest module writes.
NEWEST = replace(
    PERFEX,
    capabilities=frozenset({CUSTOMER_GROUPS, ITEM_WRITES}),
    currencies={"GBP": "2", "EUR": "3"},
    countries={"235": "United Kingdom", "55": "Côte d'Ivoire"},
    country_codes={"gb": "235", "ci": "55"},
)
LOOKUPS = Lookups(
    currencies={"0": "GBP", "2": "GBP", "3": "EUR"},
    countries=NEWEST.countries,
    base_currency="GBP",
    site_url=SITE,
)


def contacts(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Record]:
    """Contacts of Xero; the person and the e-mail follow as a record of their own."""
    address = st.fixed_dictionaries(
        {
            "AddressType": st.sampled_from(["POBOX", "STREET"]),
            "AddressLine1": texts,
            "AddressLine2": texts,
            "City": texts,
            "Region": texts,
            "PostalCode": texts,
            "Country": st.sampled_from(["", "United Kingdom", "cote d'ivoire", "GB"]),
        }
    )
    members = {
        "Name": texts.map(lambda text: f"N{text}"),
        "TaxNumber": texts,
        "EmailAddress": st.just(""),
        "FirstName": st.just(""),
        "LastName": st.just(""),
        "Addresses": st.lists(address, max_size=2),
        "Phones": texts.map(lambda text: [{"PhoneType": "DEFAULT", "PhoneNumber": text}]),
        "DefaultCurrency": st.sampled_from(["GBP", "EUR", None]),
    }
    return st.fixed_dictionaries(members).map(
        lambda changes: (
            decoded(Kind.CUSTOMER, Side.XERO, raw(recorded.XERO_CONTACT, **changes)).record
        )
    )


def items(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Record]:
    """Items of Xero, with prices of four decimals too."""
    price = st.integers(0, 10**9).map(lambda value: float(Decimal(value).scaleb(-4)))
    details = st.fixed_dictionaries(
        {
            "UnitPrice": price,
            "TaxType": st.sampled_from(["VAT|20.00", "none", "ECO|2.50+VAT|20.00"]),
        }
    )
    members = {
        "Name": texts,
        "Description": texts,
        "Code": st.sampled_from(["OAK", "PX-I-9", "9"]),
        "SalesDetails": details,
    }
    return st.fixed_dictionaries(members).map(
        lambda changes: decoded(Kind.ITEM, Side.XERO, raw(recorded.XERO_ITEM, **changes)).record
    )


def customer_shown(payload: Payload) -> Record:
    """The row that Perfex keeps; nobody is its contact yet."""
    return _read(Kind.CUSTOMER, {"customer": {"userid": "41", **_texts(payload.body)}})


def item_shown(payload: Payload) -> Record:
    """The row, its taxes joined by their ids, which the client put in the place of the keys."""
    body = _texts(payload.body)
    taxes = [body.pop(name).rpartition("|") for name in ("tax", "tax2")]
    joined = {
        f"{column}{suffix}": value or None
        for suffix, (name, _bar, rate) in zip(("", "_2"), taxes, strict=True)
        for column, value in (("taxname", name), ("taxrate", rate))
    }
    return _read(Kind.ITEM, {**recorded.PERFEX_ITEM, **body, **joined})


def _texts(body: Mapping[str, Any]) -> dict[str, str]:
    """A form's fields are texts."""
    assert all(isinstance(value, str) for value in body.values())
    return dict(body)


def _read(kind: Kind, answer: Mapping[str, Any]) -> Record:
    return decoded(kind, Side.PERFEX, json.dumps(answer).encode(), LOOKUPS).record


# --- invoices --------------------------------------------------------------------------------------


def invoices(texts: st.SearchStrategy[str], contact: str) -> st.SearchStrategy[Record]:
    """Invoices of Xero with its own sums; many of them Perfex cannot come to."""
    line = st.fixed_dictionaries(
        {
            "Description": texts,
            "Quantity": st.sampled_from(["1", "2.5", "3", "0.333"]),
            "UnitAmount": st.integers(1, 10**6).map(lambda cents: f"{Decimal(cents) / 100:f}"),
            "TaxType": st.sampled_from(["VAT|20.00", "none", "ECO|2.50+VAT|20.00"]),
        }
    )
    modes = st.sampled_from(["Exclusive", "Inclusive", "NoTax"])
    lines = st.lists(line, min_size=1, max_size=4)
    return st.builds(_xero_invoice, lines, modes, st.just(contact))


def _xero_invoice(lines: list[dict[str, Any]], mode: str, contact: str) -> Record:
    body = {"LineAmountTypes": mode, "LineItems": lines}
    figures = oracle.xero_figures(
        body, {line["TaxType"]: f"{rate_of(line['TaxType'])}" for line in lines}
    )
    shown = zip(lines, figures.line_amounts, figures.line_taxes, strict=True)
    changes = {
        "LineAmountTypes": mode,
        "LineItems": [
            {
                **line,
                "LineAmount": _number(amount),
                "TaxAmount": _number(tax),
                "LineItemID": f"line-{place}",
                "AccountCode": "200",
            }
            for place, (line, amount, tax) in enumerate(shown)
        ],
        "Contact": {"ContactID": contact},
        "InvoiceNumber": "X-1",
        "Total": _number(figures.total),
        "TotalTax": _number(figures.tax),
        "CurrencyCode": "GBP",
    }
    return decoded(Kind.INVOICE, Side.XERO, raw(recorded.XERO_INVOICE, **changes)).record


def _number(value: Fraction) -> float:
    return float(oracle.text(value))


def invoice_shown(payload: Payload) -> Record:
    """The detail of the invoice, with the tax that Perfex's server computes."""
    body = dict(payload.body)
    lines = [
        {
            **line,
            "id": line["order"],
            "item_order": line["order"],
            "taxname": line.get("taxname", []),
        }
        for line in body.pop("newitems")
    ]
    assert oracle.text(oracle.perfex_total({**body, "items": lines})) == body["total"]
    tax = oracle.text(oracle.stored_tax({**body, "items": lines}))
    header = {**recorded.PERFEX_INVOICE, **body, "items": lines, "total_tax": tax}
    header |= {"name": "GBP", "payments": [], "total_left_to_pay": body["total"]}
    return _read(Kind.INVOICE, header)
