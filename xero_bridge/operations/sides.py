"""A record beside those that it may be, member by member, with what differs marked."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Entity, shown
from xero_bridge.core.money import format_cents
from xero_bridge.core.plan import Judged
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.entities.text import fold
from xero_bridge.operations.questions import QuestionView
from xero_bridge.store.repository import SqlStore

#: Each side tells the tax of a line in its own way, so their texts say nothing: the total does.
_NOT_MARKED = frozenset({"lines"})


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One member of a candidate."""

    text: str
    #: The record in question has another value there.
    differs: bool


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """What the record may be."""

    id: str
    label: str
    judged: Judged | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One member of the record, and of every candidate."""

    words: str
    text: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether any candidate has another value."""
        return any(cell.differs for cell in self.cells)


class SideBySide(msgspec.Struct, frozen=True, kw_only=True):
    """The record in question and its candidates, the best first."""

    side: Side
    label: str
    candidates: tuple[Candidate, ...]
    rows: tuple[Row, ...]


def side_by_side(store: SqlStore, view: QuestionView) -> SideBySide | None:
    """Both records of a doubtful pair as last read; None where the question is about no pair."""
    kind = Kind(view.kind)
    keys = [key for key in view.question.candidates if key.kind == kind]
    side = Side.PERFEX if view.perfex_id else Side.XERO
    if not keys or view.question.rows or any(key.side is side for key in keys):
        return None
    subject = _mirrors(store, [Key(kind, side, view.perfex_id or view.xero_id)])
    found = _mirrors(store, keys)
    if not subject or not found:
        return None
    judged = dict(zip(view.question.candidates, view.question.judged, strict=False))
    return SideBySide(
        side=side,
        label=subject[0].record.label,
        candidates=tuple(
            Candidate(id=one.key.id, label=one.record.label, judged=judged.get(one.key))
            for one in found
        ),
        rows=tuple(_rows(store, ENTITIES[kind], subject[0], found)),
    )


def _mirrors(store: SqlStore, keys: list[Key]) -> list[Mirror]:
    """In the order asked for; what is not there any more is left out."""
    found: dict[Key, Mirror] = {}
    for side in Side:
        ids = [key.id for key in keys if key.side is side]
        if ids:
            mirrors = store.mirrors(keys[0].kind, side, ids)
            found |= {mirror.key: mirror for mirror in mirrors.values()}
    return [found[key] for key in keys if key in found]


def _rows(store: SqlStore, entity: Entity, subject: Mirror, found: list[Mirror]) -> list[Row]:
    rows: list[Row] = []
    for name, facet in entity.facets.items():
        text = _text(store, entity, name, subject)
        others = [_text(store, entity, name, one) for one in found]
        if not text and not any(others):
            continue
        comparable = name not in _NOT_MARKED and facet.held == frozenset(Side)
        cells = tuple(
            Cell(text=other, differs=comparable and _differ(text, other)) for other in others
        )
        rows.append(Row(words=facet.words or name.replace("_", " "), text=text, cells=cells))
    return rows


def _text(store: SqlStore, entity: Entity, name: str, mirror: Mirror) -> str:
    facet = entity.facets[name]
    if mirror.key.side not in facet.held:
        return ""
    value = facet.get(mirror.record)
    if isinstance(value, Decimal) and value == round(value, 2):
        return format_cents(value)
    parent = entity.parents.get(name)
    if parent is None or not value:
        return shown(value)
    found = store.mirrors(parent, mirror.key.side, [str(value)])
    return next((one.record.label for one in found.values()), str(value))


def _differ(text: str, other: str) -> bool:
    """Whether both say something, and not the same: an empty field contradicts nothing."""
    return bool(text and other) and fold(text) != fold(other)
