"""The chain that a record goes through on its way: each link as a question and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from xero_bridge.core.entity import Encoding, Entity
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.plan import Action
from xero_bridge.core.proof import Finding, Standing, Verdict, is_closed
from xero_bridge.core.reasons import headline, sentence
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Direction, Kind, RecordState, Side
from xero_bridge.engine.proving import Prover
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.connections import ConnectionView
from xero_bridge.operations.plans import StopView
from xero_bridge.operations.questions import QuestionView
from xero_bridge.store.queries import Happened
from xero_bridge.store.repository import SqlStore

_DIRECTIONS = {
    Direction.OFF: "No: this kind is switched off.",
    Direction.PERFEX_TO_XERO: "Yes: what changes in Perfex is carried to Xero.",
    Direction.XERO_TO_PERFEX: "Yes: what changes in Xero is carried to Perfex.",
    Direction.TWO_WAY: "Yes, both ways.",
}
_PAST = {
    "create": "created in",
    "update": "updated in",
    "void": "voided in",
    "delete": "deleted in",
    "link": "linked with",
    "unlink": "unlinked from",
}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain."""

    asks: str
    answer: str
    #: `good`, `wait`, `bad` or `off`: whether it goes on from there.
    look: str = "good"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is known about a connection, read once for all records that are explained."""

    store: SqlStore
    prover: Prover
    view: ConnectionView
    questions: Sequence[QuestionView]
    #: Actions of the newest plan that no run has carried out, by record.
    planned: dict[Key, Action]
    stops: Sequence[StopView]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A record (and its twin) with all that is stored about it."""

    key: Key
    entity: Entity
    link: Link | None
    mirrors: dict[Side, Mirror]
    standing: Standing
    history: Sequence[Happened]
    questions: Sequence[QuestionView]
    findings: Sequence[Finding] = field(default=())

    @property
    def mirror(self) -> Mirror:
        """The record as it is shown: Perfex's, where there is one."""
        return self.mirrors.get(Side.PERFEX) or self.mirrors[Side.XERO]

    @property
    def keys(self) -> list[Key]:
        """The record and its twin."""
        return [mirror.key for mirror in self.mirrors.values()]


def steps(around: Surroundings, found: Found) -> tuple[Step, ...]:
    """The whole chain of a record."""
    return (
        _where(found),
        _connected(around),
        _carried(around, found),
        *_ruled(found),
        *_parents(around, found),
        *_mapped(around, found),
        *_written(found),
        *_agrees(found),
        *_planned(around, found),
        *_asked(found),
    )


def _where(found: Found) -> Step:
    asks = "Where is it?"
    here = [_seen(mirror) for _, mirror in sorted(found.mirrors.items())]
    if len(here) > 1:
        return Step(asks=asks, answer=f"On both sides: {' and '.join(here)}.")
    side = found.mirror.key.side
    look = "off" if is_closed(found.mirror) else "wait"
    return Step(asks=asks, answer=f"{here[0]} only; not in {side.other.capitalize()}.", look=look)


def _seen(mirror: Mirror) -> str:
    label = mirror.record.label or mirror.key.id
    shown = label if mirror.key.id == label else f"{label} (id {mirror.key.id})"
    state = ", deleted there" if mirror.gone else ", void there" if mirror.record.closed else ""
    read_at = f"read {mirror.seen_at:%Y-%m-%d %H:%M} UTC"
    return f"{shown} in {mirror.key.side.capitalize()}{state}, {read_at}"


def _connected(around: Surroundings) -> Step:
    view, asks = around.view, "Does the connection work?"
    if view.trouble:
        return Step(asks=asks, answer=view.trouble, look="bad")
    if not view.live:
        return Step(asks=asks, answer="It is not live: nothing is written yet.", look="wait")
    if view.paused:
        return Step(asks=asks, answer="It is paused: nothing runs by itself.", look="wait")
    return Step(asks=asks, answer="Yes, it is live.")


def _carried(around: Surroundings, found: Found) -> Step:
    direction = around.prover.books.direction(found.entity)
    return Step(
        asks=f"Are {found.entity.plural} carried over?",
        answer=_DIRECTIONS[direction],
        look="off" if direction is Direction.OFF else "good",
    )


def _ruled(found: Found) -> Iterator[Step]:
    asks, stand = "Does a rule keep it back?", found.standing
    if stand.state is RecordState.EXCLUDED:
        yield Step(asks=asks, answer=_words(found, stand.reason), look="off")
    elif found.link is None:
        yield Step(asks=asks, answer="No.")


def _words(found: Found, reason: str) -> str:
    details = {"label": found.mirror.record.label, **found.standing.details}
    return headline(reason, details)


