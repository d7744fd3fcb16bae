"""The rules of the engine, each broken on purpose: the machine must notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Entity, Fit, Payload
from xero_bridge.core.ports import JournalRow
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Kind, Verb
from xero_bridge.engine import apply, pairs
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.engine.memory.sides.side import MemorySide
from xero_bridge.entities import ENTITIES

Patch = pytest.MonkeyPatch
Mutation = Callable[[Patch], None]

_PLACES = ("Url", "Reference", "ContactNumber")


def no_journal(patch: Patch) -> None:
    """Nothing is remembered of a write whose answer is missing."""

    def nothing(_store: MemoryStore) -> list[JournalRow]:
        return []

    patch.setattr(MemoryStore, "unfinished", nothing)


def no_mark(patch: Patch) -> None:
    """What is made bears no sign of what it was made from."""
    compose = MemorySide.compose

    def unmarked(side: MemorySide, kind: Kind, verb: Verb, payloads: Sequence[Payload]) -> bytes:
        return compose(side, kind, verb, [_without_mark(payload) for payload in payloads])

    patch.setattr(MemorySide, "compose", unmarked)


def _without_mark(payload: Payload) -> Payload:
    body: dict[str, Any] = {k: v for k, v in payload.body.items() if k not in _PLACES}
    return msgspec.structs.replace(payload, body=body)


def no_recheck(patch: Patch) -> None:
    """The target of a write is not read again before it is overwritten."""

    def trust(*_anything: object) -> None:
        return

    patch.setattr(apply, "_read_targets", trust)


def one_shared_base(patch: Patch) -> None:
    """Both sides are compared with what Perfex showed when they last agreed."""

    def moved_since(entity: Entity, link: Link, mirror: Mirror) -> frozenset[str]:
        base = link.base_perfex
        if base is None:
            return frozenset()
        side = mirror.key.side
        now, then = entity.facets_of(mirror.record, side), entity.facets_of(base, side)
        return frozenset(name for name, value in now.items() if value != then[name])

    patch.setattr(pairs, "moved_since", moved_since)


def link_by_number(patch: Patch) -> None:
    """An equal number is enough to take two invoices for one."""

    def fit(perfex: Mirror, xero: Mirror, _books: Books) -> Fit:
        same = perfex.record.label == xero.record.label != ""
        return Fit(agreement=Agreement.SAME if same else Agreement.NO)

    _set_frozen(patch, ENTITIES[Kind.INVOICE], "fit", fit)


def _set_frozen(patch: Patch, entity: Entity, name: str, value: object) -> None:
    patch.setitem(entity.__dict__, name, value)
