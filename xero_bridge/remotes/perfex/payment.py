"""Payments: found again by their transaction id, and dated after they were posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from xero_bridge.core.entity import Json
from xero_bridge.core.errors import BridgeError, Unknown
from xero_bridge.remotes.perfex.batch import Operation
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import NoData

#: The site's API can set the date of a payment (a token without restrictions, generation 3).
DATES = "payment_dates"
NOT_DATED = "payment_dated_today"
_COLUMNS = ("date", "amount", "paymentmode", "paymentmethod", "transactionid", "note")


def find_payment(module: Module, sent: Mapping[str, str]) -> str:
    """The id of the payment that bears the transaction id and amount sent, on its invoice.

    Empty when there is none yet, or more than one.
    """
    mark, invoice = sent.get("transactionid", ""), sent.get("invoiceid", "")
    if not mark or not invoice:
        return ""
    try:
        top, _ = module.api.read("invoices", invoice, query=module.api.uncached())
    except NoData:
        return ""
    payments = msgspec.json.decode(top["payments"]) if isinstance(top, dict) else []
    found = {
        str(each["paymentid"])
        for each in payments or ()
        if each.get("transactionid") == mark and each.get("amount") == sent.get("amount")
    }
    return found.pop() if len(found) == 1 else ""


def date_payment(module: Module, id: str, sent: Mapping[str, str]) -> tuple[str, ...]:
    """Give a payment its true date: a POST ignores it and takes the server's today.

    Warnings say where that was not possible. It is tried once: the token may lack the right, and
    then the date stays a declared difference.
    """
    if not sent.get("date"):
        return ()
    try:
        shown = _get(module, id)
        if shown is None or shown.get("date") == sent["date"]:
            return () if shown else (NOT_DATED,)
        return () if _set(module, id, shown, sent["date"]) else (NOT_DATED,)
    except BridgeError:
        return (NOT_DATED,)  # The payment stands; only its date is not known to be right.


def _get(module: Module, id: str) -> Json | None:
    """The row of the table, None where it cannot be read by batch."""
    if module.refuses(DATES):
        return None
    outcomes = module.batch([Operation(tool="payments_get", arguments={"id": id})])
    result: Any = msgspec.json.decode(outcomes[0].result or b"null") if outcomes else None
    return result if isinstance(result, dict) else None


def _set(module: Module, id: str, shown: Json, date: str) -> bool:
    data = {name: shown.get(name) or "" for name in _COLUMNS} | {"date": date}
    update = Operation(tool="payments_update", arguments={"id": id, "data": data})
    try:
        outcomes = module.batch([update], writes=True)
    except Unknown:
        outcomes = None
    if outcomes and outcomes[0].error:
        module.refused(DATES)
        return False
    after = _get(module, id)
    done = after is not None and after.get("date") == date
    if done:
        module.works(DATES)
    return done