def _parents(around: Surroundings, found: Found) -> Iterator[Step]:
    mirror = found.mirror
    for name, kind in found.entity.parents.items():
        id_ = getattr(mirror.record, name, "")
        if id_:
            yield _parent(around, Key(kind, mirror.key.side, id_))


def _parent(around: Surroundings, key: Key) -> Step:
    known = around.store.mirrors(key.kind, key.side, [key.id]).get(key.id)
    label = (known.record.label if known else "") or key.id
    asks = f"Is its {ENTITIES[key.kind].singular} on the other side?"
    if around.store.links(key.kind, key.side, [key.id]):
        return Step(asks=asks, answer=f"Yes: {label} is linked.")
    stand = around.store.standings([key]).get(key, Standing())
    why = headline(stand.reason, {"label": label, **stand.details}) if stand.reason else ""
    return Step(asks=asks, answer=f"Not yet: {label} is not linked. {why}".strip(), look="wait")


def _mapped(around: Surroundings, found: Found) -> Iterator[Step]:
    """Whether it could be written as it is now, with the mappings and settings of this minute."""
    mirror = found.mirror
    codec = found.entity.codec(mirror.key.side.other)
    if found.link is not None or is_closed(mirror) or codec is None or codec.create is None:
        return
    encoding = Encoding(source=mirror.record, source_id=mirror.key.id)
    error = around.prover.books.try_encode(codec.create, encoding).error
    yield from _could_be_written(mirror, error)


def _could_be_written(mirror: Mirror, error: Held | Waiting | None) -> Iterator[Step]:
    asks = "Can it be written as it is?"
    if error is None:
        yield Step(asks=asks, answer="Yes: everything that it needs is mapped and chosen.")
    elif not isinstance(error, Waiting):
        details = {"label": mirror.record.label, **error.details}
        yield Step(asks=asks, answer=sentence(error.reason, details), look="bad")


def _written(found: Found) -> Iterator[Step]:
    asks = "What did the bridge do with it?"
    if found.history:
        last = found.history[0]
        done = f"{_PAST.get(last.verb, last.verb)} {last.side.capitalize()}"
        note = f": {last.note}" if last.note else ""
        answer = f"Run {last.run_id} on {last.at:%Y-%m-%d %H:%M} UTC: {done}, {last.state}{note}"
        look = {"done": "good", "refused": "bad"}.get(last.state, "wait")
        yield Step(asks=asks, answer=answer if answer.endswith(".") else f"{answer}.", look=look)
    elif found.link is None:
        yield Step(asks=asks, answer="Nothing yet.", look="off")


def _agrees(found: Found) -> Iterator[Step]:
    asks = "Do both sides say the same?"
    if found.link is None or len(found.mirrors) < len(Side):
        return
    if not found.findings:
        yield Step(asks=asks, answer="Yes, to the cent." if found.mirror.record.money else "Yes.")
    for finding in found.findings:
        told = f"{finding.words}: {finding.perfex} in Perfex, {finding.xero} in Xero"
        why = headline(finding.reason, finding.details) if finding.reason != "unproved" else ""
        look = "bad" if finding.verdict is Verdict.UNEXPLAINED else "wait"
        look = "good" if finding.verdict is Verdict.DECLARED else look
        answer = f"Not in the {told}. {why or 'Nothing explains it.'}".replace("\n", "; ")
        yield Step(asks=asks, answer=answer, look=look)


def _planned(around: Surroundings, found: Found) -> Iterator[Step]:
    asks = "Is it in the plan?"
    action = next((around.planned[key] for key in found.keys if key in around.planned), None)
    if action is not None and found.standing.state is RecordState.PLANNED:
        what = f"{action.verb.value} in {action.side.capitalize()}"
        answer = f"Yes: {what}. {headline(action.reason, {'label': action.label})}"
        yield Step(asks=asks, answer=answer)
        for stop in around.stops:
            yield Step(asks="May the plan be carried out?", answer=stop.text, look="bad")
    elif found.standing.state in (RecordState.WAITING, RecordState.QUESTION):
        yield Step(asks=asks, answer=f"No: {_words(found, found.standing.reason)}", look="wait")
    elif found.standing.dirty:
        yield Step(asks=asks, answer="The next run looks at it.", look="wait")


def _asked(found: Found) -> Iterator[Step]:
    for view in found.questions:
        yield Step(asks="Is anything asked about it?", answer=view.text, look="bad")


def kinds() -> list[Kind]:
    """The kinds that can be explained."""
    return [kind for kind in ENTITIES if ENTITIES[kind].perfex or ENTITIES[kind].xero]
