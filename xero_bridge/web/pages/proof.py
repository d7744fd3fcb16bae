"""Proof: both books side by side, from sums down to single documents, and as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import connections, proof
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.proof import Line, ProofView, Told, Wanted
from xero_bridge.operations.proof_csv import as_csv
from xero_bridge.web.here import services

blueprint = Blueprint("proof", __name__, url_prefix="/proof")
#: Documents that one page shows; the CSV has them all.
MOST = 200


class Document(NamedTuple):
    """All differences of one document."""

    first: Told
    parts: list[Told]


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """Both books of a connection compared, of everything or of one place in them."""
    wanted = _wanted()
    view, problem = _view(name, wanted)
    return render_template(
        "proof.html",
        name=name,
        view=view,
        problem=problem,
        wanted=wanted,
        chosen=_chosen(wanted),
        documents=list(_documents(view.differences)) if view else [],
        most=MOST,
        deeper=lambda line: _deeper(name, line),
    )


@blueprint.get("/<name>/csv")
def table(name: str) -> ResponseReturnValue:
    """The same as a table for a spreadsheet."""
    view = proof.prove(services(), name, _wanted())
    answer = Response(as_csv(view).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="proof-{name}-{view.made_at:%Y-%m-%d}.csv"'
    )
    return answer


def _view(name: str, wanted: Wanted) -> tuple[ProofView | None, str]:
    """The proof, or why there is none yet; an unknown connection is nobody's page."""
    connections.view(services(), name)
    try:
        return proof.prove(services(), name, wanted), ""
    except NotAccepted as problem:
        return None, str(problem)


def _wanted() -> Wanted:
    """What the address asks for; a kind and a month of it are shown by customer."""
    kind = request.args.get("kind", "")
    kinds = frozenset({Kind(kind)}) if kind in set(ENTITIES) else frozenset[Kind]()
    month = proof.wanted_month(request.args.get("month", ""))
    return Wanted(
        kinds=kinds,
        month=month,
        currency=request.args.get("currency", ""),
        party=request.args.get("customer", ""),
        by_party=bool(kinds and month),
    )


def _chosen(wanted: Wanted) -> dict[str, str]:
    """What was asked for, as the address says it."""
    return {
        name: value
        for name, value in (
            ("kind", next(iter(wanted.kinds), "")),
            ("month", f"{wanted.month:%Y-%m}" if wanted.month else ""),
            ("currency", wanted.currency),
            ("customer", wanted.party),
        )
        if value
    }


def _deeper(name: str, line: Line) -> str:
    """The address of what a line is made of; empty where there is nothing below it."""
    if line.month is None:
        return ""
    return url_for(
        "proof.index",
        name=name,
        kind=line.kind.value,
        month=f"{line.month:%Y-%m}",
        currency=line.currency,
        customer=line.party or None,
    )


def _documents(differences: Iterable[Told]) -> Iterator[Document]:
    """Differences by document, those first that nothing explains."""
    order: dict[tuple[str, str, str], int] = {}
    for told in differences:
        order.setdefault(_id(told), len(order))
    for _, group in groupby(sorted(differences, key=lambda told: order[_id(told)]), key=_id):
        parts = list(group)
        yield Document(parts[0], parts)


def _id(told: Told) -> tuple[str, str, str]:
    return told.kind.value, told.perfex_id, told.xero_id
