"""The last phase of a run: what nothing explains becomes a question, one per record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from xero_bridge.core.differences import ACCEPTED
from xero_bridge.core.plan import Answer, Choice, Question, Side3
from xero_bridge.core.proof import UNPROVED, Finding
from xero_bridge.core.record import Link
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import Context
from xero_bridge.engine.judging import PROOF_REASONS, Case
from xero_bridge.engine.proving import Prover

_ACCEPT = Choice(code="accept", label="Accept the difference")
_LEAVE = Choice(code="leave", label="Leave it as it is")


def prove(context: Context) -> None:
    """Ask about differences that nothing explains, and close what has settled itself.

    Only pairs that differ in their figures are read; nothing is sent.
    """
    context.note(phase="Proving")
    prover = Prover(store=context.store, entities=context.entities, books=LedgerBooks(context))
    asked = dict(_asked(context, prover))
    over = [
        key
        for key, question in context.store.asked().items()
        if question.reason in PROOF_REASONS and key not in asked
    ]
    if not (asked or over):
        return
    with context.store.atomically():
        context.store.keep_questions(tuple(asked.values()), (), context.clock.now())
        for key in over:
            context.store.drop_answer(key)


def _asked(context: Context, prover: Prover) -> Iterator[tuple[str, Question]]:
    answers = context.store.answers()
    for entity in prover.provable():
        for case, findings in prover.judged(
            prover.compare(entity, context.store.apart(entity.kind))
        ):
            open_ones = [finding for finding in findings if finding.is_open]
            if not open_ones:
                continue
            question = _about(case, open_ones)
            if _is_accepted(answers.get(question.key), question):
                _declare(context, case, open_ones)
            else:
                yield question.key, question
        for stray in prover.strays(entity):
            # One that a person left as it is keeps its answer, as long as it is asked about.
            if stray.is_open or stray.reason == "accepted":
                question = _about_mark(stray)
                yield question.key, question


def _is_accepted(answer: Answer | None, question: Question) -> bool:
    return answer is not None and answer.basis == question.basis


def _declare(context: Context, case: Case, findings: Sequence[Finding]) -> None:
    """The link says from now on that both sides stay as they are."""
    assert isinstance(case.link, Link)
    parts = {finding.part for finding in findings}
    accepted = {
        f"{ACCEPTED}{name}": values
        for difference in case.differences
        if difference.part in parts
        for name, values in difference.told.items()
    }
    declared = {**case.link.declared, **accepted}
    with context.store.atomically():
        context.store.save_link(msgspec.structs.replace(case.link, declared=declared))


def _about(case: Case, findings: Sequence[Finding]) -> Question:
    first = findings[0]
    what = "; ".join(
        f"{finding.words}: {finding.perfex} in Perfex, {finding.xero} in Xero".replace("\n", ", ")
        for finding in findings
    )
    rows = tuple(
        Side3(facet=finding.words, perfex=finding.perfex, xero=finding.xero, sensitive=True)
        for finding in findings
    )
    return Question(
        kind=case.entity.kind,
        reason=UNPROVED,
        details={"label": first.label, "what": what},
        perfex_id=first.perfex_id,
        xero_id=first.xero_id,
        label=first.label,
        amount=next((abs(f.gap) for f in findings if f.gap is not None), None),
        currency=first.place.currency,
        choices=(_ACCEPT,),
        rows=rows,
        basis=_basis(findings),
    )


def _about_mark(stray: Finding) -> Question:
    part = stray.part
    return Question(
        kind=stray.place.kind,
        reason=part,
        details=stray.details,
        perfex_id=stray.perfex_id or None,
        xero_id=stray.xero_id or None,
        label=stray.label,
        choices=(_LEAVE,),
        basis=stray.perfex or stray.xero,
    )


def _basis(findings: Sequence[Finding]) -> str:
    told = [(finding.part, finding.perfex, finding.xero) for finding in findings]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:32]
