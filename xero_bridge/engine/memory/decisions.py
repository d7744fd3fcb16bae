"""Questions, answers, guard stops and approvals in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from xero_bridge.core.plan import Answer, Approval, GuardStop, Question
from xero_bridge.core.record import Key
from xero_bridge.engine.memory.held import Asked, Part, about


class Decisions(Part):
    """What waits for a person, and what persons decided."""

    def keep_questions(
        self, questions: Sequence[Question], looked_at: Iterable[Key], now: datetime
    ) -> None:
        """Open or refresh these; close open ones about records looked at that are not among them.

        An answered question stays answered while its basis is the same, else it opens again.
        """
        held = self._writing.questions
        asked = {question.key: question for question in questions}
        looked = set(looked_at)
        for key, one in list(held.items()):
            if one.waits and key not in asked and about(one.question) & looked:
                held[key] = msgspec.structs.replace(one, waits=False)
        for key, question in asked.items():
            held[key] = _ask(question, held.get(key), now)

    def asked(self) -> dict[str, Question]:
        """Questions that are open or answered, by key."""
        held = self._held.questions.items()
        return {key: one.question for key, one in held if one.waits or one.answer}

    def save_answer(self, answer: Answer) -> bool:
        """Record a person's answer to a question that is open or answered.

        The planner looks at its records again. False when the question is closed, unknown or rests
        on something else by now.
        """
        one = self._writing.questions.get(answer.question)
        if one is None or not (one.waits or one.answer) or one.question.basis != answer.basis:
            return False
        answered = msgspec.structs.replace(one, waits=False, answer=answer)
        self._writing.questions[answer.question] = answered
        return True

    def answers(self) -> dict[str, Answer]:
        """Answers in force, by question key."""
        return {key: one.answer for key, one in self._held.questions.items() if one.answer}

    def drop_answer(self, question: str) -> None:
        """An answer has been carried out: forget it and close its question."""
        one = self._writing.questions.get(question)
        if one:
            closed = msgspec.structs.replace(one, waits=False, answer=None)
            self._writing.questions[question] = closed

    def open_questions(self) -> int:
        """How many questions wait for a person."""
        return sum(one.waits for one in self._held.questions.values())

    def keep_stops(self, stops: Sequence[GuardStop], now: datetime) -> None:
        """Replace the guard stops that wait for a person."""
        self._writing.stops = {stop.guard: stop for stop in stops}

    def stops(self) -> list[GuardStop]:
        """The guard stops that wait for a person."""
        return list(self._held.stops.values())

    def approve(self, approval: Approval) -> None:
        """Record a person's consent; a later one for the same guard replaces it."""
        self._writing.approvals[approval.guard] = approval

    def approvals(self) -> list[Approval]:
        """Consents in force."""
        return list(self._held.approvals.values())

    def drop_approvals(self) -> None:
        """Consents are used up once the run that they were given for has applied its plan."""
        self._writing.approvals = {}


def _ask(question: Question, before: Asked | None, now: datetime) -> Asked:
    if before is None or not (before.waits or before.answer):
        return Asked(question=question, first_seen_at=now)
    stands = before.answer is not None and before.question.basis == question.basis
    return Asked(
        question=question,
        waits=not stands,
        answer=before.answer if stands else None,
        first_seen_at=before.first_seen_at if stands or before.waits else now,
    )
