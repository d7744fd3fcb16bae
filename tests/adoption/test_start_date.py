"""A start date is chosen with counts and money before it is set."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from tests.adoption.conftest import Adoption
from tests.adoption.ghosts import Bill
from tests.cli.test_commands import refused, told
from tests.support.bridge import NAME
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.history import Line, history

DAY = date(2026, 6, 1)


def line(adoption: Adoption, kind: Kind, side: Side, day: date = DAY) -> Line:
    found = history(adoption.bridge.services, NAME, day).lines
    (one,) = [each for each in found if (each.kind, each.side) == (kind, side)]
    return one


def gross(bill: Bill, *, xero: bool) -> Decimal:
    return Decimal(bill.other_net if xero and bill.other_net else bill.net) * Decimal("1.2")


def test_invoices_and_their_money_are_counted_on_both_sides_of_a_day(adoption: Adoption) -> None:
    for side, bills in (
        (Side.PERFEX, list(adoption.made.perfex_bills.values())),
        (Side.XERO, list(adoption.made.xero_bills.values())),
    ):
        counted = line(adoption, Kind.INVOICE, side)
        older = [bill for bill in bills if bill.issued < DAY]
        money = sum(gross(bill, xero=side is Side.XERO) for bill in older)
        assert (counted.before.count, counted.before.money) == (len(older), {"GBP": money})
        assert counted.since.count == len(bills) - len(older)


def test_payments_are_counted_with_the_currency_of_their_invoice(adoption: Adoption) -> None:
    counted = line(adoption, Kind.PAYMENT, Side.PERFEX, date(2020, 1, 1))
    paid = [money for bill in adoption.made.perfex_bills.values() for money in bill.paid_perfex]
    assert counted.since.count == len(paid)
    assert counted.since.money == {"GBP": sum(amount for _days, amount in paid)}
    assert (counted.before.count, counted.before.money) == (0, {})


def test_older_invoices_with_something_left_to_pay_are_counted_apart(adoption: Adoption) -> None:
    older = [bill for bill in adoption.made.perfex_bills.values() if bill.issued < DAY]
    left = [
        gross(bill, xero=False) - sum((paid for _days, paid in bill.paid_perfex), Decimal(0))
        for bill in older
    ]
    counted = line(adoption, Kind.INVOICE, Side.PERFEX).open_before
    assert counted.count == sum(amount > 0 for amount in left)
    assert counted.money == {"GBP": sum(left)}


def test_counting_makes_no_call(adoption: Adoption) -> None:
    calls = len(adoption.bridge.xero.calls), len(adoption.bridge.perfex.calls)
    history(adoption.bridge.services, NAME, DAY)
    assert (len(adoption.bridge.xero.calls), len(adoption.bridge.perfex.calls)) == calls


def test_the_command_shows_the_chosen_day_or_any_other(adoption: Adoption) -> None:
    bridge = adoption.bridge
    assert "since 2026-01-01" in told(bridge, "connection", "show", NAME)
    shown = told(bridge, "connection", "show", NAME, "--start-date", "2026-06-01")
    assert "before 2026-06-01" in shown
    assert "GBP" in shown
    data = json.loads(told(bridge, "connection", "show", NAME, "--json"))
    assert data["history"]["start"] == "2026-01-01"
    assert "start_date cannot be" in refused(
        bridge, "connection", "show", NAME, "--start-date", "June"
    )
