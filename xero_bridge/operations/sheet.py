"""Questions as a spreadsheet: one row each, with two columns for the answer."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.cells import defused
from xero_bridge.operations.questions import QuestionView
from xero_bridge.operations.rows import store_of
from xero_bridge.operations.services import Services
from xero_bridge.store.repository import SqlStore

COLUMNS = (
    *("connection", "key", "kind", "reason", "question", "perfex_id", "xero_id", "name"),
    *("amount", "currency", "candidate_id", "candidate_name", "score", "exact", "why"),
    *("other_candidates", "version", "answers", "answer", "value"),
)


def to_csv(services: Services, views: Sequence[QuestionView]) -> str:
    """These questions as CSV with a heading; nothing in it is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for connection in dict.fromkeys(view.connection for view in views):
        mine = [view for view in views if view.connection == connection]
        names = candidate_names(store_of(services, connection), mine)
        for view in mine:
            row = _row(view, names)
            writer.writerow([defused(row.get(column, "")) for column in COLUMNS])
    return out.getvalue()


def candidate_names(store: SqlStore, views: Sequence[QuestionView]) -> dict[Key, str]:
    """What the candidates of these questions are called."""
    groups: dict[tuple[Kind, Side], set[str]] = {}
    keys = [key for view in views for key in view.question.candidates]
    for key in keys:
        groups.setdefault((key.kind, key.side), set()).add(key.id)
    found: dict[Key, str] = {}
    for key in keys:
        ids = groups.pop((key.kind, key.side), None)
        if ids:
            mirrors = store.mirrors(key.kind, key.side, ids)
            found |= {mirror.key: mirror.record.label for mirror in mirrors.values()}
    return found


def _row(view: QuestionView, names: Mapping[Key, str]) -> dict[str, str]:
    question = view.question
    row = {
        "connection": view.connection,
        "key": view.key,
        "kind": view.kind,
        "reason": view.reason,
        "question": f"{view.text} {view.advice}".strip(),
        "perfex_id": view.perfex_id or "",
        "xero_id": view.xero_id or "",
        "name": view.label,
        "amount": "" if view.amount is None else f"{view.amount:f}",
        "currency": view.currency,
        "version": version_of(view),
        "answers": " ".join(answers_of(view)),
        "answer": view.answer or "",
        "value": view.answer_value or "",
    }
    if question.candidates:
        best, *others = question.candidates
        row |= {"candidate_id": best.id, "candidate_name": names.get(best, "")}
        row["other_candidates"] = "; ".join(f"{key.id} {names.get(key, '')}" for key in others)
    if question.judged:
        first = question.judged[0]
        exact = "yes" if first.exact else "no"
        row |= {"score": str(first.score), "why": first.why, "exact": exact}
    return row


def version_of(view: QuestionView) -> str:
    """Short sign of what the question rests on: another one means that it was asked anew."""
    return hashlib.sha256(view.question.basis.encode()).hexdigest()[:12]


def answers_of(view: QuestionView) -> list[str]:
    """What can be answered in a sheet: mappings and settings are chosen on their own pages."""
    return [choice.code for choice in view.choices if choice.code != "map"]
