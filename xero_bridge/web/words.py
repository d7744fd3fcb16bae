"""How values read on a page: money, times, states and kinds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from markupsafe import Markup

from xero_bridge.core.money import format_cents
from xero_bridge.core.reasons import headline
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES
from xero_bridge.web.here import person, services
from xero_bridge.web.navigation import navigation, tabs

THEMES = ("light", "dark")

#: State of a record, run or connection -> (look, words).
_STATES: Mapping[str, tuple[str, str]] = {
    "in_step": ("good", "In step"),
    "planned": ("wait", "Planned"),
    "waiting": ("wait", "Waiting"),
    "question": ("bad", "Question"),
    "questions": ("wait", "Questions"),
    "excluded": ("off", "Left out"),
    "new": ("off", "New"),
    "gone": ("off", "Gone"),
    "running": ("run good", "Running"),
    "busy": ("wait", "Busy"),
    "stopped_by_guard": ("bad", "Stopped by a guard"),
    "not_connected": ("bad", "Not connected"),
    "failed": ("bad", "Failed"),
    "connect_xero": ("wait", "Connect Xero"),
    "choose_organisation": ("wait", "Choose organisation"),
    "settings": ("wait", "Settings missing"),
    "ready": ("wait", "Ready to go live"),
    "live": ("good", "Live"),
    "paused": ("off", "Paused"),
    "done": ("good", "Done"),
    "refused": ("bad", "Refused"),
    "unknown": ("wait", "No answer"),
    "dropped": ("off", "Planned anew"),
    "held": ("wait", "Held"),
    "proved": ("good", "Agrees"),
    "declared": ("off", "Known"),
    "explained": ("off", "Explained"),
    "unexplained": ("bad", "Unexplained"),
    "mapped": ("good", "Mapped"),
    "unmapped": ("wait", "Not mapped"),
    "broken": ("bad", "Broken"),
    "unchecked": ("off", "Not checked yet"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_KINDS_LONG = {
    Kind.TAX: "Taxes",
    Kind.ACCOUNT: "Accounts",
    Kind.PAYMENT_MODE: "Payment modes",
    Kind.EXPENSE_CATEGORY: "Expense categories",
    Kind.CURRENCY: "Currencies",
}


def money(amount: Decimal | None, currency: str = "") -> str:
    """`1,234.50 EUR`; empty for none."""
    if amount is None:
        return ""
    return f"{Decimal(format_cents(amount)):,f} {currency}".rstrip()


def instant(value: datetime | None, *, seconds: bool = False) -> Markup:
    """`20 Nov 2026 09:00` (with seconds where they matter) in UTC; a dash for none."""
    if value is None:
        return Markup("–")
    there = value.astimezone(UTC)
    iso = there.isoformat(timespec="seconds")
    shown = f"{there:%-d %b %Y %H:%M:%S}" if seconds else f"{there:%-d %b %Y %H:%M}"
    return Markup('<time class="nowrap" datetime="{}">{}</time>').format(iso, shown)


def ago(value: datetime | None) -> Markup:
    """`3 minutes ago` or `in 2 hours`, with the instant beside the pointer; a dash for none."""
    if value is None:
        return Markup("–")
    seconds = (services().clock.now() - value).total_seconds()
    there = value.astimezone(UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        there.isoformat(timespec="seconds"), f"{there:%-d %b %Y %H:%M} UTC", _distance(seconds)
    )


def _distance(seconds: float) -> str:
    size = abs(seconds)
    if size < _MINUTE:
        return "a moment ago" if seconds >= 0 else "in a moment"
    for unit, length in (("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE)):
        if size >= length:
            count = int(size // length)
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return ""


def day(value: date | None) -> str:
    """`20 Nov 2026`; empty for none."""
    return f"{value:%-d %b %Y}" if value else ""


def state(value: str) -> Markup:
    """A state as a dot with a word."""
    look, words = _STATES.get(value, ("off", value.replace("_", " ").capitalize()))
    return Markup('<span class="state {}">{}</span>').format(look, words)


def state_words(value: str) -> str:
    """A state as a word."""
    return _STATES.get(value, ("", value.replace("_", " ").capitalize()))[1]


def kind_words(value: str) -> str:
    """`Invoices`: what records of a kind are called together."""
    try:
        kind = Kind(value)
    except ValueError:
        return value
    entity = ENTITIES.get(kind)
    return _KINDS_LONG.get(kind) or (entity.plural if entity else kind.value).capitalize()


def kind_word(value: str) -> str:
    """`Invoice`: what one record of a kind is called."""
    entity = ENTITIES.get(Kind(value)) if value in set(Kind) else None
    return (entity.singular if entity else value.replace("_", " ")).capitalize()


def tally(counts: Mapping[str, Mapping[str, int]]) -> str:
    """`12 invoices created, 1 customer updated` from kind -> verb -> number; empty for nothing."""
    return ", ".join(
        f"{count:,} {_noun(kind, count)} {_PAST.get(verb, verb)}"
        for kind, verbs in counts.items()
        for verb, count in verbs.items()
    )


_PAST = {
    "create": "created",
    "update": "updated",
    "void": "voided",
    "delete": "deleted",
    "link": "linked",
    "unlink": "unlinked",
}


def _noun(kind: str, count: int) -> str:
    entity = ENTITIES.get(Kind(kind)) if kind in set(Kind) else None
    if entity is None:
        return kind
    return entity.singular if count == 1 else entity.plural


def reason_words(reason: str, label: str) -> str:
    """Why an action was planned, in a sentence; empty for none."""
    return headline(reason, {"label": label}) if reason else ""


@cache
def _stamp(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Address of a static file, with its hash: it may be kept for long."""
    folder = Path(str(current_app.static_folder))
    return url_for("static", filename=name, v=_stamp(folder / name))


@cache
def version() -> str:
    """The version of the bridge that is installed; empty where it runs from its sources."""
    try:
        return installed("xero-bridge")
    except PackageNotFoundError:
        return ""


def theme() -> str:
    """The colours that this browser chose; empty: those of the system."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def init_app(app: Flask) -> None:
    """Teach the templates these words."""
    filters: dict[str, Any] = {
        "money": money,
        "instant": instant,
        "ago": ago,
        "day": day,
        "state": state,
        "state_words": state_words,
        "kind_words": kind_words,
        "kind_word": kind_word,
        "tally": tally,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(
        asset=asset,
        navigation=navigation,
        tabs=tabs,
        version=version(),
        zone_name="UTC",
        reason_words=reason_words,
        record_kinds=frozenset(kind.value for kind in ENTITIES),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def who() -> dict[str, Any]:
        signed_in = str(person.email) if person.is_authenticated else ""
        return {"theme": theme(), "signed_in": signed_in}
