"""Questions, answers, guard stops and approvals of one connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from xero_bridge.core.plan import Answer, Approval, GuardStop, Question
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Side
from xero_bridge.store import models
from xero_bridge.store.repository.part import Part, chunks

QUESTION = models.table_of(models.Question)
STOP = models.table_of(models.GuardStop)
APPROVAL = models.table_of(models.Approval)
#: States of a question.
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
_NO_ANSWER = {
    "answer": "",
    "answer_value": "",
    "answer_basis": "",
    "answered_by": "",
    "answered_at": None,
}


class Decisions(Part):
    """What waits for a person, and what persons decided, about one connection."""

    def keep_questions(
        self, questions: Sequence[Question], looked_at: Iterable[Key], now: datetime
    ) -> None:
        """Open or refresh these; close open ones about records looked at that are not among them.

        An answered question stays answered while its basis is the same, else it opens again.
        """
        asked = {question.key: question for question in questions}
        self._close_unasked(set(asked), set(looked_at), now)
        for chunk in chunks(asked.values()):
            known = self._asked_before(question.key for question in chunk)
            rows = [_question_row(question, known.get(question.key), now) for question in chunk]
            self._upsert(QUESTION, rows, ("key",))

    def answers(self) -> dict[str, Answer]:
        """Answers in force, by question key."""
        rows = self._all(
            sa.select(QUESTION).where(self._mine(QUESTION), QUESTION.c.state == ANSWERED)
        )
        return {row.key: _answer(row) for row in rows}

    def drop_answer(self, question: str) -> None:
        """An answer has been carried out: forget it and close its question."""
        self._write(
            sa.update(QUESTION)
            .where(self._mine(QUESTION), QUESTION.c.key == question)
            .values(state=CLOSED, **_NO_ANSWER)
        )

    def open_questions(self) -> int:
        """How many questions wait for a person."""
        counted = sa.select(sa.func.count()).select_from(QUESTION)
        return int(self._value(counted.where(self._mine(QUESTION), QUESTION.c.state == OPEN)))

    def asked(self) -> dict[str, Question]:
        """Questions that are open or answered, by key."""
        rows = self._all(
            sa.select(QUESTION.c.key, QUESTION.c.content)
            .where(self._mine(QUESTION), QUESTION.c.state != CLOSED)
            .order_by(QUESTION.c.id)
        )
        return {row.key: msgspec.convert(row.content, Question) for row in rows}

    def save_answer(self, answer: Answer) -> bool:
        """Record a person's answer to a question that is open or answered.

        The planner looks at its records again. False when the question is closed, unknown or rests
        on something else by now.
        """
        statement = (
            sa.update(QUESTION)
            .where(
                self._mine(QUESTION),
                QUESTION.c.key == answer.question,
                QUESTION.c.state.in_([OPEN, ANSWERED]),
                QUESTION.c.basis == answer.basis,
            )
            .values(
                state=ANSWERED,
                answer=answer.code,
                answer_value=answer.value,
                answer_basis=answer.basis,
                answered_by=answer.by,
                answered_at=answer.at,
            )
        )
        return self._write(statement).rowcount == 1

    def keep_stops(self, stops: Sequence[GuardStop], now: datetime) -> None:
        """Replace the guard stops that wait for a person."""
        self._write(sa.delete(STOP).where(self._mine(STOP)))
        rows = [
            {
                "guard": stop.guard,
                "details": stop.details,
                "count": stop.count,
                "amount": stop.amount,
                "typed": stop.typed,
                "final": stop.final,
                "stopped_at": now,
            }
            for stop in {stop.guard: stop for stop in stops}.values()
        ]
        self._upsert(STOP, rows, ("guard",))

    def stops(self) -> list[GuardStop]:
        """The guard stops that wait for a person."""
        rows = self._all(
            sa.select(STOP, STOP.c["count"].label("most"))
            .where(self._mine(STOP))
            .order_by(STOP.c.id)
        )
        return [
            GuardStop(
                guard=row.guard,
                details=row.details,
                count=row.most,
                amount=row.amount,
                typed=row.typed,
                final=row.final,
            )
            for row in rows
        ]

    def approve(self, approval: Approval) -> None:
        """Record a person's consent; a later one for the same guard replaces it."""
        row = {
            "guard": approval.guard,
            "count": approval.count,
            "amount": approval.amount,
            "by": approval.by,
            "at": approval.at,
        }
        self._upsert(APPROVAL, [row], ("guard",))

    def approvals(self) -> list[Approval]:
        """Consents in force."""
        rows = self._all(
            sa.select(APPROVAL, APPROVAL.c["count"].label("most"))
            .where(self._mine(APPROVAL))
            .order_by(APPROVAL.c.id)
        )
        return [
            Approval(guard=row.guard, count=row.most, amount=row.amount, by=row.by, at=row.at)
            for row in rows
        ]

    def drop_approvals(self) -> None:
        """Consents are used up once the run that they were given for has applied its plan."""
        self._write(sa.delete(APPROVAL).where(self._mine(APPROVAL)))

    def _close_unasked(self, asked: set[str], looked_at: set[Key], now: datetime) -> None:
        columns = [QUESTION.c[name] for name in ("id", "key", "kind", "perfex_id", "xero_id")]
        rows = self._all(sa.select(*columns).where(self._mine(QUESTION), QUESTION.c.state == OPEN))
        idle = [row.id for row in rows if row.key not in asked and _about(row) & looked_at]
        for chunk in chunks(idle):
            self._write(
                sa.update(QUESTION)
                .where(QUESTION.c.id.in_(chunk))
                .values(state=CLOSED, closed_at=now)
            )

    def _asked_before(self, keys: Iterable[str]) -> dict[str, sa.Row[Any]]:
        wanted = sa.select(QUESTION).where(self._mine(QUESTION), QUESTION.c.key.in_(list(keys)))
        return {row.key: row for row in self._all(wanted)}


def _about(row: sa.Row[Any]) -> set[Key]:
    """The records that a question is about."""
    ids = {Side.PERFEX: row.perfex_id, Side.XERO: row.xero_id}
    return {Key(row.kind, side, held) for side, held in ids.items() if held}


def _question_row(question: Question, before: sa.Row[Any] | None, now: datetime) -> dict[str, Any]:
    stands = before is not None and before.state == ANSWERED and before.basis == question.basis
    waits = before is not None and before.state == OPEN
    answer = {name: getattr(before, name) for name in _NO_ANSWER} if stands else _NO_ANSWER
    return {
        "key": question.key,
        "kind": question.kind.value,
        "reason": question.reason,
        "perfex_id": question.perfex_id or "",
        "xero_id": question.xero_id or "",
        "label": question.label,
        "amount": question.amount,
        "currency": question.currency,
        "basis": question.basis,
        "content": question,
        "state": ANSWERED if stands else OPEN,
        "first_seen_at": before.first_seen_at if before is not None and (stands or waits) else now,
        "asked_at": now,
        "closed_at": None,
        **answer,
    }


def _answer(row: sa.Row[Any]) -> Answer:
    return Answer(
        question=row.key,
        code=row.answer,
        value=row.answer_value,
        basis=row.answer_basis,
        by=row.answered_by,
        at=row.answered_at,
    )
