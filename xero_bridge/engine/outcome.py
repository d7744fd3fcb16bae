"""Taking answers in: what a side wrote becomes mirror, link and bases in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from xero_bridge.core.entity import Entity, Payload
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.plan import Action, Choice
from xero_bridge.core.ports import JournalRow
from xero_bridge.core.record import Key, Link, Mirror, Record, Roles
from xero_bridge.core.remote import NotWritten, Result, Written
from xero_bridge.core.vocabulary import JournalState, Side, Verb
from xero_bridge.engine.bases import advanced
from xero_bridge.engine.books import LedgerBooks, digest_of
from xero_bridge.engine.context import Context
from xero_bridge.engine.linking import line_ids
from xero_bridge.engine.making import make_question, versions
from xero_bridge.engine.obstacles import refusal
from xero_bridge.engine.reading_back import note_seen, note_unseen

#: What is said of a write that a side answers without error, and never shows.
_NOT_TAKEN = "It was sent several times, answered without an error, and is not there."


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An action on its way: what is sent, what it was planned on, its journal row."""

    action: Action
    payload: Payload
    mirrors: dict[Side, Mirror]
    link: Link | None = None
    journal: JournalRow | None = None

    @property
    def digest(self) -> str:
        """Hash of what is sent."""
        return digest_of(self.payload)


def take_in(context: Context, entity: Entity, one: Sent, result: Result) -> bool:
    """Store one element's answer. True: it was written; False: it was refused."""
    with context.store.atomically():
        if isinstance(result, NotWritten):
            _refused(context, one, result)
            return False
        match one.action.verb:
            case Verb.CREATE:
                _created(context, entity, one, result)
            case Verb.UPDATE:
                if not _updated(context, entity, one, result):
                    return False
            case _:
                _removed(context, one, result)
        _compare_totals(context, one, result)
    return True


def not_sent(context: Context, one: Sent, why: str) -> None:
    """Close the row of an element that was not looked at: it may be sent again."""
    with context.store.atomically():
        _finish(context, one, JournalState.REFUSED, why=why)


def _finish(
    context: Context, one: Sent, state: JournalState, *, id_: str = "", why: str = ""
) -> None:
    if one.journal is not None:
        row = msgspec.structs.replace(one.journal, state=state, result_id=id_, message=why)
        context.store.save_journal(row)
    before = one.mirrors.get(one.action.side) or next(iter(one.mirrors.values()))
    context.store.record_action(
        context.run.id,
        one.action.key,
        state.value,
        before=msgspec.json.encode(before.record),
        after=msgspec.json.encode(one.payload.body),
        note=why,
    )


def _refused(context: Context, one: Sent, result: NotWritten) -> None:
    """A refusal is a question with the side's own words; it is not sent again by itself."""
    _finish(context, one, JournalState.REFUSED, why=result.message)
    source = one.mirrors.get(one.action.side.other) or one.mirrors[one.action.side]
    other = one.mirrors.get(one.action.side) if source.key.side is not one.action.side else None
    holders = _holders(context, source, other) if result.reason == "duplicate_number" else ()
    asked = refusal(result.reason, result.message, source, other, one.digest, holders)
    # An answer to try again has been carried out by this.
    context.store.drop_answer(asked.key)
    context.store.keep_questions([asked], (), context.clock.now())


def _holders(context: Context, source: Mirror, other: Mirror | None) -> tuple[Mirror, ...]:
    """Who holds the number in Xero: a person is shown both documents."""
    number = source.record.label.casefold()
    return tuple(
        mirror
        for mirror in context.store.mirrors_of(source.key.kind, Side.XERO)
        if mirror.record.label.casefold() == number and not mirror.gone and mirror != other
    )


def _created(context: Context, entity: Entity, one: Sent, result: Written) -> None:
    source = one.mirrors[one.action.side.other]
    target = _mirror_answer(context, one, result)
    ids = {source.key.side: source.key.id, one.action.side: result.id}
    carried = source.record if one.payload.whole else entity.carried(source.record)
    bases: dict[Side, Record | None] = {source.key.side: carried, one.action.side: target}
    stamp = source.stamp if source.key.side is Side.PERFEX else _stamp(result)
    context.store.save_link(
        Link(
            kind=entity.kind,
            perfex_id=ids[Side.PERFEX],
            xero_id=ids[Side.XERO],
            stamp=stamp,
            base_perfex=bases[Side.PERFEX],
            base_xero=bases[Side.XERO],
            roles=_roles(one.payload, result),
            declared=dict(one.payload.declared),
            born_on=source.key.side,
        )
    )
    if carried == source.record:
        context.store.settle(one.action.versions)
    _finish(context, one, JournalState.DONE, id_=result.id, why=" ".join(result.warnings))


