"""Recover: explain every unfinished write first. Unknown is never taken for failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from xero_bridge.core.entity import Agreement, Encoding, Entity
from xero_bridge.core.plan import Action, Choice, Question, Version
from xero_bridge.core.ports import JournalRow
from xero_bridge.core.record import Key, Mirror, Record
from xero_bridge.core.remote import Batch
from xero_bridge.core.vocabulary import JournalState, Kind, Side, Verb
from xero_bridge.engine.apply import encoder
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import Context
from xero_bridge.engine.linking import found_link
from xero_bridge.engine.outcome import Sent, take_in
from xero_bridge.engine.reading import Pulled
from xero_bridge.engine.sending import send
from xero_bridge.engine.unmarked import newcomers, that_show

#: Xero answers a repeated key with its first answer for 6 minutes; we stop a minute before.
RESEND_WINDOW = timedelta(minutes=5)
#: From when on nobody can still be working on a write: Xero's key has ended; Perfex's request has
#: timed out twice over and its cache of 300 seconds is stale.
JUDGED_AFTER = timedelta(minutes=6)
#: Complete pulls without a trace of the record before it counts as never written.
LOOKS = 2


def resend(context: Context) -> None:
    """Before the pull: batches without an answer go again, byte for byte, while that is safe."""
    rows: dict[int, list[JournalRow]] = defaultdict(list)
    for row in context.store.unfinished():
        if row.state is JournalState.PLANNED:
            _close(context, row, "It was never sent.")
        elif row.batch_id is not None:
            rows[row.batch_id].append(row)
    now = context.clock.now()
    for batch_id, members in rows.items():
        batch = context.store.batch(batch_id)
        if batch is None or batch.side is not Side.XERO or _is_made_since(context, members):
            continue
        if now - batch.created_at < RESEND_WINDOW:
            _resend(context, batch, members)


def _is_made_since(context: Context, rows: Sequence[JournalRow]) -> bool:
    """Whether another run, which took over, has made one of the records in the meantime."""
    return any(
        row.source.id in context.store.links(row.kind, row.source.side, [row.source.id])
        for row in rows
        if row.verb is Verb.CREATE
    )


def _resend(context: Context, batch: Batch, rows: Sequence[JournalRow]) -> None:
    results = send(context, context.remote(batch.side), batch, again=True)
    if results is None:
        return
    entity = context.entities[batch.kind]
    books = LedgerBooks(context)
    by_id = {row.id: row for row in rows}
    for member, result in zip(batch.members, results, strict=True):
        row = by_id.get(member.journal_id)
        one = _as_sent(context, books, entity, row) if row else None
        if one is not None:
            take_in(context, entity, one, result)
            _look_again(context, one)


def _as_sent(context: Context, books: LedgerBooks, entity: Entity, row: JournalRow) -> Sent | None:
    """The action of a journal row once more, with the records as they are stored now."""
    link = context.store.links(row.kind, row.source.side, [row.source.id]).get(row.source.id)
    source = _source(context, row)
    if source is None:
        return None
    mirrors = {source.key.side: source}
    if row.verb is not Verb.CREATE and link is not None:
        other = _mirror(context, Key(row.kind, row.side.other, link.id_on(row.side.other)))
        mirrors |= {other.key.side: other} if other else {}
    ids = {side: mirror.key.id for side, mirror in mirrors.items()}
    action = Action(
        kind=row.kind,
        verb=row.verb,
        side=row.side,
        perfex_id=ids.get(Side.PERFEX),
        xero_id=ids.get(Side.XERO),
        label=source.record.label,
        reason="recovered",
        versions=tuple(Version(key=m.key, version=m.version) for m in mirrors.values()),
    )
    target = mirrors.get(row.side) if row.verb is not Verb.CREATE else None
    encoding = Encoding(
        source=source.record,
        source_id=source.key.id,
        target=target.record if target else None,
        target_id=target.key.id if target else "",
    )
    payload = books.try_encode(encoder(entity, action), encoding).payload
    if payload is None:
        return None
    return Sent(action=action, payload=payload, mirrors=mirrors, link=link, journal=row)


def _look_again(context: Context, one: Sent) -> None:
    """The source may have been edited since it was sent: it is planned anew."""
    with context.store.atomically():
        context.store.make_dirty(mirror.key for mirror in one.mirrors.values())


def _source(context: Context, row: JournalRow) -> Mirror | None:
    """The record that was sent, as it was then: a later edit of it has not been carried over."""
    mirror = _mirror(context, row.source)
    if mirror is None or not row.record:
        return mirror
    record = msgspec.json.decode(row.record, type=context.entities[row.kind].record)
    return msgspec.structs.replace(mirror, record=record)


def _mirror(context: Context, key: Key) -> Mirror | None:
    return context.store.mirrors(key.kind, key.side, [key.id]).get(key.id)


def explain(context: Context, pulled: Pulled) -> None:
    """After the pull: look for what was written without an answer."""
    now = context.clock.now()
    for row in context.store.unfinished():
        if row.verb is Verb.CREATE:
            _explain_create(context, row, pulled, now)
        else:
            _explain_removal(context, row, pulled, now)


def _explain_create(context: Context, row: JournalRow, pulled: Pulled, now: datetime) -> None:
    bearers = _bearers(context, row) if row.mark else newcomers(context, row)
    ours = (
        [found for found in bearers if _agrees(context, row, found)]
        if row.mark
        else that_show(context, row, _sent_record(context, row), bearers)
    )
    if ours:
        _adopt(context, row, min(ours, key=lambda mirror: mirror.first_seen_at))
        return
    if not _can_judge(row, pulled, now):
        return
    looked = msgspec.structs.replace(row, state=JournalState.UNKNOWN, looked=row.looked + 1)
    with context.store.atomically():
        context.store.save_journal(looked)
    if looked.looked < LOOKS:
        return
    if (row.mark or row.high_water) and not bearers:
        _close(context, looked, "It was looked for twice and is not there.")
    else:
        _ask(context, looked)


def _sent_record(context: Context, row: JournalRow) -> Record | None:
    source = _source(context, row)
    return source.record if source else None


def _bearers(context: Context, row: JournalRow) -> list[Mirror]:
    """Unlinked records with our mark that came into being with this write; no older ones."""
    if not row.mark:
        return []
    bearers = context.store.find_marks(row.kind, row.side, [row.mark]).get(row.mark, [])
    linked = context.store.links(row.kind, row.side, [mirror.key.id for mirror in bearers])
    return [one for one in bearers if one.key.id not in linked and _came_after(one, row)]


def _agrees(context: Context, row: JournalRow, found: Mirror) -> bool:
    """Whether it can be what was sent: another site may write its payments with our tag.

    Nobody can move a payment to another invoice; other records may have been edited since, and
    one that was deleted explains the write, whatever it shows.
    """
    entity, source = context.entities[row.kind], _source(context, row)
    if row.kind is not Kind.PAYMENT or found.record.closed or source is None:
        return True
    assert entity.fit is not None
    perfex, xero = (source, found) if row.side is Side.XERO else (found, source)
    return entity.fit(perfex, xero, LedgerBooks(context)).agreement is not Agreement.NO


def _came_after(mirror: Mirror, row: JournalRow) -> bool:
    sent = row.sent_at or row.made_at
    return mirror.first_seen_at >= sent - timedelta(minutes=2)


def _adopt(context: Context, row: JournalRow, found: Mirror) -> None:
    """The write was done: link it; one voided since explains the row and links nothing."""
    source = _source(context, row)
    entity = context.entities[row.kind]
    books = LedgerBooks(context)
    with context.store.atomically():
        done = msgspec.structs.replace(row, state=JournalState.DONE, result_id=found.key.id)
        context.store.save_journal(done)
        if source is not None and not found.record.closed:
            pair = (source, found) if source.key.side is Side.PERFEX else (found, source)
            context.store.save_link(found_link(books, entity, *pair, source.key.side))
            # The source may have been edited since it was sent: it is planned anew.
            context.store.make_dirty([source.key, found.key])


def _can_judge(row: JournalRow, pulled: Pulled, now: datetime) -> bool:
    """Nobody can still be working on it, and this run has read the whole list since then."""
    since = (row.sent_at or row.made_at) + JUDGED_AFTER
    begun = pulled.complete.get((row.kind, row.side))
    return now >= since and begun is not None and begun >= since


def _explain_removal(context: Context, row: JournalRow, pulled: Pulled, now: datetime) -> None:
    target = _mirror(context, row.source)
    if target is None or target.gone or target.record.closed:
        with context.store.atomically():
            context.store.save_journal(msgspec.structs.replace(row, state=JournalState.DONE))
    elif _can_judge(row, pulled, now):
        _close(context, row, "It was not removed.")


def _close(context: Context, row: JournalRow, why: str) -> None:
    """Not done: the record may be planned again, under a new key."""
    with context.store.atomically():
        closed = msgspec.structs.replace(
            row, state=JournalState.REFUSED, message=why, generation=row.generation + 1
        )
        context.store.save_journal(closed)
        context.store.make_dirty([row.source])


def _ask(context: Context, row: JournalRow) -> None:
    """Without a place for a mark only a person can say whether it is there."""
    source = _mirror(context, row.source)
    label = source.record.label if source else row.source.id
    side = row.source.side
    question = Question(
        kind=row.kind,
        reason="unknown_outcome",
        details={"label": label, "side": row.side.value.capitalize()},
        perfex_id=row.source.id if side is Side.PERFEX else None,
        xero_id=row.source.id if side is Side.XERO else None,
        label=label,
        choices=(
            Choice(code="absent", label="It is not there: create it"),
            Choice(code="link", label="It is this one", takes="record"),
        ),
        basis=str(row.id),
    )
    answer = context.store.answers().get(question.key)
    if answer is None or answer.basis != question.basis:
        with context.store.atomically():
            context.store.keep_questions([question], (), context.clock.now())
        return
    _carry_out(context, row, answer.code, answer.value)
    with context.store.atomically():
        context.store.drop_answer(question.key)


def _carry_out(context: Context, row: JournalRow, code: str, value: str) -> None:
    found = _mirror(context, Key(row.kind, row.side, value)) if code == "link" else None
    if found is not None:
        _adopt(context, row, found)
    elif code == "absent":
        _close(context, row, "A person said that it is not there.")
