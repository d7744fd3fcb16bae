"""Links of one connection: the pairs of ids, with a base per side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from xero_bridge.core.record import Link, Record, Roles
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.store import models
from xero_bridge.store.repository.part import Part, chunks

LINK = models.table_of(models.Link)
#: Links that are decoded at a time while walking over all of them.
_WALK = 1000


class Links(Part):
    """The links of one connection."""

    def links(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, Link]:
        """Links of these records, by their id on that side (the leading one where several)."""
        held = LINK.c.perfex_id if side is Side.PERFEX else LINK.c.xero_id
        found: dict[str, Link] = {}
        for chunk in chunks(dict.fromkeys(one for one in ids if one)):
            wanted = sa.select(LINK).where(self._of(kind), held.in_(chunk)).order_by(LINK.c.id)
            for row in self._all(wanted):
                link = self._link(row)
                if link.leads or link.id_on(side) not in found:
                    found[link.id_on(side)] = link
        return found

    def links_of(self, kind: Kind) -> Iterator[Link]:
        """All links of a kind."""
        after = 0
        page = sa.select(LINK).where(self._of(kind)).order_by(LINK.c.id).limit(_WALK)
        while rows := self._all(page.where(LINK.c.id > after)):
            yield from map(self._link, rows)
            after = rows[-1].id

    def save_link(self, link: Link) -> None:
        """Insert or replace the link of this Perfex id (Xero id for Xero-only mappings)."""
        self._upsert(LINK, [self._row(link)], ("kind", "key"))

    def drop_link(self, link: Link) -> None:
        """Forget a link."""
        self._write(sa.delete(LINK).where(self._of(link.kind), LINK.c.key == link_key(link)))

    def _of(self, kind: Kind) -> sa.ColumnElement[bool]:
        return sa.and_(self._mine(LINK), LINK.c.kind == kind.value)

    def _row(self, link: Link) -> dict[str, Any]:
        return {
            "kind": link.kind.value,
            "key": link_key(link),
            "perfex_id": link.perfex_id,
            "xero_id": link.xero_id,
            "stamp": link.stamp,
            "leads": link.leads,
            "base_perfex": self._base(link.base_perfex),
            "base_xero": self._base(link.base_xero),
            "roles": link.roles,
            "declared": link.declared,
            "by_person": link.by_person,
            "born_on": link.born_on.value,
        }

    def _base(self, record: Record | None) -> bytes | None:
        return None if record is None else self._codec.encode(record)

    def _link(self, row: sa.Row[Any]) -> Link:
        kind = Kind(row.kind)
        return Link(
            kind=kind,
            perfex_id=row.perfex_id,
            xero_id=row.xero_id,
            stamp=row.stamp,
            leads=row.leads,
            base_perfex=self._record(kind, row.base_perfex),
            base_xero=self._record(kind, row.base_xero),
            roles=msgspec.convert(row.roles, Roles),
            declared={name: (pair[0], pair[1]) for name, pair in row.declared.items()},
            by_person=row.by_person,
            born_on=Side(row.born_on),
        )

    def _record(self, kind: Kind, content: bytes | None) -> Record | None:
        return None if content is None else self._codec.decode(kind, content)


def link_key(link: Link) -> str:
    """What a link is one of a kind by: its Perfex id, or its Xero id where it has none."""
    return f"p:{link.perfex_id}" if link.perfex_id else f"x:{link.xero_id}"
