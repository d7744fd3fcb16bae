"""The newest plan: what would be done, why, and what it means in money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.plan import Hold
from xero_bridge.core.reasons import advice, headline
from xero_bridge.operations import plans, questions, runs, scopes, status
from xero_bridge.web.here import back, by, given, services

blueprint = Blueprint("plan", __name__, url_prefix="/plan")
#: Rows of one group that the page shows.
MOST = 200


class Cause(NamedTuple):
    """Records that are left alone for the same reason."""

    text: str
    advice: str
    kinds: dict[str, int]
    holds: list[Hold]


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """The newest plan of a connection."""
    found = plans.newest(services(), name)
    return render_template(
        "plan.html",
        name=name,
        plan=found,
        status=status.status(services(), name),
        why=plans.why,
        most=MOST,
        questions=questions.question_views(services(), name),
        held=causes(found.held) if found else [],
        excluded=causes(found.excluded) if found else [],
    )


def causes(holds: Iterable[Hold]) -> list[Cause]:
    """Records grouped by the sentence that says why they wait, the largest group first."""
    groups: dict[tuple[str, str], list[Hold]] = {}
    for hold in holds:
        words = (headline(hold.reason, hold.details), advice(hold.reason, hold.details))
        groups.setdefault(words, []).append(hold)
    found = [
        Cause(*words, dict(Counter(hold.key.kind.value for hold in members)), members)
        for words, members in groups.items()
    ]
    return sorted(found, key=lambda cause: -len(cause.holds))


@blueprint.post("/<name>/approve")
def approve(name: str) -> ResponseReturnValue:
    """Consent to what a guard stopped, and go on."""
    plans.approve(services(), name, given("guard"), typed=given("typed"), by=by())
    runs.request(services(), name, scopes.scope_of(trigger="person"), by=by())
    flash("Agreed. The run that carries it out begins now.", "good")
    return redirect(back(url_for("plan.index", name=name)))
