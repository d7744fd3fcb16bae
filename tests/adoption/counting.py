"""Counting who stands where, by what the generator knows and the marks of what the bridge made."""

from __future__ import annotations

from collections import Counter

from tests.adoption.books import Existing
from tests.adoption.ghosts import Bill, Firm
from xero_bridge.simulator.perfex import PerfexSimulator
from xero_bridge.simulator.xero import XeroSimulator


def firms_in_xero(made: Existing, xero: XeroSimulator) -> Counter[Firm]:
    """How many contacts each firm has: those of its bookkeeper, and those that the bridge made."""
    found: Counter[Firm] = Counter()
    for one in xero.books().contacts.values():
        known = made.xero_firms.get(str(one["ContactID"]))
        found[known or made.perfex_firms[str(one["ContactNumber"]).rpartition("-")[2]]] += 1
    return found


def bills_in_xero(made: Existing, xero: XeroSimulator) -> dict[int, int]:
    """How many invoices each document has, by the identity of the document."""
    found: Counter[int] = Counter()
    for one in xero.books().invoices.values():
        known = made.xero_bills.get(str(one["InvoiceID"]))
        if known is None:
            known = made.perfex_bills[str(one["Url"]).rpartition("/")[2]]
        elif known.other_net:
            continue  # Another document under the number of one of Perfex's.
        found[id(known)] += 1
    return dict(found)


def left_to_pay(made: Existing, perfex: PerfexSimulator, xero: XeroSimulator) -> list[Bill]:
    """Documents on both sides of which the two sides think differently what has been paid."""
    paid: Counter[int] = Counter()
    for row in perfex.rows("invoicepaymentrecords"):
        bill = made.perfex_bills[str(row["invoiceid"])]
        paid[id(bill)] += _cents(row["amount"])
    for one in xero.books().payments.values():
        known = made.xero_bills.get(str(one["InvoiceID"]))
        if known is not None and one["Status"] != "DELETED":
            paid[id(known)] -= _cents(one["Amount"])
    return [bill for bill in made.xero_bills.values() if bill.on_both and paid[id(bill)]]


def _cents(amount: object) -> int:
    return round(float(str(amount)) * 100)
