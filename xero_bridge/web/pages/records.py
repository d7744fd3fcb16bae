"""Records: found, explained with both sides, and looked at anew."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import records
from xero_bridge.web.here import back, by, services
from xero_bridge.web.pages.paging import page_number

blueprint = Blueprint("records", __name__, url_prefix="/records")
E_ = TypeVar("E_", bound=StrEnum)


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """Search the records of a connection."""
    text = request.args.get("search", "")
    kind, state = _chosen(Kind, "kind"), _chosen(RecordState, "state")
    number = page_number()
    found = records.search(services(), name, text=text, kind=kind, state=state, page=number - 1)
    return render_template(
        "records.html",
        name=name,
        search=text,
        kind=kind,
        state=state,
        kinds=list(ENTITIES),
        states=list(RecordState),
        records=found[: records.PAGE],
        number=number,
        more=len(found) > records.PAGE,
    )


def _chosen(of: type[E_], argument: str) -> E_ | None:
    """The member that the address names; None for none or one that does not exist."""
    try:
        return of(request.args.get(argument, ""))
    except ValueError:
        return None


@blueprint.get("/<name>/<kind>/<side>/<path:id>")
def show(name: str, kind: str, side: str, id: str) -> ResponseReturnValue:
    """One record: state, reason, both sides, history."""
    page = records.record_page(services(), name, _key(kind, side, id))
    return render_template("record.html", name=name, page=page)


@blueprint.post("/<name>/<kind>/<side>/<path:id>/resync")
def resync(name: str, kind: str, side: str, id: str) -> ResponseReturnValue:
    """Have a record, its twin and its parents read again now."""
    records.resync(services(), name, _key(kind, side, id), by=by())
    flash("The record and those that it belongs to are read again now.", "good")
    return redirect(back(url_for("records.show", name=name, kind=kind, side=side, id=id)))


def _key(kind: str, side: str, id: str) -> Key:
    try:
        return Key(Kind(kind), Side(side), id)
    except ValueError:
        abort(404)
