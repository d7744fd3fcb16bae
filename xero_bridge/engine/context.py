"""What one run works with: both remotes, the store, the clock, the lease, facts of this minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import msgspec

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.entity import Entity
from xero_bridge.core.ports import Clock, Lease, RunRow, Store
from xero_bridge.core.record import Key
from xero_bridge.core.remote import PerfexRemote, Remote, XeroRemote
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Direction, Kind, Side

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a run was asked to look at. Nothing named means everything."""

    kinds: frozenset[Kind] = frozenset()
    records: tuple[Key, ...] = ()
    #: Plan only, write nothing.
    dry: bool = False
    #: `schedule`, `person`, `resync`, `hint` or `command`.
    trigger: str = "command"

    def covers(self, kind: Kind) -> bool:
        """Whether a kind is looked at."""
        return not self.kinds or kind in self.kinds

    @property
    def by_person(self) -> bool:
        """A person waits for the result: lists that are read hourly are read now."""
        return self.trigger != "schedule"


@dataclass(kw_only=True)
class Context:
    """A run's surroundings. Everything that changes during a run is in `run` and in the store."""

    store: Store
    perfex: PerfexRemote
    xero: XeroRemote
    clock: Clock
    lease: Lease
    entities: Mapping[Kind, Entity]
    scope: Scope
    run: RunRow
    started_at: datetime
    #: Records that a run about single records has read: those named, counterparts, parents.
    related: set[Key] = field(default_factory=set)
    settings: Settings = field(init=False)
    organisation: Organisation = field(init=False)
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        """Read the settings once: a run uses one version of them."""
        self.settings = self.store.settings()

    def remote(self, side: Side) -> Remote:
        """The remote of a side."""
        return self.perfex if side is Side.PERFEX else self.xero

    def direction(self, entity: Entity) -> Direction:
        """The direction chosen for a kind, or its default."""
        return self.settings.direction.get(entity.kind.value, entity.direction)

    def can_read(self, entity: Entity) -> bool:
        """Whether the Perfex site has what the kind needs."""
        return not entity.needs or entity.needs in self.site.capabilities

    def lose(self, capability: str) -> None:
        """The site refuses what it had: what needs it is off until the site is looked at again."""
        left = self.site.capabilities - {capability}
        self.site = msgspec.structs.replace(self.site, capabilities=left)
        with self.store.atomically():
            self.store.remember("site", msgspec.json.encode(self.site).decode())

    def note(self, **changes: object) -> None:
        """Set members of the run's report and store it, for the page that shows progress."""
        calls = {"xero_calls": self.xero.calls(), "perfex_calls": self.perfex.calls()}
        self.run = msgspec.structs.replace(self.run, **{**calls, **changes})
        with self.store.atomically():
            self.store.progress(self.run)


def remembered(facts: Mapping[str, str], name: str, type_: type[T]) -> T | None:
    """A fact that was stored as JSON, or None."""
    text = facts.get(name)
    return msgspec.json.decode(text, type=type_) if text else None
