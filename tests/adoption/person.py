"""A person who knows who is who, and answers every question truthfully."""

from __future__ import annotations

from typing import NamedTuple

from tests.adoption.books import Existing
from xero_bridge.core.plan import Question
from xero_bridge.core.vocabulary import Kind

#: Records that are alike in something: each such question names what it may be.
DOUBTS = frozenset({"maybe_same", "several_same", "number_taken"})


class Reply(NamedTuple):
    """An answer and the value with it."""

    code: str
    value: str = ""


def truth(made: Existing, question: Question) -> Reply:
    """The true answer to a question of a first sync; it names a record that was offered."""
    if question.reason == "ask_before_create":
        twin = made.perfex_bill(made.xero_bills[question.xero_id or ""])
        return Reply("link", twin) if twin else Reply("leave")
    if question.reason not in DOUBTS:
        codes = [choice.code for choice in question.choices]
        return Reply("leave" if "leave" in codes else codes[0])
    twin = _twin(made, question)
    if not twin:
        return Reply("leave" if question.reason == "number_taken" else "create")
    offered = [candidate.id for candidate in question.candidates]
    assert twin in offered, f"{question.label} is {twin}, but it was asked about {offered}"
    return Reply("link", twin)


def _twin(made: Existing, question: Question) -> str:
    if question.kind is Kind.CUSTOMER:
        return made.xero_firm(made.perfex_firms[question.perfex_id or ""])
    assert question.kind is Kind.INVOICE, question
    return made.xero_bill(made.perfex_bills[question.perfex_id or ""])
