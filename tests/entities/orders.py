"""Orders of the tests: drawn with the Purchase module's own sums, answered by the oracle."""

import json
from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

from msgspec.structs import replace

from tests import oracle
from tests.entities import recorded
from tests.entities.ledger import SETTINGS, Ledger, decoded
from tests.entities.recorded import raw
from tests.entities.writing import EveryTax
from tests.oracle.cents import half_up
from xero_bridge.core.entity import Encoding, Payload
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.purchase_order import PURCHASE_ORDER, PurchaseOrder
from xero_bridge.entities.tax import rate_of

CONTACT = recorded.XERO_CONTACT["ContactID"]
_TAXES = (("", ""), ("VAT", "20.00"), ("VAT", "5.00"), ("ECO|VAT", "2.50|20.00"))
_HUNDRED = Fraction(100)


def books() -> Ledger:
    """Books in which vendor 5 is linked and an account for purchases is chosen."""
    settings = replace(SETTINGS, purchase_account="429")
    return EveryTax(ids={(Kind.VENDOR, "5"): CONTACT}, settings=settings)


def priced(lines: Sequence[dict[str, str]], **header: str) -> PurchaseOrder:
    """An order with the sums that the module stores: the tax of each line in cents."""
    stored = [_stored(number, line) for number, line in enumerate(lines)]
    percent = oracle.number(header.get("discount_percent", "0.00"))
    net = sum((oracle.number(line["into_money"]) for line in stored), Fraction())
    tax = sum((oracle.number(line["tax_value"]) for line in stored), Fraction())
    less = sum((oracle.number(line["discount_money"]) for line in stored), Fraction())
    off = half_up(net * percent / _HUNDRED)
    tax = half_up(tax * (_HUNDRED - percent) / _HUNDRED)
    total = net - off + tax - less + oracle.number(header.get("shipping_fee", "0.00"))
    sums = {"subtotal": net, "total_tax": tax, "discount_total": off, "total": total}
    row = {name: oracle.text(value) for name, value in sums.items()}
    found = decoded(
        Kind.PURCHASE_ORDER,
        Side.PERFEX,
        raw(recorded.PERFEX_ORDER, **{**row, **header, "lines": stored}),
    ).record
    assert isinstance(found, PurchaseOrder)
    return found


def _stored(number: int, line: dict[str, str]) -> dict[str, str]:
    rates = [oracle.number(rate) for rate in line.get("tax_rate", "").split("|") if rate]
    net = half_up(oracle.number(line["quantity"]) * oracle.number(line["unit_price"]))
    tax = half_up(net * sum(rates, Fraction()) / _HUNDRED)
    sums = {"into_money": oracle.text(net), "tax_value": oracle.text(tax)}
    return {"item_name": "Oak", "discount_money": "0.00", "id": str(number), **sums, **line}


def drawn(seed: int, texts: Sequence[str] = ("Oak boards",)) -> PurchaseOrder:
    """Any order: quantities, prices, taxes, a discount in percent, freight, discounts of lines."""
    dice = Random(seed)
    header = {}
    if dice.random() < 0.4:
        header["discount_percent"] = f"{dice.randint(1, 9999) / 100:.2f}"
    if dice.random() < 0.3:
        header["shipping_fee"] = f"{dice.randint(1, 5000) / 100:.2f}"
    lines = []
    for number in range(dice.randint(1, 12)):
        names, rates = dice.choice(_TAXES)
        line = {"tax_name": names, "tax_rate": rates, "item_name": texts[number % len(texts)]}
        line["quantity"] = f"{dice.randint(1, 5000) / 100:.2f}"
        line["unit_price"] = f"{dice.randint(1, 90000) / 100:.2f}"
        lines.append(line)
    if dice.random() < 0.2:
        lines[0]["discount_money"] = "0.01"
    return priced(lines, **header)


def created(order: PurchaseOrder, ledger: Ledger | None = None) -> Payload:
    """What is sent to make it; raises Held."""
    assert PURCHASE_ORDER.xero is not None
    assert PURCHASE_ORDER.xero.create is not None
    return PURCHASE_ORDER.xero.create(Encoding(source=order, source_id="12"), ledger or books())


def answered(payload: Payload) -> PurchaseOrder:
    """The order that Xero answers, with the figures of the independent oracle."""
    texts = json.loads(json.dumps(payload.body, default=str))
    types = {line["TaxType"] for line in texts["LineItems"]}
    figures = oracle.xero_figures(texts, {of: f"{rate_of(of):f}" for of in types})
    for number, line in enumerate(texts["LineItems"]):
        line["LineAmount"] = oracle.text(figures.line_amounts[number])
        line["TaxAmount"] = oracle.text(figures.line_taxes[number])
    answer: dict[str, Any] = {
        **recorded.XERO_ORDER,
        **texts,
        "DateString": texts.get("Date"),
        "DeliveryDateString": texts.get("DeliveryDate"),
        "Total": oracle.text(figures.total),
        "TotalTax": oracle.text(figures.tax),
    }
    found = decoded(Kind.PURCHASE_ORDER, Side.XERO, json.dumps(answer).encode()).record
    assert isinstance(found, PurchaseOrder)
    return found
