"""A Xero document on several accounts or taxes: one Perfex expense for each, as parts of its row.

The first part keeps the document's id, the others have theirs behind it (`ID.2`), so a document
that is divided later stays linked. Ours are never divided: there it is a bookkeeper's coding.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Lookups
from xero_bridge.core.money import exact
from xero_bridge.entities.marks import url_mark
from xero_bridge.entities.wire import xero_name

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_ZERO = Decimal()


class _Line(msgspec.Struct, frozen=True, rename=xero_name):
    account_code: str | None = None
    tax_type: str | None = None
    line_amount: Decimal | None = None
    tax_amount: Decimal | None = None


class _Document(msgspec.Struct, frozen=True, rename=xero_name):
    line_items: list[_Line] | None = None
    line_amount_types: str | None = None
    url: str | None = None


def parts_of(raw: bytes, lookups: Lookups) -> Sequence[bytes]:
    """The row once for each account and tax, with the lines and sums of that part alone."""
    document = msgspec.json.decode(raw, type=_Document)
    groups = _groups(document.line_items or [])
    if len(groups) <= 1 or url_mark(document.url, lookups.site_url):
        return (raw,)
    members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    lines = msgspec.json.decode(members["LineItems"], type=list[msgspec.Raw])
    accounts = sorted({line.account_code or "" for line in document.line_items or []} - {""})
    return [
        _ENCODER.encode(
            {
                **members,
                **_sums(document, group),
                "LineItems": [lines[index] for index in group],
                "Part": number,
                "Accounts": accounts,
            }
        )
        for number, group in enumerate(groups, start=1)
    ]


def part_id(document: str, number: int) -> str:
    """The id of a part of a document."""
    return document if number == 1 else f"{document}.{number}"


def _groups(lines: Sequence[_Line]) -> list[list[int]]:
    """Lines by account and tax, in order; a line of text alone goes with the one before it."""
    found: dict[tuple[str, str], list[int]] = {}
    last: list[int] = []
    for index, line in enumerate(lines):
        if line.account_code:
            last = found.setdefault((line.account_code, line.tax_type or ""), [])
        last.append(index)
    return list(found.values())


@exact()
def _sums(document: _Document, group: Sequence[int]) -> dict[str, Decimal]:
    lines = [(document.line_items or [])[index] for index in group]
    tax = sum((line.tax_amount or _ZERO for line in lines), _ZERO)
    amounts = sum((line.line_amount or _ZERO for line in lines), _ZERO)
    added = tax if document.line_amount_types == "Exclusive" else _ZERO
    return {"TotalTax": tax, "Total": amounts + added}
