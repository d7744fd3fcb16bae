"""The proof as a table for a spreadsheet: one row for each value that both sides have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from xero_bridge.core.proof import Sums
from xero_bridge.operations.proof import Line, ProofView, Told

HEADINGS = (
    *("kind", "month", "currency", "customer", "document", "date", "what", "perfex", "xero"),
    *("difference", "known", "unexplained", "why", "perfex_id", "xero_id"),
)
_SUMS = (("count", "number"), ("total", "total"), ("tax", "tax"), ("due", "amount due"))
#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(view: ProofView) -> str:
    """Sums first, then every difference of a document; texts are no formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for line in view.lines:
        writer.writerows(_sums(line))
    writer.writerows(_difference(told) for told in view.differences)
    return text.getvalue()


def _sums(line: Line) -> Iterator[list[str]]:
    for name, words in _SUMS:
        values = [_value(sums, name) for sums in (line.perfex, line.xero)]
        if not any(values):
            continue
        known = _value(line.declared, name) + _value(line.explained, name)
        yield [
            *(line.kind.value, _month(line.month), line.currency, safe(line.customer)),
            *("", "", words, *map(_text, values), _text(values[0] - values[1]), _text(known)),
            *(_text(_value(line.unexplained, name)), "", "", ""),
        ]


def _value(sums: Sums, name: str) -> Decimal:
    return Decimal(getattr(sums, name))


def _difference(told: Told) -> list[str]:
    known = "" if told.verdict.value == "unexplained" else told.verdict.value
    return [
        *(told.kind.value, _month(told.month), told.currency, safe(told.customer)),
        *(safe(told.label), str(told.dated or ""), told.words),
        *(_told(told, told.perfex), _told(told, told.xero)),
        *(_text(told.gap) if told.gap is not None else "", known, ""),
        *(safe(f"{told.why} {told.advice}".strip()), told.perfex_id, told.xero_id),
    ]


def _told(told: Told, value: str) -> str:
    """Amounts stay numbers, also below zero."""
    return value if told.gap is not None and _is_number(value) else safe(value)


def _is_number(value: str) -> bool:
    return value.lstrip("-").replace(".", "", 1).isdigit()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _month(month: date | None) -> str:
    return f"{month:%Y-%m}" if month else ""


def _text(value: Decimal) -> str:
    return f"{value:f}"
