"""Writing down before sending: journal rows, the batch with its exact bytes, then the call."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.errors import LeaseLost, NotConnected, Retriable, Unknown
from xero_bridge.core.plan import Action
from xero_bridge.core.ports import JournalRow
from xero_bridge.core.record import Key
from xero_bridge.core.remote import Batch, Member, Remote, Result
from xero_bridge.core.vocabulary import JournalState, Side, Verb
from xero_bridge.engine.context import Context
from xero_bridge.engine.outcome import Sent


def write_down(
    context: Context, entity: Entity, sent: Sequence[Sent], body: bytes
) -> tuple[list[Sent], Batch]:
    """Journal rows (creates and removals) and the batch with its exact bytes, before sending."""
    action = sent[0].action
    with context.store.atomically():
        if action.verb.journalled:
            rows = context.store.add_journal([_journal_row(context, one) for one in sent])
            sent = [replace(one, journal=row) for one, row in zip(sent, rows, strict=True)]
        members = tuple(_member(one) for one in sent)
        batch = context.store.add_batch(
            Batch(
                side=action.side,
                kind=entity.kind,
                verb=action.verb,
                body=body,
                key=_idempotency_key(context, action, body, members),
                members=members,
                created_at=context.clock.now(),
            )
        )
        return [_mark_sent(context, one, batch) for one in sent], batch


def _member(one: Sent) -> Member:
    journal_id = one.journal.id if one.journal else None
    target = one.action.on(one.action.side)
    return Member(
        journal_id=journal_id,
        mark=one.payload.mark,
        target_id=target.id if target else "",
        path=one.payload.path,
        adds=one.payload.adds,
        removes=one.payload.removes,
    )


def _mark_sent(context: Context, one: Sent, batch: Batch) -> Sent:
    """From here on the outcome counts as unknown until an answer says otherwise."""
    if one.journal is None:
        return one
    row = msgspec.structs.replace(
        one.journal, state=JournalState.SENT, batch_id=batch.id, sent_at=batch.created_at
    )
    context.store.save_journal(row)
    return replace(one, journal=row)


def _journal_row(context: Context, one: Sent) -> JournalRow:
    action = one.action
    source = one.mirrors.get(action.side.other) or one.mirrors[action.side]
    return JournalRow(
        kind=action.kind,
        verb=action.verb,
        side=action.side,
        source=action.source if action.verb is Verb.CREATE else _target(action),
        state=JournalState.PLANNED,
        mark=one.payload.mark,
        high_water=_high_water(context, one),
        digest=one.digest,
        record=msgspec.json.encode(source.record),
        made_at=context.clock.now(),
    )


def _high_water(context: Context, one: Sent) -> str:
    """The highest id known before a create that leaves no mark: a lost one must be above it."""
    action = one.action
    if action.side is Side.XERO or action.verb is not Verb.CREATE or one.payload.mark:
        return ""
    ids = (id_ for id_ in context.store.rows(action.kind, action.side) if id_.isdigit())
    return str(max(map(int, ids), default=0))


def _target(action: Action) -> Key:
    target = action.on(action.side)
    assert target is not None
    return target


def _idempotency_key(
    context: Context, action: Action, body: bytes, members: Sequence[Member]
) -> str:
    """A hash of organisation, endpoint, bytes and journal rows: another attempt is another key.

    What is added to a record has no journal row: its key stays the same, so that Xero takes it once
    even if an answer was lost and the record was read too early.
    """
    tenant = context.store.facts().get("tenant_id", context.store.connection)
    rows = ",".join(str(member.journal_id or member.target_id) for member in members)
    attempt = "" if members[0].adds else context.run.id
    made = f"{tenant}|{action.side}|{action.kind}|{action.verb}|{rows}|{attempt}|".encode()
    return "xb-" + hashlib.sha256(made + body).hexdigest()[:48]


def send(
    context: Context, remote: Remote, batch: Batch, *, again: bool = False
) -> tuple[Result, ...] | None:
    """Send a batch that is written down; None: the outcome is unknown and recovery looks for it.

    An error that comes through means that nothing happened over there: the rows are closed, so
    that their records may be planned again. They stay open where the batch is sent `again`:
    nobody knows yet what became of it the first time.
    """
    try:
        context.lease.check()
        return remote.send(batch)
    except Unknown as error:
        _note_on_rows(context, batch, str(error))
        return None
    except (Retriable, NotConnected, LeaseLost) as error:
        state = None if again else JournalState.REFUSED
        _note_on_rows(context, batch, str(error), state=state)
        raise


def _note_on_rows(
    context: Context, batch: Batch, message: str, *, state: JournalState | None = None
) -> None:
    rows = {row.id: row for row in context.store.unfinished()}
    with context.store.atomically():
        for member in batch.members:
            row = rows.get(member.journal_id)
            if row is not None:
                changed = msgspec.structs.replace(row, message=message, state=state or row.state)
                context.store.save_journal(changed)
