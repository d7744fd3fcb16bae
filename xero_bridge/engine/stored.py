"""A look at the books as they are stored: the planner's and prover's look-ups without any call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.entity import Entity
from xero_bridge.core.ports import Store
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Direction, Kind
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import remembered
from xero_bridge.engine.proving import Prover


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A connection's memory, with both sides as they were last read."""

    store: Store
    organisation: Organisation
    site: Site
    settings: Settings

    def direction(self, entity: Entity) -> Direction:
        """The direction chosen for a kind, or its default."""
        return self.settings.direction.get(entity.kind.value, entity.direction)


def stored(store: Store) -> Stored | None:
    """What is known of a connection; None while a side was never read."""
    facts = store.facts()
    organisation = remembered(facts, "organisation", Organisation)
    site = remembered(facts, "site", Site)
    if organisation is None or site is None:
        return None
    return Stored(store=store, organisation=organisation, site=site, settings=store.settings())


def prover_of(store: Store, entities: Mapping[Kind, Entity]) -> Prover | None:
    """A prover over what is stored; None while a side was never read."""
    desk = stored(store)
    if desk is None:
        return None
    return Prover(store=store, entities=entities, books=LedgerBooks(desk))
