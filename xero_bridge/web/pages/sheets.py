"""Many questions at once: all exact pairs by one click, and as a spreadsheet, out and in."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.operations import answering, connections, questions, sheet, sheet_in
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.sheet_in import SheetWrong
from xero_bridge.web.access import within_reach
from xero_bridge.web.here import by, given, services
from xero_bridge.web.pages.questions import page, wanted

blueprint = Blueprint("sheets", __name__, url_prefix="/questions")


@blueprint.post("/accept")
def accept() -> ResponseReturnValue:
    """Link all pairs that agree exactly, of one connection or of all."""
    chosen = given("connection")
    names = [name for name in _reachable() if chosen in ("", name)]
    count = sum(answering.accept_exact(services(), name, by=by()) for name in names)
    pairs = "1 exact pair" if count == 1 else f"{count:,} exact pairs"
    flash(f"Accepted: {pairs}. The next run links them.", "good")
    return redirect(url_for("questions.index", connection=chosen or None))


@blueprint.get("/sheet.csv")
def download() -> ResponseReturnValue:
    """The open questions that the page shows, as CSV."""
    names = _reachable()
    views = [v for v in questions.question_views(services()) if v.connection in names]
    text = sheet.to_csv(services(), wanted(views, request.args))
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    answer = Response("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=questions.csv"
    return answer


@blueprint.post("/sheet")
def upload() -> ResponseReturnValue:
    """Take in the answers of a sheet: all of them, or none."""
    file = request.files.get("sheet")
    raw = file.read() if file else b""
    if not raw:
        return page(problems=("Choose the file that you have filled in.",)), 422
    try:
        taken = sheet_in.take_in(services(), raw, by=by(), reachable=_reachable())
    except SheetWrong as error:
        return page(problems=(str(error).partition("\n")[0], *error.problems)), 422
    except NotAccepted as error:
        return page(problems=(str(error),)), 422
    flash(str(taken), "good")
    return redirect(url_for("questions.index"))


def _reachable() -> list[str]:
    return within_reach(view.name for view in connections.views(services()))
