"""Reason codes: a sentence of what happened, and one of what to do. The only place of words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xero_bridge.core.reasons.by_hand import BY_HAND_REASONS
from xero_bridge.core.reasons.credits import CREDITS_REASONS
from xero_bridge.core.reasons.documents import DOCUMENTS_REASONS
from xero_bridge.core.reasons.expenses import EXPENSES_REASONS
from xero_bridge.core.reasons.guards import GUARDS_REASONS
from xero_bridge.core.reasons.keeping import KEEPING_REASONS
from xero_bridge.core.reasons.money import MONEY_REASONS
from xero_bridge.core.reasons.outside import OUTSIDE_REASONS
from xero_bridge.core.reasons.planning import PLANNING_REASONS
from xero_bridge.core.reasons.proving import PROVING_REASONS


class Reason(NamedTuple):
    """What happened, and the one thing to do. Braces name values of the case."""

    text: str
    advice: str = ""


class _Blank(dict[str, object]):
    """Values of a sentence; one that is not known reads as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(reason: str, details: Mapping[str, object] | None = None) -> str:
    """The sentence of a reason code, with its advice."""
    entry = REASONS.get(reason)
    if entry is None:
        extra = "; ".join(f"{name}: {value}" for name, value in (details or {}).items())
        return f"{reason.replace('_', ' ').capitalize()}. {extra}".strip()
    values = _Blank(details or {})
    return " ".join(_closed(part.format_map(values)) for part in entry if part)


def _closed(text: str) -> str:
    """A sentence that ends with a side's own words ends with a full stop all the same."""
    return text if text.endswith((".", "!", "?", '"', ":")) else f"{text}."


def headline(reason: str, details: Mapping[str, object] | None = None) -> str:
    """Only what happened, without the advice."""
    entry = REASONS.get(reason)
    return entry.text.format_map(_Blank(details or {})) if entry else sentence(reason, details)


def advice(reason: str, details: Mapping[str, object] | None = None) -> str:
    """Only what to do."""
    entry = REASONS.get(reason)
    return entry.advice.format_map(_Blank(details or {})) if entry else ""


TABLES = (
    PLANNING_REASONS,
    DOCUMENTS_REASONS,
    CREDITS_REASONS,
    EXPENSES_REASONS,
    MONEY_REASONS,
    GUARDS_REASONS,
    OUTSIDE_REASONS,
    KEEPING_REASONS,
    PROVING_REASONS,
    BY_HAND_REASONS,
)

REASONS: dict[str, Reason] = {
    code: Reason(*words) for table in TABLES for code, words in table.items()
}


def learn(words: Mapping[str, tuple[str, ...]]) -> None:
    """Take in the words of reasons that only one kind has (`Entity.says`)."""
    REASONS.update({code: Reason(*parts) for code, parts in words.items()})
