"""Apply: carry out the same plan that was shown, in dependency order, a batch at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Encoder, Encoding, Entity
from xero_bridge.core.errors import BudgetSpent
from xero_bridge.core.plan import Action, Plan
from xero_bridge.core.record import Key, Link, Mirror, Roles, Seen
from xero_bridge.core.remote import NotWritten, Result, Written
from xero_bridge.core.vocabulary import Kind, RecordState, Side, Verb
from xero_bridge.engine.adopting import PAID_ALIKE
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import Context
from xero_bridge.engine.linking import agreed_link, first_link, found_link
from xero_bridge.engine.ordering import in_order
from xero_bridge.engine.outcome import Sent, not_sent, take_in
from xero_bridge.engine.sending import send, write_down
from xero_bridge.engine.unanswered import forget, note_answered, note_sent


@dataclass(kw_only=True)
class Applied:
    """What became of a plan."""

    done: dict[str, dict[str, int]] = field(default_factory=dict)
    #: Actions left for the next plan because something moved or an answer is unknown.
    postponed: int = 0
    refused: int = 0
    unknown: int = 0
    #: Records whose action was sent, and those whose action was carried out.
    tried: set[Key] = field(default_factory=set)
    finished: set[Key] = field(default_factory=set)
    #: Records of which a create carried a part only: the rest follows in the same run.
    partly: set[Key] = field(default_factory=set)
    #: Versions that our own writes of this run gave to records: no reason to plan anew.
    ours: dict[Key, set[int]] = field(default_factory=dict)
    #: The budget ended before the plan did.
    spent: BudgetSpent | None = None

    def count(self, action: Action) -> None:
        """One more action done."""
        self.finished.update(version.key for version in action.versions)
        verbs = self.done.setdefault(action.kind.value, {})
        verbs[action.verb.value] = verbs.get(action.verb.value, 0) + 1

    def take_over(self, later: Applied) -> None:
        """What became of the part that followed."""
        for kind, verbs in later.done.items():
            known = self.done.setdefault(kind, {})
            for verb, count in verbs.items():
                known[verb] = known.get(verb, 0) + count
        self.postponed += later.postponed
        self.refused += later.refused
        self.unknown += later.unknown
        self.spent = self.spent or later.spent


def apply(context: Context, plan: Plan) -> Applied:
    """Carry the plan out. A failed parent holds its children and nothing else."""
    applied = Applied()
    books = LedgerBooks(context)
    _keep_quiet_decisions(context, plan)
    context.note(phase="Writing", total=len(plan.actions), ready=0)
    try:
        for actions in in_order(list(context.entities), plan.actions):
            _apply_group(context, books, actions, applied)
    except BudgetSpent as spent:
        applied.spent = spent
    return applied


def _keep_quiet_decisions(context: Context, plan: Plan) -> None:
    """Bases that move on and answers that were carried out, without any call."""
    with context.store.atomically():
        for link in plan.rebased:
            context.store.save_link(link)
        context.store.settle(plan.settled)
        forget(context, [version.key for version in plan.settled])


def _apply_group(
    context: Context, books: LedgerBooks, actions: list[Action], applied: Applied
) -> None:
    first = actions[0]
    entity = context.entities[first.kind]
    context.note(phase=f"{first.verb.value.capitalize()} {entity.plural}")
    if not first.verb.writes:
        for action in actions:
            _apply_link(context, books, action, applied)
        wake_children(context, first.kind, actions)
        context.note(ready=context.run.ready + len(actions))
        return
    codec = entity.codec(first.side)
    assert codec is not None
    size = codec.batch if first.verb is Verb.CREATE and first.side is Side.XERO else 1
    # A call to Xero reads forty of them; Perfex is asked for each right before it is written.
    together = 40 if first.side is Side.XERO else 1
    for start in range(0, len(actions), size):
        if first.verb is not Verb.CREATE and start % together == 0:
            _read_targets(context, actions[start : start + together])
        chunk = actions[start : start + size]
        _apply_batch(context, books, chunk, applied)
        context.note(ready=context.run.ready + len(chunk))
    if first.verb is Verb.CREATE:
        wake_children(context, first.kind, actions)


def _read_targets(context: Context, actions: Sequence[Action]) -> None:
    """Read what will be changed once more: an action whose target moved is left for a new plan."""
    kind, side = actions[0].kind, actions[0].side
    targets = [key.id for action in actions if (key := action.on(side))]
    seen = [found for found in context.remote(side).read(kind, targets) if isinstance(found, Seen)]
    with context.store.atomically():
        context.store.save_seen(seen, context.clock.now())


def current(
    context: Context, action: Action, ours: Mapping[Key, Collection[int]] | None = None
) -> dict[Side, Mirror] | None:
    """The mirrors of an action if they are still at the versions that it was planned on.

    `ours` are versions that the run itself has made since.
    """
    mirrors: dict[Side, Mirror] = {}
    for version in action.versions:
        kind, side, id_ = version.key
        mirror = context.store.mirrors(kind, side, [id_]).get(id_)
        known = {version.version, *(ours or {}).get(version.key, ())}
        if mirror is None or mirror.version not in known:
            return None
        mirrors[side] = mirror
    return mirrors


def wake_children(context: Context, kind: Kind, parents: Sequence[Action]) -> None:
    """Children that stayed home because their parent did are looked at again."""
    ids = {side: {key.id for a in parents if (key := a.on(side))} for side in Side}
    children = [
        mirror.key
        for entity in context.entities.values()
        for name, parent in entity.parents.items()
        if parent is kind
        for side in Side
        for mirror in context.store.unlinked(entity.kind, side)
        if getattr(mirror.record, name) in ids[side]
    ]
    with context.store.atomically():
        context.store.make_dirty(children)


# --- Links -------------------------------------------------------------------------------------


def _apply_link(context: Context, books: LedgerBooks, action: Action, applied: Applied) -> None:
    entity = context.entities[action.kind]
    mirrors = current(context, action)
    if mirrors is None:
        applied.postponed += 1
        return
    with context.store.atomically():
        if action.verb is Verb.UNLINK:
            known = context.store.links(entity.kind, Side.PERFEX, [action.perfex_id or ""])
            for link in known.values():
                context.store.drop_link(link)
            context.store.make_dirty(mirror.key for mirror in mirrors.values())
        else:
            perfex, xero = mirrors[Side.PERFEX], mirrors[Side.XERO]
            _save_new_link(context, books, action, perfex, xero)
            _in_step(context, [mirror.key for mirror in mirrors.values()])
        note(context, action, "done", mirrors)
    applied.count(action)


def _save_new_link(
    context: Context, books: LedgerBooks, action: Action, perfex: Mirror, xero: Mirror
) -> None:
    """Linking writes nothing; where the mark says that it is ours, other money is an edit."""
    entity = context.entities[action.kind]
    if action.reason == "same_mark" and _amount(perfex) != _amount(xero):
        # It stays to be looked at: the next plan asks about it with both versions.
        context.store.save_link(found_link(books, entity, perfex, xero, Side.PERFEX))
        return
    link = first_link(books, entity, perfex, xero)
    if context.store.links(action.kind, Side.XERO, [xero.key.id]):
        link = msgspec.structs.replace(link, leads=False)  # Another one leads: they share it.
    if action.reason in ("answered", PAID_ALIKE):
        link = agreed_link(entity, link, perfex, xero)
    context.store.save_link(link)
    books.adopt(entity.kind, link.perfex_id, link.xero_id)
    context.store.settle(action.versions)


def _amount(mirror: Mirror) -> Decimal | None:
    return mirror.record.money.amount if mirror.record.money else None


# --- Writes ------------------------------------------------------------------------------------


def _apply_batch(
    context: Context, books: LedgerBooks, actions: Sequence[Action], applied: Applied
) -> None:
    """Encode, write down, send, and take the answers in; every step is stored before the next."""
    ready = [one for action in actions if (one := _encode(context, books, action, applied.ours))]
    applied.postponed += len(actions) - len(ready)
    # One call goes to one endpoint: the forms of a kind have their own.
    for path in dict.fromkeys(one.payload.path for one in ready):
        same = [one for one in ready if one.payload.path == path]
        _send_batch(context, books, [one.action for one in same], same, applied)


def _send_batch(
    context: Context,
    books: LedgerBooks,
    actions: Sequence[Action],
    sent: list[Sent],
    applied: Applied,
) -> None:
    entity = context.entities[actions[0].kind]
    side, verb = actions[0].side, actions[0].verb
    remote = context.remote(side)
    body = remote.compose(entity.kind, verb, [one.payload for one in sent])
    sent, batch = write_down(context, entity, sent, body)
    note_sent(context, sent)
    results = send(context, remote, batch)
    applied.tried.update(version.key for one in sent for version in one.action.versions)
    if results is None:
        applied.unknown += len(sent)
        return
    spared = [one for one, result in zip(sent, results, strict=True) if _is_spared(result)]
    with context.store.atomically():
        for one, result in zip(sent, results, strict=True):
            if one in spared and len(sent) > 1:
                not_sent(context, one, "Another element of its batch could not be read.")
            elif take_in(context, entity, one, result):
                applied.count(one.action)
                applied.partly |= _left_over(entity, one)
                _note_ours(context, one.action, applied)
            else:
                applied.refused += 1
        note_answered(context, sent)
        written = [(o, r) for o, r in zip(sent, results, strict=True) if isinstance(r, Written)]
        made = [Key(entity.kind, side, result.id) for _one, result in written]
        _in_step(context, [*made, *(v.key for one, _ in written for v in one.action.versions)])
    if len(sent) > 1:
        _apply_spared(context, books, spared, applied, alone=len(spared) == len(sent))


def _note_ours(context: Context, action: Action, applied: Applied) -> None:
    """The other half of an update rests on what the first half has made of the record."""
    target = action.on(action.side)
    if action.part and target is not None:
        found = context.store.mirrors(target.kind, target.side, [target.id])
        applied.ours.setdefault(target, set()).update(one.version for one in found.values())


def _left_over(entity: Entity, one: Sent) -> set[Key]:
    """The source of a create that could not carry all of it, or of one update of several."""
    source = one.mirrors.get(one.action.side.other)
    if source is not None and (one.action.part or one.payload.carried is not None):
        return {source.key}
    if one.action.verb is not Verb.CREATE or one.payload.whole or source is None:
        return set()
    return set() if entity.carried(source.record) == source.record else {source.key}


def _in_step(context: Context, keys: Iterable[Key]) -> None:
    """Where these records stand, said at once: the run may not live to its end."""
    context.store.note_states([(key, RecordState.IN_STEP, "", {}) for key in dict.fromkeys(keys)])


def _is_spared(result: Result) -> bool:
    """Refused only because Xero could not read another element of the same call."""
    return isinstance(result, NotWritten) and result.reason == "batch_rejected"


def _apply_spared(
    context: Context, books: LedgerBooks, spared: Sequence[Sent], applied: Applied, *, alone: bool
) -> None:
    """Send again what was in bad company; one by one where nobody knows who was the bad one."""
    actions = [one.action for one in spared]
    size = 1 if alone else max(len(actions), 1)
    for start in range(0, len(actions), size):
        _apply_batch(context, books, actions[start : start + size], applied)


def _encode(
    context: Context, books: LedgerBooks, action: Action, ours: Mapping[Key, Collection[int]]
) -> Sent | None:
    """The payload with the real ids of its parents; None leaves the action for the next plan."""
    mirrors = current(context, action, ours if action.part else None)
    if mirrors is None:
        return None
    link = _link_of(context, action)
    source = mirrors.get(action.side.other) or mirrors[action.side]
    target = mirrors.get(action.side)
    encoding = Encoding(
        source=source.record,
        source_id=source.key.id,
        share=action.share,
        target=target.record if target else None,
        target_id=target.key.id if target else "",
        facets=action.facets,
        roles=link.roles if link else Roles(),
        base=link.base_on(source.key.side) if link and action.reason != "answered" else None,
    )
    outcome = books.try_encode(encoder(context.entities[action.kind], action), encoding)
    if outcome.payload is None:
        return None
    return Sent(action=action, payload=outcome.payload, mirrors=mirrors, link=link)


def encoder(entity: Entity, action: Action) -> Encoder:
    """The encoder of an action; that there is one was checked when it was planned."""
    codec = entity.codec(action.side)
    assert codec is not None
    found = {
        Verb.CREATE: codec.create,
        Verb.UPDATE: codec.update,
        Verb.VOID: codec.void,
        Verb.DELETE: codec.delete,
    }[action.verb]
    assert found is not None
    return found


def _link_of(context: Context, action: Action) -> Link | None:
    if not action.perfex_id or not action.xero_id:
        return None
    return context.store.links(action.kind, Side.PERFEX, [action.perfex_id]).get(action.perfex_id)


def note(context: Context, action: Action, state: str, mirrors: dict[Side, Mirror]) -> None:
    """Keep what an action found, for the run's page."""
    before = mirrors.get(action.side) or next(iter(mirrors.values()), None)
    context.store.record_action(
        context.run.id,
        action.key,
        state,
        before=msgspec.json.encode(before.record) if before else b"",
        after=b"",
        note="",
    )
