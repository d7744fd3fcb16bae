"""Actions and questions made from mirrors: ids, labels, money, and what they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from xero_bridge.core.plan import Action, Change, Choice, Hold, Judged, Question, Side3, Version
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, Side, Verb


def make_action(
    kind: Kind,
    verb: Verb,
    side: Side,
    reason: str,
    *mirrors: Mirror,
    facets: frozenset[str] = frozenset(),
    changes: tuple[Change, ...] = (),
    parents: tuple[Key, ...] = (),
    sends_email: bool = False,
) -> Action:
    """An action about these records; label and money are those of the first."""
    ids = {mirror.key.side: mirror.key.id for mirror in mirrors}
    shown = mirrors[0]
    return Action(
        kind=kind,
        verb=verb,
        side=side,
        reason=reason,
        perfex_id=ids.get(Side.PERFEX),
        xero_id=ids.get(Side.XERO),
        label=shown.record.label,
        amount=amount_of(shown),
        currency=currency_of(shown),
        facets=facets,
        changes=changes,
        parents=parents,
        versions=versions(*mirrors),
        sends_email=sends_email,
    )


def make_question(
    kind: Kind,
    reason: str,
    *mirrors: Mirror,
    choices: tuple[Choice, ...],
    details: Mapping[str, object] | None = None,
    candidates: tuple[Mirror, ...] = (),
    judged: tuple[Judged, ...] = (),
    rows: tuple[Side3, ...] = (),
    basis: str = "",
) -> Question:
    """A question about these records; unless said otherwise it rests on all that it shows."""
    ids = {mirror.key.side: mirror.key.id for mirror in mirrors}
    label = next((m.record.label for m in mirrors if m.record.label), "")
    texts = {"label": label} | {name: str(value) for name, value in (details or {}).items()}
    return Question(
        kind=kind,
        reason=reason,
        details=texts,
        perfex_id=ids.get(Side.PERFEX),
        xero_id=ids.get(Side.XERO),
        label=label,
        amount=amount_of(mirrors[0]),
        currency=currency_of(mirrors[0]),
        choices=choices,
        candidates=tuple(mirror.key for mirror in candidates),
        judged=judged,
        rows=rows,
        basis=basis or seen_basis(*mirrors, *candidates),
    )


def make_hold(mirror: Mirror, reason: str, details: Mapping[str, object]) -> Hold:
    """A record that is left alone, in words and money."""
    return Hold(
        key=mirror.key,
        reason=reason,
        details={name: str(value) for name, value in details.items()},
        label=mirror.record.label,
        amount=amount_of(mirror),
        currency=currency_of(mirror),
    )


def versions(*mirrors: Mirror | None) -> tuple[Version, ...]:
    """The versions that a decision rests on."""
    return tuple(Version(key=mirror.key, version=mirror.version) for mirror in mirrors if mirror)


def seen_basis(*mirrors: Mirror) -> str:
    """The basis of a question about these records as they are now."""
    return "|".join(f"{mirror.key}@{mirror.version}" for mirror in mirrors)


def content_basis(*mirrors: Mirror) -> str:
    """The basis of a question that money coming in does not raise again."""
    told = [(mirror.key, mirror.record.lasting, mirror.gone) for mirror in mirrors]
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()[:32]


def amount_of(mirror: Mirror) -> Decimal | None:
    """The record's total in its own currency, where it has one."""
    money = mirror.record.money
    return money.amount if money else None


def currency_of(mirror: Mirror) -> str:
    """The record's currency, empty where it has none."""
    money = mirror.record.money
    return money.currency if money else ""
