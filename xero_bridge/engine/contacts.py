"""Xero contacts by name: expenses name their supplier, documents are sent with its ContactID."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from xero_bridge.core.errors import Held
from xero_bridge.core.ports import Store
from xero_bridge.core.record import Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.text import fold


class Contacts:
    """The contacts of one organisation; read only when somebody asks for one."""

    def __init__(self, store: Store) -> None:
        """Nothing is read yet."""
        self._store = store

    @cached_property
    def _by_name(self) -> dict[str, list[Mirror]]:
        found: dict[str, list[Mirror]] = defaultdict(list)
        for mirror in self._store.mirrors_of(Kind.CUSTOMER, Side.XERO):
            if not mirror.gone:
                found[fold(mirror.record.label)].append(mirror)
        return found

    def id_of(self, name: str) -> str:
        """ContactID of the only active contact of that name; raises `Held`."""
        named = self._by_name.get(fold(name), [])
        active = [mirror for mirror in named if not mirror.record.closed]
        if len(active) == 1:
            return active[0].key.id
        if active:
            raise Held("supplier_twice", supplier=name, count=len(active))
        raise Held("supplier_archived" if named else "supplier_unknown", supplier=name)
