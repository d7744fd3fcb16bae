"""Answers to writes: what became of each element that was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from xero_bridge.core.entity import Codec
from xero_bridge.core.errors import Unknown
from xero_bridge.core.record import Seen
from xero_bridge.core.remote import Member, NotWritten, Result, Written
from xero_bridge.entities.wire import WireError
from xero_bridge.remotes.http import Answer, NotJsonError
from xero_bridge.remotes.xero.refusals import reason_for
from xero_bridge.remotes.xero.session import problem_text

ZERO_ID = "00000000-0000-0000-0000-000000000000"
_ERROR = "ERROR"
#: Members that can hold our mark.
_MARKS = ("Url", "Reference", "ContactNumber", "Code")
_POSITION = re.compile(r"\[(\d+)\]")


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element of a write answer."""

    id: str
    raw: bytes
    #: Empty when it was written.
    messages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()


class LineFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a line besides its decoded form."""

    line_id: str = msgspec.field(default="", name="LineItemID")


class Figures(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """What is compared with the forecast after every write."""

    total: Decimal | None = None
    total_tax: Decimal | None = None
    line_items: tuple[LineFigures, ...] = ()


def results_of(
    answer: Answer, codec: Codec, members: Sequence[Member], decode: Callable[[bytes], Seen]
) -> tuple[Result, ...]:
    """One result per member, in their order; raises Unknown when the answer leaves one open."""
    if answer.status not in (200, 400):
        _known(answer)
        return rejected(answer, members)
    elements = elements_of(answer, codec.path, codec.id_field)
    if answer.status == 400 and not elements:
        return rejected(answer, members)
    return tuple(
        refusal(element) if element.messages else _written(element, decode)
        for element in paired(members, elements)
    )


def refusal_of_part(answer: Answer, members: Sequence[Member]) -> NotWritten | None:
    """Why Xero did not add a part to a record, or None where it did; raises Unknown if unclear."""
    if answer.status not in (200, 400):
        _known(answer)
    if answer.status != 200:
        return rejected(answer, members)[0]
    try:
        body: dict[str, Any] = answer.decode(dict[str, Any])
    except (NotJsonError, msgspec.DecodeError) as error:
        raise Unknown("not_readable", side="Xero", message=str(error)) from error
    said = tuple(dict.fromkeys(_messages(body, "ValidationErrors")))
    return NotWritten(reason=reason_for(said), message=" ".join(said)) if said else None


def elements_of(answer: Answer, path: str, id_field: str) -> list[Element]:
    """The elements of a 200 or 400 answer; raises Unknown when it cannot be read."""
    try:
        named = {name.lower(): raw for name, raw in answer.decode(dict[str, msgspec.Raw]).items()}
        rows = named.get("elements") if answer.status == 400 else named.get(path.lower())
        listed = msgspec.json.decode(rows or b"[]", type=list[msgspec.Raw])
        return [_element(bytes(raw), id_field, failed=answer.status == 400) for raw in listed]
    except (NotJsonError, msgspec.DecodeError) as error:
        raise Unknown("not_readable", side="Xero", message=str(error)) from error


def paired(members: Sequence[Member], elements: Sequence[Element]) -> list[Element]:
    """The element of each member: by mark, else by position; raises Unknown when not clear."""
    opposite = elements if len(elements) == len(members) else [None] * len(members)
    marks = frozenset(member.mark for member in members)
    found = [
        _target(member, across) if member.target_id else _partner(member, across, elements, marks)
        for member, across in zip(members, opposite, strict=True)
    ]
    if None in found or len({id(element) for element in found}) < len(members):
        message = f"{len(members)} sent, {len(elements)} answered, and they cannot be paired"
        raise Unknown("not_readable", side="Xero", message=message)
    return [element for element in found if element]


def rejected(answer: Answer, members: Sequence[Member]) -> tuple[NotWritten, ...]:
    """The results of a call that Xero refused as a whole: nothing of it was written."""
    message = problem_text(answer)
    position = _POSITION.search(message)
    culprit = int(position[1]) if position and len(members) > 1 else None
    reason = "xero_id_unknown" if answer.status == 404 else reason_for([message])
    reason = "call_rejected" if reason == "refused_by_xero" else reason
    return tuple(
        NotWritten(reason=reason, message=message)
        if culprit in (None, index)
        else NotWritten(reason="batch_rejected", message=message)
        for index in range(len(members))
    )


def _known(answer: Answer) -> None:
    """Xero's own 404 is HTML without a body, and 413 stands for itself: too large to be read."""
    if answer.status not in (404, 413) and answer.content_type != "application/json":
        message = f"HTTP {answer.status} {answer.text}".strip()
        raise Unknown("not_readable", side="Xero", message=message)


def _written(element: Element, decode: Callable[[bytes], Seen]) -> Written:
    try:
        figures = msgspec.json.decode(element.raw, type=Figures)
        seen = decode(element.raw)
    except (WireError, msgspec.DecodeError) as error:
        # It was written all the same: the id is what counts, the next read brings the rest.
        return Written(id=element.id, warnings=(*element.warnings, str(error)))
    return Written(
        id=element.id,
        seen=seen,
        line_ids=tuple(line.line_id for line in figures.line_items),
        total=figures.total,
        tax=figures.total_tax,
        warnings=element.warnings,
    )


def refusal(element: Element) -> NotWritten:
    """The refusal of one element, with Xero's own text."""
    return NotWritten(reason=reason_for(element.messages), message=" ".join(element.messages))


def _target(member: Member, across: Element | None) -> Element | None:
    """A change is answered by the record it was sent to; a refusal may leave its id out."""
    if across is None or across.id.lower() == member.target_id.lower():
        return across
    return across if across.messages and not across.id else None


def _partner(
    member: Member,
    across: Element | None,
    elements: Sequence[Element],
    marks: frozenset[str],
) -> Element | None:
    same = [each for each in elements if member.mark and member.mark in each.marks]
    if len(same) == 1:
        return same[0]
    if across is None or across in same:
        return across
    # The element at this position may bear no mark, but not that of somebody else.
    return None if same or across.marks & marks else across


def _element(raw: bytes, id_field: str, *, failed: bool) -> Element:
    body: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
    name = str(body.get(id_field) or "")
    flagged = body.get("HasErrors") is True or body.get("HasValidationErrors") is True
    bad = failed or flagged or body.get("StatusAttributeString") == _ERROR or name == ZERO_ID
    said = tuple(dict.fromkeys(_messages(body, "ValidationErrors")))
    return Element(
        id="" if name == ZERO_ID else name,
        raw=raw,
        messages=(said or ("Xero gave no reason.",)) if bad else (),
        warnings=tuple(dict.fromkeys(_messages(body, "Warnings"))),
        marks=frozenset(str(body[mark]) for mark in _MARKS if body.get(mark)),
    )


def _messages(node: Any, member: str) -> Iterator[str]:
    """The messages of a node and, where Xero puts them too, of everything inside it."""
    if isinstance(node, list):
        for each in node:
            yield from _messages(each, member)
    elif isinstance(node, dict):
        for error in node.get(member) or ():
            if text := error.get("Message") or error.get("Description"):
                yield str(text)
        for name, value in node.items():
            if name != member:
                yield from _messages(value, member)
