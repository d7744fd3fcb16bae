"""What two linked records say differently about one document, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any

import msgspec

from xero_bridge.core.entity import Entity, Facet, shown
from xero_bridge.core.proof import Figures, figures, is_closed
from xero_bridge.core.record import Link, Mirror

#: Opens the name of a declared difference that a person accepted.
ACCEPTED = "accepted:"

#: The part of a line that is no money.
_TEXT = "text"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a document on which both sides differ."""

    part: str
    words: str
    perfex: str = ""
    xero: str = ""
    #: Perfex less Xero, where it is money of one currency.
    gap: Decimal | None = None
    #: Names under which a link may declare it -> what both sides say, as text.
    told: dict[str, tuple[str, str]] = {}


def differences(
    entity: Entity, perfex: Mirror, xero: Mirror, wanted: Mapping[str, object]
) -> list[Difference]:
    """What differs. `wanted`: the Perfex record's facets as Xero would show them (or nothing).

    Where one side no longer counts the record, that is the only difference.
    """
    if is_closed(perfex) and is_closed(xero):
        return []
    if is_closed(perfex) or is_closed(xero):
        return [_closed_on_one_side(perfex, xero)]
    if perfex.record.money is None:
        return []
    basics = list(_basics(perfex, xero))
    found = [_basic(entity, perfex, xero, *basic) for basic in basics if basic[2] != basic[3]]
    said = [values for _part, _words, *values in basics]
    return [*found, *_facets(entity, perfex, xero, wanted, said)]


def is_declared(link: Link, difference: Difference) -> bool:
    """Whether the link declares exactly this difference: what both sides say now."""
    return any(
        _tells(link.declared.get(name), values, loose=True)
        or _tells(link.declared.get(f"{ACCEPTED}{name}"), values, loose=False)
        for name, values in difference.told.items()
    )


def _tells(told: tuple[str, str] | None, values: tuple[str, str], *, loose: bool) -> bool:
    """Whether a declaration is about these values; where it leaves one out, any value will do."""
    if told is None:
        return False
    return all(
        (loose and not said) or _is_same(said, value)
        for said, value in zip(told, values, strict=True)
    )


