"""Explain: for any number, name, amount or id, where it stands and the one thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from xero_bridge.core.plan import Action
from xero_bridge.core.proof import Standing, Verdict, is_closed
from xero_bridge.core.reasons import advice, headline, sentence
from xero_bridge.core.record import Key, Link
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind, RecordState, Side
from xero_bridge.engine.draft import CAUSES
from xero_bridge.engine.stored import prover_of
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import connections, nowhere, plans, questions
from xero_bridge.operations.addresses import addresses
from xero_bridge.operations.chain import Found, Step, Surroundings, kinds, steps
from xero_bridge.operations.nowhere import Looked
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.questions import QuestionView
from xero_bridge.operations.rows import connection_row, reading, store_of
from xero_bridge.operations.services import Services
from xero_bridge.operations.wanted import Sought, sought
from xero_bridge.store import queries, searching
from xero_bridge.store.repository import SqlStore

#: Records that one search explains.
MOST = 20
#: What to do about a rule that keeps a record back, where somebody wants it carried over.
_REMEDIES = {
    "draft": "Number it in Perfex, and it goes.",
    "before_start": "Set start_date earlier, if it should go.",
    "births_ignore": "Set births.{kind}.{side} to create or ask, if new ones should go.",
    "direction_off": "Set direction.{kind}, if this kind should be carried over.",
    "parent_left_out": "Look at that record first.",
    "person_excluded": "It stays so until it is edited.",
}


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One record: the chain that it went through, and how it ends."""

    kind: Kind
    label: str
    dated: date | None
    amount: Decimal | None
    currency: str
    state: RecordState
    perfex_id: str
    xero_id: str
    perfex_url: str
    xero_url: str
    steps: tuple[Step, ...]
    #: The state in a sentence, and the one thing to do.
    conclusion: str
    todo: str
    #: Number of the question to answer, where one is open.
    question: int | None

    @property
    def key(self) -> Key:
        """By which record the bridge shows it."""
        side = Side.PERFEX if self.perfex_id else Side.XERO
        return Key(self.kind, side, self.perfex_id or self.xero_id)


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for a text in one connection."""

    connection: str
    text: str
    found: tuple[Explained, ...]
    #: More fit than are shown.
    more: bool
    #: Where it was looked, and why it may not be there: when nothing was found.
    sentence: str
    looked: tuple[Looked, ...]


def explain(services: Services, name: str, text: str) -> Explanation:
    """Explain what a text names in a connection; calls neither side. Raises `NotAccepted`."""
    if not text.strip():
        raise NotAccepted("Say what to look for: a number, a name, an amount or an id.")
    store = store_of(services, name)
    keys = _search(services, store, name, sought(text))
    around = _surroundings(services, store, name)
    if around is None or not keys:
        return _nothing(services, store, name, text)
    found = [_found(services, around, name, key) for key in keys[:MOST]]
    return Explanation(
        connection=name,
        text=text,
        found=tuple(_explained(services, around, each) for each in found if each),
        more=len(keys) > MOST,
        sentence="",
        looked=(),
    )


# --- finding -------------------------------------------------------------------------------------


def _search(services: Services, store: SqlStore, name: str, wanted: Sought) -> list[Key]:
    """Each record once: a linked pair by its Perfex record, the best first."""
    if wanted.key is not None:
        known = store.mirrors(wanted.key.kind, wanted.key.side, [wanted.key.id])
        return [_leading(store, wanted.key)] if known else []
    found = searching.search(
        services.database,
        _id(services, name),
        kinds(),
        texts=wanted.texts,
        amount=wanted.amount,
        currency=wanted.currency,
        limit=2 * (MOST + 1),
    )
    documents = [key for key in found if key.kind not in REFERENCE_KINDS]
    rest = [key for key in found if key.kind in REFERENCE_KINDS]
    return list(dict.fromkeys(_leading(store, key) for key in (*documents, *rest)))


def _id(services: Services, name: str) -> int:
    with reading(services) as session:
        return connection_row(session, name).id


def _link(store: SqlStore, key: Key) -> Link | None:
    return store.links(key.kind, key.side, [key.id]).get(key.id)


def _leading(store: SqlStore, key: Key) -> Key:
    link = _link(store, key)
    return Key(key.kind, Side.PERFEX, link.perfex_id) if link and link.perfex_id else key


def _surroundings(services: Services, store: SqlStore, name: str) -> Surroundings | None:
    prover = prover_of(store, ENTITIES)
    if prover is None:
        return None
    view, plan = connections.view(services, name), plans.newest(services, name)
    actions: Iterable[Action] = (
        (action for group in plan.groups for action in group.actions) if plan else ()
    )
    return Surroundings(
        store=store,
        prover=prover,
        view=view,
        questions=questions.question_views(services, name),
        planned={version.key: action for action in actions for version in action.versions},
        stops=plans.stops(services, name),
    )


def _found(services: Services, around: Surroundings, name: str, key: Key) -> Found | None:
    store, entity = around.store, ENTITIES[key.kind]
    link = _link(store, key)
    keys = (
        [Key(key.kind, side, link.id_on(side)) for side in Side if link.id_on(side)]
        if link
        else [key]
    )
    mirrors = {
        each.side: mirror
        for each in keys
        for mirror in store.mirrors(each.kind, each.side, [each.id]).values()
    }
    if not mirrors:
        return None
    standings = store.standings(keys)
    is_document = key.kind not in REFERENCE_KINDS
    cases = around.prover.compare(entity, [link]) if link and is_document else []
    judged = around.prover.judged(cases)
    return Found(
        key=key,
        entity=entity,
        link=link,
        mirrors=mirrors,
        standing=_weightiest(list(standings.values())),
        history=queries.history(services.database, _id(services, name), keys),
        questions=[view for view in around.questions if _is_about(view, keys)],
        findings=tuple(finding for _, findings in judged for finding in findings),
    )


#: The state of a pair is that of the half with more to say.
_WEIGHT = (
    *(RecordState.IN_STEP, RecordState.NEW, RecordState.GONE, RecordState.EXCLUDED),
    *(RecordState.PLANNED, RecordState.WAITING, RecordState.QUESTION),
)


def _weightiest(standings: Sequence[Standing]) -> Standing:
    heaviest = max(standings, key=lambda one: _WEIGHT.index(one.state), default=Standing())
    dirty = any(one.dirty for one in standings)
    return msgspec.structs.replace(heaviest, dirty=dirty)


def _is_about(view: QuestionView, keys: Sequence[Key]) -> bool:
    ids = {(Side.PERFEX, view.perfex_id), (Side.XERO, view.xero_id)}
    return any(view.kind == key.kind and (key.side, key.id) in ids for key in keys)


# --- explaining ----------------------------------------------------------------------------------


def _explained(services: Services, around: Surroundings, found: Found) -> Explained:
    record, money = found.mirror.record, found.mirror.record.money
    ids = {side: mirror.key.id for side, mirror in found.mirrors.items()}
    conclusion, todo, question = _conclusion(around, found)
    pages = addresses(services, around.store)
    keys = {side: Key(found.key.kind, side, id_) for side, id_ in ids.items()}
    return Explained(
        kind=found.key.kind,
        label=record.label,
        dated=record.dated,
        amount=money.amount if money else None,
        currency=money.currency if money else "",
        state=RecordState.GONE if found.mirror.gone else found.standing.state,
        perfex_id=ids.get(Side.PERFEX, ""),
        xero_id=ids.get(Side.XERO, ""),
        perfex_url=pages.of(keys.get(Side.PERFEX)),
        xero_url=pages.of(keys.get(Side.XERO)),
        steps=steps(around, found),
        conclusion=conclusion,
        todo=todo,
        question=question.id if question else None,
    )


def _conclusion(around: Surroundings, found: Found) -> tuple[str, str, QuestionView | None]:
    """The state in a sentence, the one thing to do, and the question to answer."""
    asked = next(iter(found.questions), None) or _asked_for_many(around, found)
    if asked is not None:
        return asked.text, asked.advice or "Answer the question.", asked
    if any(key in around.prover.judge.unfinished for key in found.keys):
        return headline("waits_for_unknown"), "Nothing: it goes on once that is found out.", None
    stand = found.standing
    details = {"label": found.mirror.record.label, **stand.details}
    match stand.state:
        case RecordState.QUESTION | RecordState.WAITING:
            todo = advice(stand.reason, details)
            return headline(stand.reason, details), todo or "Nothing: it goes on by itself.", None
        case RecordState.EXCLUDED:
            return headline(stand.reason, details), _remedy(found), None
        case RecordState.PLANNED:
            return *_next_run(around), None
        case _:
            return *_quiet(found), None


def _asked_for_many(around: Surroundings, found: Found) -> QuestionView | None:
    """The question about a mapping or setting that holds this record and others."""
    stand = found.standing
    if stand.state is not RecordState.QUESTION:
        return None
    return next(
        (
            view
            for view in around.questions
            if view.reason == stand.reason and _is_cause(view, stand)
        ),
        None,
    )


def _is_cause(view: QuestionView, stand: Standing) -> bool:
    _, named = CAUSES.get(stand.reason, ("", ""))
    return bool(named) and view.question.details.get(named) == stand.details.get(named)


def _remedy(found: Found) -> str:
    words = _REMEDIES.get(found.standing.reason, "Nothing.")
    return words.format(kind=found.key.kind, side=found.key.side)


def _next_run(around: Surroundings) -> tuple[str, str]:
    if around.stops:
        return f"It is planned, but the plan was stopped: {around.stops[0].text}", around.stops[
            0
        ].advice or "Look at the plan and agree, or mend what it names."
    if not around.view.live:
        return (
            "It is planned; nothing is written before Go live.",
            "Look at the plan, then go live.",
        )
    return "It is planned.", "Nothing: the next run carries it out. Sync now does it at once."


def _quiet(found: Found) -> tuple[str, str]:
    """What is to be said of a record that nothing is planned or asked about."""
    open_ = [each for each in found.findings if each.verdict is Verdict.UNEXPLAINED]
    if open_:
        parts = ", ".join(each.words for each in open_)
        return f"Both sides differ ({parts}) and nothing explains it.", "Compare both; correct one."
    if all(is_closed(mirror) for mirror in found.mirrors.values()):
        return "It is void or deleted.", "Nothing."
    if found.link is not None:
        return "It is in step.", "Nothing."
    if found.standing.dirty or found.standing.state is RecordState.NEW:
        return "No plan has looked at it yet.", "Press Sync now, or wait for the next run."
    return sentence(
        "only_here", {"label": found.mirror.record.label, "side": found.key.side}
    ), "Resync it."


def _nothing(services: Services, store: SqlStore, name: str, text: str) -> Explanation:
    looked, why = nowhere.looked_for(services, store, name, text)
    return Explanation(
        connection=name, text=text, found=(), more=False, sentence=why, looked=looked
    )
