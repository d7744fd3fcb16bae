"""Questions: what only a person can decide, worth most money first, each with its answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.plan import Choice
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations import (
    answering,
    connections,
    mappings,
    plans,
    questions,
    runs,
    scopes,
)
from xero_bridge.operations.plans import StopView
from xero_bridge.operations.questions import QuestionView
from xero_bridge.operations.rows import store_of
from xero_bridge.operations.shelf import MAPPED
from xero_bridge.operations.sides import SideBySide, side_by_side
from xero_bridge.web.access import reaches, within_reach
from xero_bridge.web.here import back, by, given, services, shelf_of

blueprint = Blueprint("questions", __name__, url_prefix="/questions")
#: Questions on one page: the most valuable ones; answered ones make place.
MOST = 40


class Stop(NamedTuple):
    """A guard stop of one connection."""

    connection: str
    stop: StopView


@blueprint.get("")
def index() -> ResponseReturnValue:
    """What waits for a person: guard stops first, then questions by money."""
    return page()


def page(problems: Sequence[str] = ()) -> str:
    """The page as its address asks for it, with what is wrong with a sheet."""
    names = within_reach(view.name for view in connections.views(services()))
    chosen = request.args.get("connection", "")
    shown = [name for name in names if not chosen or name == chosen]
    open_ = [v for v in questions.question_views(services()) if v.connection in shown]
    found = wanted(open_, request.args)
    answered = questions.question_views(services(), state="answered")
    return render_template(
        "questions.html",
        names=names,
        chosen=chosen,
        filters=Filters.of(open_, request.args),
        stops=[Stop(name, stop) for name in shown for stop in plans.stops(services(), name)],
        questions=found[:MOST],
        more=max(len(found) - MOST, 0),
        total=len(found),
        everything=len(open_),
        exact=len(answering.exact_pairs(open_)),
        answered=[view for view in answered if view.connection in shown],
        problems=problems,
        options=options,
        suggested=suggested,
        naming=naming,
        sides=sides,
    )


class Filters(NamedTuple):
    """What the list can be narrowed to, with how many there are, and what was chosen."""

    kinds: dict[str, str]
    reasons: dict[str, str]
    kind: str
    reason: str

    @classmethod
    def of(cls, views: Sequence[QuestionView], chosen: Mapping[str, str]) -> Filters:
        """Choices of kind and reason with their counts."""
        kinds = Counter(view.kind for view in views)
        reasons = Counter(view.reason for view in views)
        return cls(
            kinds={kind: f"{kind.replace('_', ' ')} ({n})" for kind, n in kinds.most_common()},
            reasons={code: f"{code.replace('_', ' ')} ({n})" for code, n in reasons.most_common()},
            kind=chosen.get("kind", ""),
            reason=chosen.get("reason", ""),
        )


def wanted(views: Sequence[QuestionView], chosen: Mapping[str, str]) -> list[QuestionView]:
    """Those of the chosen connection, kind and reason; what is not chosen does not matter."""
    return [
        view
        for view in views
        if chosen.get("connection", "") in ("", view.connection)
        and chosen.get("kind", "") in ("", view.kind)
        and chosen.get("reason", "") in ("", view.reason)
    ]


def sides(view: QuestionView) -> SideBySide | None:
    """The record beside those that it may be."""
    return side_by_side(store_of(services(), view.connection), view)


@blueprint.post("/<int:number>/answer")
def answer(number: int) -> ResponseReturnValue:
    """Answer a question; the next run carries it out."""
    view = questions.find(services(), str(number))
    if not reaches(view.connection):
        return redirect(url_for("questions.index"))
    told = questions.answer(services(), view, given("code"), _value(given("code")), by=by())
    flash(told, "good")
    if given("then") == "sync":
        runs.request(services(), view.connection, scopes.scope_of(trigger="person"), by=by())
    return redirect(back(url_for("questions.index")))


def _value(code: str) -> str:
    """The value that belongs to the button that was pressed: each answer has its own field."""
    return given(f"value-{code}") or given("value")


def options(view: QuestionView, choice: Choice) -> dict[str, str]:
    """What can be chosen with an answer: value -> words; empty where it is typed."""
    if choice.takes == "record":
        return _candidates(view)
    if choice.takes == "TaxType":
        return shelf_of(view.connection).choices(Kind.TAX)
    if choice.takes == "Perfex tax":
        labels = shelf_of(view.connection).perfex_labels()
        return {id: label for (kind, id), label in labels.items() if kind is Kind.TAX}
    if choice.takes == "account" and view.kind == Kind.ACCOUNT:
        return mappings.account_choices(services(), view.connection)
    if choice.takes == "account" and view.reason == "mode_unmapped":
        labels = shelf_of(view.connection).perfex_labels()
        return {id: label for (kind, id), label in labels.items() if kind is Kind.PAYMENT_MODE}
    if choice.takes == "account":
        return shelf_of(view.connection).choices(Kind(view.kind))
    return {}


def naming(view: QuestionView) -> str:
    """What Perfex calls the thing in question, where the sentence has only its id."""
    if view.kind in MAPPED and view.perfex_id:
        found = shelf_of(view.connection).perfex_labels().get((Kind(view.kind), view.perfex_id), "")
        return found if found != view.perfex_id else ""
    return view.label if view.label not in view.text else ""


def suggested(view: QuestionView) -> str:
    """The value that fits best, where exactly one does; empty otherwise."""
    if len(view.question.candidates) == 1:
        return view.question.candidates[0].id
    if view.kind not in MAPPED or not view.perfex_id or view.reason == "tax_not_for_purchases":
        return ""
    label = naming(view) or view.perfex_id
    fitting = shelf_of(view.connection).suggestions(Kind(view.kind), view.perfex_id, label)
    return fitting[0] if len(fitting) == 1 else ""


def _candidates(view: QuestionView) -> dict[str, str]:
    store = store_of(services(), view.connection)
    found: dict[str, str] = {}
    for side in Side:
        ids = [key.id for key in view.question.candidates if key.side is side]
        mirrors = store.mirrors(Kind(view.kind), side, ids)
        for id in ids:
            label = mirrors[id].record.label if id in mirrors else ""
            found[id] = f"{label} ({id})" if label else id
    return found
