"""What a start date would mean, for the pages on which it is chosen."""

from __future__ import annotations

from datetime import date

from flask import request

from xero_bridge.operations.history import History, history
from xero_bridge.web.here import services

#: The day that is looked at, in the address of the page.
PARAMETER = "look"


def past(name: str, chosen: str, *, unasked: bool = False) -> History | None:
    """Documents on both sides of the day asked about, else of the chosen one, else of this year.

    None where nobody asked: everything that was read is counted, which takes a moment.
    """
    asked = request.args.get(PARAMETER, "")
    if not asked and not unasked:
        return None
    return history(services(), name, _day(asked) or _day(chosen) or _new_year())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _new_year() -> date:
    return services().clock.now().date().replace(month=1, day=1)
