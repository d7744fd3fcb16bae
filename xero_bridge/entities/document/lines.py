"""The lines of a Xero document: new ones, and updates that keep what a bookkeeper did to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Expected, Json, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.record import Roles
from xero_bridge.entities.document.drafting import Draft, DraftLine
from xero_bridge.entities.document.record import Document, Line, line_views


def all_new(drafted: Draft) -> Json:
    """The lines of a document that is created."""
    return {
        "LineAmountTypes": "Exclusive",
        "LineItems": [_new_line(line) for line in drafted.lines],
    }


def with_lines(
    body: Json, drafted: Draft, encoding: Encoding, books: Books, *, only_texts: str = ""
) -> Payload:
    """An update of the lines: they keep their ids, account and tracking.

    `only_texts` says why Xero takes no other amounts (something is paid or used): then lines may
    change in their texts alone. Raises Held for that, and for lines that the bridge did not write.
    """
    target = encoding.target
    assert isinstance(target, Document)
    kept = _kept(drafted.lines, target, encoding.roles)
    if only_texts and not _same_money(drafted.lines, kept, target):
        raise Held("has_payments", label=target.label, message=only_texts)
    lines = [_line_to_send(line, now, books) for line, now in zip(drafted.lines, kept, strict=True)]
    return Payload(
        body={**body, "LineAmountTypes": "Exclusive", "LineItems": lines},
        expects=Expected(total=drafted.total, tax=drafted.tax),
        line_roles=drafted.roles,
        declared=drafted.declared,
    )


def as_they_stand(target: Document) -> Json:
    """Xero's own lines for an update that changes none: some endpoints want lines every time."""
    types: Json = {"LineAmountTypes": target.amounts_are} if target.amounts_are else {}
    return {**types, "LineItems": [_standing(line) for line in target.lines]}


def unchanged_money(target: Document) -> Expected | None:
    """What the answer to an update without lines must show: what stands there now."""
    if target.total_tax is None:
        return None
    return Expected(total=target.total, tax=target.total_tax)


def _kept(lines: Sequence[DraftLine], target: Document, roles: Roles) -> tuple[Line | None, ...]:
    """The Xero line that each line updates, None for a new one.

    Raises Held where Xero has lines that the bridge did not write: sending ours would delete them.
    """
    existing = {line.id: line for line in target.lines}
    known = roles.lines or tuple((line_id, "item") for line_id in existing)
    strangers = set(existing) - {line_id for line_id, _ in known}
    if strangers:
        raise Held("lines_added_in_xero", label=target.label, count=len(strangers))
    waiting: dict[str, list[Line]] = {}
    for line_id, role in known:
        if line_id in existing:
            waiting.setdefault(role, []).append(existing[line_id])
    return _paired(lines, waiting)


def _paired(
    lines: Sequence[DraftLine], waiting: Mapping[str, list[Line]]
) -> tuple[Line | None, ...]:
    """Each line with the Xero line of its role that is most like it.

    A bookkeeper's coding stays with what it was given to, in whatever order the lines come. First
    those of the same text, quantity and price, then of the same text; what is left over on both
    sides goes together in order.
    """
    kept: list[Line | None] = [None] * len(lines)
    for alike in (_is_the_same, _has_the_same_text, _may_stand_for):
        for index, line in enumerate(lines):
            free = waiting.get(line.role.value, [])
            found = next((one for one in free if alike(line, one)), None)
            if kept[index] is None and found is not None:
                kept[index] = found
                free.remove(found)
    return tuple(kept)


def _is_the_same(line: DraftLine, now: Line) -> bool:
    return (line.text, line.quantity, line.price) == (now.text, now.quantity, now.price)


def _has_the_same_text(line: DraftLine, now: Line) -> bool:
    return line.text == now.text


def _may_stand_for(_line: DraftLine, _now: Line) -> bool:
    return True


def _same_money(lines: Sequence[DraftLine], kept: Sequence[Line | None], target: Document) -> bool:
    """Whether only texts change, and no line comes or goes."""
    if len(lines) != len(target.lines) or None in kept:
        return False
    before = line_views(replace(target, lines=tuple(line for line in kept if line)))
    after = [line.view for line in lines]
    return all(
        old is not None and new is not None and old[1:] == new[1:]
        for old, new in zip_longest(before, after)
    )


def _new_line(line: DraftLine) -> Json:
    discount: Json = {}
    if line.discount_rate is not None:
        discount = {"DiscountRate": line.discount_rate}
    elif line.discount_amount is not None:
        discount = {"DiscountAmount": line.discount_amount}
    account = line.account
    coded = {"AccountCode": account.code} if account.code else {"AccountID": account.id}
    return {
        "Description": line.text,
        "Quantity": line.quantity,
        "UnitAmount": line.price,
        **discount,
        **coded,
        "TaxType": line.tax_type,
    }


def _standing(line: Line) -> Json:
    body: Json = {"LineItemID": line.id}
    members: Json = {
        "Description": line.text,
        "Quantity": line.quantity,
        "UnitAmount": line.price,
        "ItemCode": line.item_code,
        "AccountCode": line.account,
        "TaxType": line.tax,
    }
    body |= {name: value for name, value in members.items() if value}
    if line.tax and line.tax_amount is not None:
        body["TaxAmount"] = line.tax_amount
    return body | _tracked(line)


def _line_to_send(line: DraftLine, now: Line | None, books: Books) -> Json:
    """The line with the id and the coding that it has in Xero now: a recoding there is kept."""
    body = _new_line(line)
    if now is None:
        return body
    body["LineItemID"] = now.id
    # A member that is not sent may stay as it was: a discount is taken away by a zero.
    if now.discount_rate and not (line.discount_rate or line.discount_amount):
        body["DiscountRate"] = 0
    if now.discount_amount and not (line.discount_rate or line.discount_amount):
        body["DiscountAmount"] = 0
    if now.account:
        body["AccountCode"] = now.account
        body.pop("AccountID", None)
    if now.tax and books.tax_rate(now.tax) == line.tax_rate:
        body["TaxType"] = now.tax
    return body | _tracked(now)


def _tracked(line: Line) -> Json:
    if not line.tracking:
        return {}
    options = [
        {"TrackingCategoryID": t.category_id, "TrackingOptionID": t.option_id}
        if t.category_id and t.option_id
        else {"Name": t.name, "Option": t.option}
        for t in line.tracking
    ]
    return {"Tracking": options}
