"""Kinds that are not read, because the Perfex site lacks what they need, and why."""

from __future__ import annotations

from collections.abc import Iterator

from xero_bridge.core.books import Site
from xero_bridge.core.entity import Codec, Entity
from xero_bridge.core.reasons import sentence
from xero_bridge.engine.context import remembered
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.rows import store_of
from xero_bridge.operations.services import Services

_CUSTOM = "customtable/"


def kinds_off(services: Services, name: str) -> tuple[str, ...]:
    """A sentence for each kind that is off, with what to do; none before the site was looked at."""
    site = remembered(store_of(services, name).facts(), "site", Site)
    if site is None:
        return ()
    return tuple(
        _why(entity, site)
        for entity in ENTITIES.values()
        if entity.needs and entity.needs not in site.capabilities
    )


def _why(entity: Entity, site: Site) -> str:
    assert entity.perfex is not None
    details = {
        "plural": entity.plural.capitalize(),
        "tables": " and ".join(_tables(entity.perfex)),
        "version": site.version,
    }
    old = site.version.startswith("2.")
    return sentence("kind_off_in_old_module" if old else "kind_off", details)


def _tables(codec: Codec) -> Iterator[str]:
    """The tables that have to be allowed."""
    yield codec.path.removeprefix(_CUSTOM)
    yield from (part.table for part in codec.parts.values() if not part.optional)
