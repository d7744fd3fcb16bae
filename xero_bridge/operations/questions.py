"""Questions: what only a person can decide, worth most money first, and their answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from xero_bridge.core.plan import Answer, Choice, Question
from xero_bridge.core.reasons import advice, headline
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations import mappings, settings
from xero_bridge.operations.mappings import NewMapping
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import note, reading, store_of, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.operations.shelf import Shelf
from xero_bridge.store import models
from xero_bridge.store.repository import SqlStore

#: What the purpose in a question about an account is called among the settings.
PURPOSES = {
    "sales account": "sales_account",
    "rounding account": "rounding_account",
    "account for discounts and adjustments": "discount_account",
}


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    """A question as a person reads it."""

    id: int
    connection: str
    key: str
    kind: str
    reason: str
    #: What happened, and what to do.
    text: str
    advice: str
    label: str
    perfex_id: str
    xero_id: str
    amount: Decimal | None
    currency: str
    choices: tuple[Choice, ...]
    first_seen_at: datetime
    #: `open`, `answered` (carried out by the next run) or `closed`.
    state: str
    answer: str
    answer_value: str
    question: Question


def question_views(
    services: Services, name: str | None = None, *, state: str = "open"
) -> list[QuestionView]:
    """Questions of one connection or all: most money first, then the oldest."""
    wanted = (
        sa.select(models.Question, models.Connection.name)
        .join(models.Connection, models.Connection.id == models.Question.connection_id)
        .where(models.Question.state == state)
    )
    if name is not None:
        store_of(services, name)
        wanted = wanted.where(models.Connection.name == name)
    with reading(services) as session:
        found = [_view(row, connection) for row, connection in session.execute(wanted)]
    return sorted(found, key=_weight)


def _weight(view: QuestionView) -> tuple[Decimal, datetime, int]:
    return -abs(view.amount or Decimal()), view.first_seen_at, view.id


def by_cause(views: list[QuestionView]) -> dict[str, list[QuestionView]]:
    """Questions grouped by their reason, in the order of each group's first."""
    groups: dict[str, list[QuestionView]] = {}
    for view in views:
        groups.setdefault(view.reason, []).append(view)
    return groups


def find(services: Services, wanted: str, *, connection: str | None = None) -> QuestionView:
    """The question of that number or key; raises `NotAccepted`."""
    number = int(wanted) if wanted.isdecimal() else -1
    asked = (
        sa.select(models.Question, models.Connection.name)
        .join(models.Connection, models.Connection.id == models.Question.connection_id)
        .where(sa.or_(models.Question.id == number, models.Question.key == wanted))
    )
    if connection:
        asked = asked.where(models.Connection.name == connection)
    with reading(services) as session:
        found = [_view(row, name) for row, name in session.execute(asked)]
    if len(found) != 1:
        several = "Several connections have" if found else "There is no"
        raise NotAccepted(
            f"{several} question {wanted!r}: take its number from `questions list`.",
            field="question",
        )
    return found[0]


def _view(row: models.Question, connection: str) -> QuestionView:
    question = msgspec.convert(row.content, Question)
    return QuestionView(
        id=row.id,
        connection=connection,
        key=row.key,
        kind=row.kind,
        reason=row.reason,
        text=headline(question.reason, question.details),
        advice=advice(question.reason, question.details),
        label=row.label,
        perfex_id=row.perfex_id,
        xero_id=row.xero_id,
        amount=row.amount,
        currency=row.currency,
        choices=question.choices,
        first_seen_at=row.first_seen_at,
        state=row.state,
        answer=row.answer,
        answer_value=row.answer_value,
        question=question,
    )


def answer(services: Services, view: QuestionView, code: str, value: str, *, by: By) -> str:
    """Answer a question; returns a sentence about what follows. Raises `NotAccepted`."""
    store = store_of(services, view.connection)
    text = checked(store, view, code, value)
    if code == "map":
        return _map(services, view, text, by)
    _keep(services, store, view, code, text, by)
    return f"{_choice(view, code).label}: the next run carries it out."


def checked(store: SqlStore, view: QuestionView, code: str, value: str) -> str:
    """The value of an answer as it is kept, e.g. a record's id; raises `NotAccepted`."""
    choice = _choice(view, code)
    text = value.strip()
    if choice.takes and not text:
        raise NotAccepted(
            f"The answer {code} to {view.label or view.text} needs a value ({choice.takes}).",
            field="value",
        )
    return _other_record(store, view.question, text) if choice.takes == "record" else text


def _choice(view: QuestionView, code: str) -> Choice:
    found = next((choice for choice in view.choices if choice.code == code), None)
    if found is not None:
        return found
    if not view.choices:
        raise NotAccepted(
            f"This question takes no answer; it closes by itself. {view.advice}".strip(),
            field="code",
        )
    codes = ", ".join(choice.code for choice in view.choices)
    raise NotAccepted(f"{code!r} is not an answer to this question: {codes}.", field="code")