def _updated(context: Context, entity: Entity, one: Sent, result: Written) -> bool:
    """Both bases move on together, now that the write is known to be done; False: not taken."""
    assert one.link is not None
    source = one.mirrors[one.action.side.other]
    target = _mirror_answer(context, one, result)
    if target is None or not _shows(context, entity, one, target):
        key = one.mirrors[one.action.side].key
        context.store.make_dirty(mirror.key for mirror in one.mirrors.values())
        if note_unseen(context, key, one.digest):
            return True
        note_seen(context, key)
        _refused(context, one, NotWritten(reason=f"refused_by_{key.side}", message=_NOT_TAKEN))
        return False
    note_seen(context, one.mirrors[one.action.side].key)
    _move_on(context, entity, one, result, target)
    if not one.action.part and one.payload.carried is None:
        context.store.settle(versions(source))
        _settle_answer(context, one, result)
    _finish(context, one, JournalState.DONE, id_=result.id, why=" ".join(result.warnings))
    return True


def _move_on(context: Context, entity: Entity, one: Sent, result: Written, target: Record) -> None:
    """The link with its new bases: whole, or in the facets that were written."""
    assert one.link is not None
    side, source = one.action.side, one.mirrors[one.action.side.other]
    now = {side.other: one.payload.carried or source.record, side: target}
    roles = _roles(one.payload, result) if one.payload.line_roles else one.link.roles
    if side is Side.PERFEX and "lines" in one.action.facets:
        roles = _all_items(source.record)
    spared = {f"accepted:{facet}" for facet in one.action.facets}
    kept = {name: pair for name, pair in one.link.declared.items() if name not in spared}
    if one.action.part or one.payload.carried is not None:
        facets = one.payload.covers or one.action.facets
        now = {
            on: advanced(entity, one.link.base_on(on), record, facets) or record
            for on, record in now.items()
        }
    context.store.save_link(
        msgspec.structs.replace(
            one.link,
            base_perfex=now[Side.PERFEX],
            base_xero=now[Side.XERO],
            roles=roles,
            declared={**kept, **one.payload.declared},
        )
    )


def _all_items(xero: Record) -> Roles:
    """Lines that were carried over to Perfex stand for its own from now on, whoever added them."""
    return Roles(lines=tuple((id_, "item") for id_ in line_ids(xero)))


def _shows(context: Context, entity: Entity, one: Sent, target: Record) -> bool:
    """Whether what a side shows after a write can be what was written.

    Perfex's module may answer with what it kept from before: that says nothing yet.
    """
    before = one.mirrors[one.action.side]
    is_part = one.payload.adds or one.payload.removes
    if target != before.record or (one.action.side is Side.XERO and not is_part):
        return True
    if is_part:
        return False
    source = one.mirrors[Side.XERO].record
    try:
        wanted = entity.shown_on(Side.PERFEX, source, LedgerBooks(context))
    except (Held, Waiting):
        return False
    now = entity.facets_of(target, Side.PERFEX)
    return all(name in wanted and wanted[name] == now.get(name) for name in one.action.facets)


def _removed(context: Context, one: Sent, result: Written) -> None:
    target = _mirror_answer(context, one, result)
    if target is None:
        key = Key(one.action.kind, one.action.side, result.id)
        context.store.mark_gone([key])
    if one.action.reason == "payment_changed" and one.link is not None:
        # It was deleted in Xero to be entered anew: without a link it is a birth again.
        context.store.drop_link(one.link)
        source = one.mirrors[one.action.side.other]
        context.store.make_dirty([source.key])
    _finish(context, one, JournalState.DONE, id_=result.id, why=" ".join(result.warnings))


def _mirror_answer(context: Context, one: Sent, result: Written) -> Record | None:
    """The answer to a write is the read-back: it becomes the mirror, and needs no planning."""
    if result.seen is None:
        return None
    context.store.save_seen([result.seen], context.clock.now())
    if one.action.verb is Verb.CREATE:
        _settle_answer(context, one, result)
    return result.seen.record


def _settle_answer(context: Context, one: Sent, result: Written) -> None:
    key = Key(one.action.kind, one.action.side, result.id)
    mirror = context.store.mirrors(key.kind, key.side, [key.id]).get(key.id)
    if mirror is not None:
        context.store.settle(versions(mirror))


def _stamp(result: Written) -> str:
    return result.seen.stamp if result.seen else ""


def _roles(payload: Payload, result: Written) -> Roles:
    """Our own lines are known by their ids: roles in sending order meet ids in answer order."""
    pairs = zip(result.line_ids, payload.line_roles, strict=False)
    return Roles(lines=tuple(pairs))


def _compare_totals(context: Context, one: Sent, result: Written) -> None:
    """What Xero answered must be what was forecast; otherwise a person sees it in the same run."""
    expected = one.payload.expects
    if expected is None or result.total is None or result.tax is None:
        return
    if (result.total, result.tax) == (expected.total, expected.tax):
        return
    mirrors = tuple(one.mirrors.values())
    details = {
        "xero_total": f"{result.total:.2f}",
        "xero_tax": f"{result.tax:.2f}",
        "total": f"{expected.total:.2f}",
        "tax": f"{expected.tax:.2f}",
        "side": one.action.side.capitalize(),
    }
    question = make_question(
        one.action.kind,
        "totals_differ",
        *mirrors,
        choices=(Choice(code="accept", label="Accept the difference"),),
        details=details,
        basis=f"{result.total}|{result.tax}",
    )
    context.store.keep_questions([question], (), context.clock.now())
