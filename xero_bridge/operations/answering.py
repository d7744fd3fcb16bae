"""Many answers at once: all of one connection are kept together, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from xero_bridge.core.plan import Answer
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Side
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.questions import QuestionView, checked, question_views
from xero_bridge.operations.rows import note, store_of, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.store import models

LINK = "link"


class Reply(NamedTuple):
    """An answer to one question, and the value with it."""

    view: QuestionView
    code: str
    value: str = ""


def exact_pairs(views: Sequence[QuestionView]) -> list[Reply]:
    """What can be accepted without looking: one candidate, found exactly, that nobody else wants.

    Exact is a tax number, an e-mail address or the whole name (whatever its case), with names that
    are alike and no tax number that contradicts.
    """
    wanted = Counter(
        (view.connection, candidate) for view in views for candidate in view.question.candidates
    )
    return [
        Reply(view, LINK, view.question.candidates[0].id)
        for view in views
        if len(view.question.candidates) == 1
        and any(each.exact for each in view.question.judged)
        and any(choice.code == LINK for choice in view.choices)
        and wanted[view.connection, view.question.candidates[0]] == 1
    ]


def accept_exact(services: Services, name: str | None = None, *, by: By) -> int:
    """Link all exact pairs that are asked about; how many. The next run carries it out."""
    replies = exact_pairs(question_views(services, name))
    for connection in dict.fromkeys(reply.view.connection for reply in replies):
        mine = [reply for reply in replies if reply.view.connection == connection]
        give(services, connection, mine, by=by)
    return len(replies)


def give(services: Services, connection: str, replies: Sequence[Reply], *, by: By) -> None:
    """Keep these answers to questions of one connection: all of them, or none.

    Raises `NotAccepted` naming the first that does not fit (any more).
    """
    if not replies:
        return
    store, now = store_of(services, connection), services.clock.now()
    with store.atomically():
        for view, code, value in replies:
            text = checked(store, view, code, value)
            basis = view.question.basis
            given = Answer(
                question=view.key, code=code, value=text, basis=basis, by=by.name, at=now
            )
            if not store.save_answer(given):
                raise NotAccepted(
                    f"{view.label or view.key} has changed since this was asked: nothing was kept. "
                    "Look at it again."
                )
        store.make_dirty(key for reply in replies for key in _records(reply.view))
    with writing(services) as session:
        session.execute(
            sa.update(models.Connection)
            .where(models.Connection.name == connection)
            .values(next_run_at=None)
        )
        counts = Counter(reply.code for reply in replies)
        note(session, services, by, "answered many", connection, **dict(counts))


def _records(view: QuestionView) -> list[Key]:
    question = view.question
    ids = ((Side.PERFEX, question.perfex_id), (Side.XERO, question.xero_id))
    return [Key(question.kind, side, id) for side, id in ids if id]