def _keep(
    services: Services, store: SqlStore, view: QuestionView, code: str, value: str, by: By
) -> None:
    now = services.clock.now()
    given = Answer(
        question=view.key, code=code, value=value, basis=view.question.basis, by=by.name, at=now
    )
    with store.atomically():
        if not store.save_answer(given):
            raise NotAccepted(
                f"{view.label or 'The record'} has changed since this was asked: look at it again."
            )
        store.make_dirty(_records(view.question))
    _write_down(services, view, code, value, by)


def _write_down(services: Services, view: QuestionView, code: str, value: str, by: By) -> None:
    with writing(services) as session:
        session.execute(
            sa.update(models.Connection)
            .where(models.Connection.name == view.connection)
            .values(next_run_at=None)
        )
        note(
            session,
            services,
            by,
            "answered",
            view.connection,
            question=view.key,
            answer=code,
            value=value,
        )


def _records(question: Question) -> list[Key]:
    ids = ((Side.PERFEX, question.perfex_id), (Side.XERO, question.xero_id))
    return [Key(question.kind, side, id) for side, id in ids if id]


def _other_record(store: SqlStore, question: Question, text: str) -> str:
    """The id of the record that a person names; raises `NotAccepted` when there is none."""
    other = Side.XERO if question.perfex_id else Side.PERFEX
    id = text.removeprefix(f"{question.kind}:{other}:")
    offered = {key.id for key in question.candidates}
    if id not in offered and not store.mirrors(question.kind, other, [id]):
        id = _called(store, question, other, id)
    if not shareable(question) and store.links(question.kind, other, [id]):
        raise NotAccepted(
            f"The {question.kind} {id!r} in {other.value.capitalize()} has its counterpart already:"
            " name another one.",
            field="value",
        )
    return id


def shareable(question: Question) -> bool:
    """Whether several records of Perfex may link to one of Xero: a contact may be several's."""
    return question.kind in (Kind.CUSTOMER, Kind.VENDOR) and bool(question.perfex_id)


def _called(store: SqlStore, question: Question, side: Side, text: str) -> str:
    """The id of the one unlinked record of that number or name; raises `NotAccepted`."""
    wanted = text.casefold()
    found = [
        mirror.key.id
        for mirror in store.unlinked(question.kind, side)
        if mirror.record.label.casefold() == wanted and not mirror.record.closed
    ]
    if len(found) == 1:
        return found[0]
    several = f"has several {question.kind}s called" if found else f"has no {question.kind}"
    raise NotAccepted(
        f"{side.value.capitalize()} {several} {text!r}: take the id from the question's candidates "
        "or from the address of the record there.",
        field="value",
    )


# --- questions about mappings and settings -------------------------------------------------------


def _map(services: Services, view: QuestionView, value: str, by: By) -> str:
    _MAPPERS[Kind(view.kind)](services, view, value, by)
    store = store_of(services, view.connection)
    with store.atomically():
        store.drop_answer(view.key)
    _write_down(services, view, "map", value, by)
    return "It is mapped: the next run plans the documents that waited for it."


def _map_tax(services: Services, view: QuestionView, value: str, by: By) -> None:
    tax = view.question.details.get("tax") or view.perfex_id
    new = NewMapping(kind=Kind.TAX, perfex=tax, sales=value)
    if view.reason == "perfex_tax_unmapped":
        # Asked from Xero's side: the TaxType is known, the Perfex tax is the answer.
        new = NewMapping(kind=Kind.TAX, perfex=value, sales=view.xero_id)
    if view.reason == "tax_not_for_purchases":
        held = Shelf(store_of(services, view.connection)).links.get((Kind.TAX, tax))
        new = replace(new, sales=held.xero_id if held else value, purchase=value)
    mappings.set_mapping(services, view.connection, new, by=by)


def _map_mode(services: Services, view: QuestionView, value: str, by: By) -> None:
    mode, account = view.perfex_id, value
    if view.reason == "mode_unmapped":
        # Asked from Xero's side: the account is known, the payment mode is the answer.
        shelf = Shelf(store_of(services, view.connection))
        named = view.question.details.get("account", "")
        by_label = {held.label: id for id, held in shelf.accounts.items()}
        mode, account = value, by_label.get(named, named)
    new = NewMapping(kind=Kind.PAYMENT_MODE, perfex=mode, account=account)
    mappings.set_mapping(services, view.connection, new, by=by)


def _map_category(services: Services, view: QuestionView, value: str, by: By) -> None:
    new = NewMapping(kind=Kind.EXPENSE_CATEGORY, perfex=view.perfex_id, account=value)
    mappings.set_mapping(services, view.connection, new, by=by)


def _map_account(services: Services, view: QuestionView, value: str, by: By) -> None:
    purpose = view.question.details.get("purpose", "")
    key = PURPOSES.get(purpose)
    if key is None:
        raise NotAccepted(f"Choose the {purpose} in the settings of {view.connection}.")
    settings.set_settings(services, view.connection, {key: value}, by=by)


_MAPPERS: dict[Kind, Callable[[Services, QuestionView, str, By], None]] = {
    Kind.TAX: _map_tax,
    Kind.PAYMENT_MODE: _map_mode,
    Kind.EXPENSE_CATEGORY: _map_category,
    Kind.ACCOUNT: _map_account,
}
