"""What a person typed who looks for a record: a number, name, id, address, mark or amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_AMOUNT = re.compile(r"([A-Z]{3}|[£€$])?\s*([0-9][0-9.,' ]*)\s*([A-Z]{3}|[£€$])?", re.IGNORECASE)
_SIGNS = {"£": "GBP", "€": "EUR", "$": ""}
#: Digits behind a single separator that sets thousands apart.
_THOUSANDS = 3


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A typed text and what it may mean."""

    texts: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    #: The very record that it names (`invoice:perfex:512`).
    key: Key | None = None


def sought(text: str) -> Sought:
    """What a text may mean."""
    typed = " ".join(text.split())
    key = _key(typed)
    if key is not None:
        return Sought(key=key)
    amount, currency = amount_of(typed)
    return Sought(texts=tuple(_texts(typed)), amount=amount, currency=currency)


def _texts(typed: str) -> list[str]:
    """The text itself, the id in an address of Xero, and the one at the end of one of Perfex."""
    texts = [typed.rstrip("/")] if typed else []
    found = _UUID.search(typed)
    if found:
        texts.append(found.group().lower())
    elif "://" in typed:
        texts.append(typed.rstrip("/").rpartition("/")[2].partition("#")[0])
    return list(dict.fromkeys(text for text in texts if text))


def _key(typed: str) -> Key | None:
    kind, _, rest = typed.partition(":")
    side, _, id_ = rest.partition(":")
    if kind in set(Kind) and side in set(Side) and id_:
        return Key(Kind(kind), Side(side), id_)
    return None


def amount_of(typed: str) -> tuple[Decimal | None, str]:
    """`1,234.50 EUR`, `€1.234,50` or `1234.5` as an amount and its currency; None for no amount."""
    found = _AMOUNT.fullmatch(typed)
    if found is None:
        return None, ""
    number = _plain(found.group(2))
    sign = found.group(1) or found.group(3) or ""
    currency = _SIGNS.get(sign, sign.upper())
    return (Decimal(number), currency) if number else (None, "")


def _plain(written: str) -> str:
    """A number with a point before its cents; empty where it cannot be one."""
    text = written.strip().replace("'", "").replace(" ", "")
    last = max(text.rfind("."), text.rfind(","))
    whole, cents = (text, "") if last < 0 else (text[:last], text[last + 1 :])
    mark = text[last : last + 1]
    is_one_mark = not (set(whole) & set(".,")) - {mark}
    if (mark and mark in whole) or (mark == "," and len(cents) == _THOUSANDS and is_one_mark):
        whole, cents = text, ""
    first, *groups = re.split("[.,]", whole)
    is_grouped = all(len(group) == _THOUSANDS for group in groups)
    if not is_grouped or not f"{first}{''.join(groups)}{cents}".isdigit() or not first:
        return ""
    return f"{first}{''.join(groups)}" + (f".{cents}" if cents else "")