def _is_same(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _closed_on_one_side(perfex: Mirror, xero: Mirror) -> Difference:
    gone = tuple("gone" if mirror.gone else "" for mirror in (perfex, xero))
    kept, sign = (xero, -1) if is_closed(perfex) else (perfex, 1)
    money = kept.record.money
    return Difference(
        part="status",
        words="status",
        perfex=_standing(perfex),
        xero=_standing(xero),
        gap=money.amount * sign if money else None,
        told={"gone": (gone[0], gone[1])},
    )


def _standing(mirror: Mirror) -> str:
    if mirror.gone:
        return "deleted"
    if not mirror.record.closed:
        return "in the books"
    return "void" if mirror.record.money else "archived"


Basic = tuple[str, str, Any, Any]


def _basics(perfex: Mirror, xero: Mirror) -> Iterator[Basic]:
    """Part, words and both values of what every document has, where both sides tell it."""
    ours, theirs = figures(perfex.record), figures(xero.record)
    for part, words, values in (
        ("total", "total", _both(ours, theirs, "total")),
        ("tax", "tax", _both(ours, theirs, "tax")),
        ("amount_due", "amount due", _both(ours, theirs, "due")),
        ("currency", "currency", (_currency(perfex), _currency(xero))),
        ("date", "date", (perfex.record.dated, xero.record.dated)),
    ):
        if all(value is not None and value != "" for value in values):
            yield part, words, *values


def _both(ours: Figures, theirs: Figures, name: str) -> tuple[Decimal | None, Decimal | None]:
    return getattr(ours, name), getattr(theirs, name)


def _currency(mirror: Mirror) -> str:
    money = mirror.record.money
    return money.currency if money else ""


def _basic(
    entity: Entity,
    perfex: Mirror,
    xero: Mirror,
    part: str,
    words: str,
    ours: object,
    theirs: object,
) -> Difference:
    texts = (shown(ours), shown(theirs))
    is_money = isinstance(ours, Decimal) and isinstance(theirs, Decimal)
    one_currency = _currency(perfex) in ("", _currency(xero))
    return Difference(
        part=part,
        words=words,
        perfex=texts[0],
        xero=texts[1],
        gap=ours - theirs if is_money and one_currency else None,  # type: ignore[operator]
        told={part: texts} | dict.fromkeys(_names(entity, perfex, xero, ours, theirs), texts),
    )


def _names(
    entity: Entity, perfex: Mirror, xero: Mirror, ours: object, theirs: object
) -> Iterator[str]:
    """The facets that hold these values."""
    for name, facet in entity.facets.items():
        if [facet.get(perfex.record), facet.get(xero.record)] == [ours, theirs]:
            yield name


def _facets(
    entity: Entity,
    perfex: Mirror,
    xero: Mirror,
    wanted: Mapping[str, object],
    said: Sequence[Sequence[object]],
) -> Iterator[Difference]:
    """Facets of money, tax, date, status and number that differ and were not said already."""
    for name, ours in wanted.items():
        facet = entity.facets.get(name)
        if facet is None or not facet.sensitive:
            continue
        theirs, raw = facet.get(xero.record), facet.get(perfex.record)
        if ours == theirs or [raw, theirs] in [list(values) for values in said]:
            continue
        told = {name: (shown(raw), shown(theirs))}
        yield from _facet(name, facet, ours, theirs, told)


def _facet(
    name: str, facet: Facet, ours: object, theirs: object, told: dict[str, tuple[str, str]]
) -> Iterator[Difference]:
    words = facet.words or name.replace("_", " ")
    if not (isinstance(ours, tuple) and isinstance(theirs, tuple)):
        yield Difference(part=name, words=words, perfex=shown(ours), xero=shown(theirs), told=told)
        return
    rows = list(_rows(ours, theirs))
    if rows:
        parts = sorted({part for row in rows for part in row[2]})
        yield Difference(
            part=name,
            words=f"{', '.join(parts)} of {words}" if parts else words,
            perfex="\n".join(shown(row[0]) for row in rows if row[0] is not None),
            xero="\n".join(shown(row[1]) for row in rows if row[1] is not None),
            told=told,
        )


Row = tuple[object, object, tuple[str, ...]]


def _rows(ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> Iterator[Row]:
    """The rows that differ in more than their text, each with its fellow of the other side.

    Their order is no difference. Rows of the same text belong together; then rows of the same
    money, in which only the text was edited; the rest in order.
    """
    left, right = _without(ours, theirs), _without(theirs, ours)
    for is_fellow in (_has_the_same_text, _has_the_same_money):
        for row in list(left):
            fellow = next((other for other in right if is_fellow(row, other)), None)
            if fellow is None:
                continue
            left.remove(row)
            right.remove(fellow)
            if not _has_the_same_money(row, fellow):
                yield row, fellow, _parts(row, fellow)
    for row, fellow in zip_longest(left, right):
        yield row, fellow, ()


def _without(rows: tuple[Any, ...], others: tuple[Any, ...]) -> list[Any]:
    return list((Counter(rows) - Counter(others)).elements())


def _has_the_same_text(row: object, other: object) -> bool:
    return getattr(row, _TEXT, row) == getattr(other, _TEXT, other)


def _has_the_same_money(row: Any, other: Any) -> bool:  # noqa: ANN401 - rows of any kind
    return bool(_money(row) == _money(other))


def _money(row: Any) -> object:  # noqa: ANN401 - rows of any kind
    """A row without its text."""
    fields = getattr(row, "_fields", ())
    return tuple(getattr(row, name) for name in fields if name != _TEXT) if fields else row


def _parts(row: object, other: object) -> tuple[str, ...]:
    return tuple(
        name
        for name in getattr(row, "_fields", ())
        if getattr(row, name) != getattr(other, name) and name != _TEXT
    )
