"""What a run is asked to look at, as texts name it and as waiting requests keep it."""

from __future__ import annotations

import msgspec

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.context import Scope
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.problems import NotAccepted, unknown


def scope_of(
    *, kinds: tuple[str, ...] = (), records: tuple[str, ...] = (), dry: bool = False, trigger: str
) -> Scope:
    """The scope that these texts name (`invoice`, `invoice:perfex:512`); raises `NotAccepted`."""
    return Scope(
        kinds=frozenset(_kind(text) for text in kinds),
        records=tuple(record_key(text) for text in records),
        dry=dry,
        trigger=trigger,
    )


def record_key(text: str) -> Key:
    """The record that `KIND:SIDE:ID` names; raises `NotAccepted`."""
    kind, _, rest = text.partition(":")
    side, _, id = rest.partition(":")
    if not id:
        raise NotAccepted(
            f"{text!r} does not name a record: write KIND:SIDE:ID, e.g. invoice:perfex:512."
        )
    if side not in {each.value for each in Side}:
        raise unknown("side", side, [each.value for each in Side])
    return Key(_kind(kind), Side(side), id)


def _kind(text: str) -> Kind:
    known = {kind.value: kind for kind in ENTITIES}
    if text not in known:
        raise unknown("kind", text, known)
    return known[text]


def as_text(scope: Scope) -> str:
    """A scope as a waiting request keeps it: equal scopes give equal texts."""
    if not scope.kinds and not scope.records:
        return "all"
    told = {"kinds": sorted(scope.kinds), "records": sorted(str(key) for key in scope.records)}
    return msgspec.json.encode(told).decode()


def from_text(text: str, trigger: str) -> Scope:
    """The scope that a waiting request kept."""
    if text == "all":
        return Scope(trigger=trigger)
    told = msgspec.json.decode(text, type=dict[str, tuple[str, ...]])
    return scope_of(kinds=told["kinds"], records=told["records"], trigger=trigger)
