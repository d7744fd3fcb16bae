"""Payments: found again by their transaction id, and dated after they were posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from xero_bridge.core.entity import Json
from xero_bridge.core.errors import BridgeError, Unknown
from xero_bridge.core.money import MoneyError, parse_decimal
from xero_bridge.remotes.perfex.batch import Operation
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import Gone, NoData

#: Capability: the site's API can set the date of a payment (generation 3, an unrestricted token).
DATES = "payment_dates"
#: Warning: the payment bears the day it was entered.
NOT_DATED = "payment_dated_today"
_COLUMNS = ("date", "amount", "paymentmode", "paymentmethod", "transactionid", "note")


class _Paid(msgspec.Struct):
    paymentid: str | int
    transactionid: str | None = None
    amount: str | int | None = None


class _Invoice(msgspec.Struct):
    payments: list[_Paid] | None = None


def find_payment(module: Module, sent: Mapping[str, str]) -> str:
    """The id of the payment that bears the transaction id and amount sent, on its invoice.

    Empty when there is none yet, or more than one.
    """
    mark, invoice = sent.get("transactionid", ""), sent.get("invoiceid", "")
    if not mark or not invoice:
        return ""
    try:
        top, _ = module.api.read("invoices", invoice, query=module.api.uncached())
        payments = msgspec.json.decode(msgspec.json.encode(top), type=_Invoice).payments
    except (NoData, msgspec.ValidationError):
        return ""
    found = {str(each.paymentid) for each in payments or () if _is_same(each, mark, sent)}
    return found.pop() if len(found) == 1 else ""


def _is_same(paid: _Paid, mark: str, sent: Mapping[str, str]) -> bool:
    if paid.transactionid != mark:
        return False
    try:
        return parse_decimal(paid.amount) == parse_decimal(sent.get("amount"))
    except MoneyError:
        return False


def date_payment(module: Module, id: str, sent: Mapping[str, str]) -> bool:
    """Give a payment its true date, as a POST takes the server's today; whether it bears it now.

    It is tried once: where the token lacks the right, the date stays a declared difference.
    """
    wanted = sent.get("date", "")
    try:
        shown = _shown(module, id)
        if shown is not None and shown.get("date") != wanted and not module.refuses(DATES):
            shown = _set_date(module, id, shown, wanted)
    except (BridgeError, Gone):
        return False  # The payment stands; only its date is not known to be right.
    return not wanted or (shown is not None and shown.get("date") == wanted)


def _shown(module: Module, id: str) -> Json | None:
    """The payment as it is now, None where it cannot be read."""
    outcomes = module.batch([Operation(tool="payments_get", arguments={"id": id})])
    result: Any = None
    if outcomes and outcomes[0].result:
        result = msgspec.json.decode(outcomes[0].result)
    elif not module.modern:
        result = _detail(module, id)
    return result if isinstance(result, dict) else None


def _detail(module: Module, id: str) -> Json | None:
    try:
        top, _ = module.api.read("payments", id)
    except NoData:
        return None
    return msgspec.json.decode(msgspec.json.encode(top), type=Json)


def _set_date(module: Module, id: str, shown: Json, date: str) -> Json | None:
    # All six columns, as the update overwrites them all.
    data = {name: shown.get(name) or "" for name in _COLUMNS} | {"date": date}
    update = Operation(tool="payments_update", arguments={"id": id, "data": data})
    try:
        outcomes = module.batch([update], writes=True)
    except Unknown:
        outcomes = None  # Reading it back tells.
    if outcomes and outcomes[0].error:
        module.refused(DATES)
        return shown
    after = _shown(module, id)
    if after is not None and after.get("date") == date:
        module.works(DATES)
    return after
