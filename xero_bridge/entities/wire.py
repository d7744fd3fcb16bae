"""Reading both wires: Xero's names, and Perfex's values, whose form is loose."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Codec, Decoded, Lookups
from xero_bridge.core.money import MoneyError, parse_decimal

#: A Perfex value as it came: text, a number, null, or (empty) not there at all.
Loose = msgspec.Raw

ABSENT = msgspec.Raw()
_SHOUTED = {"id": "ID", "utc": "UTC"}
_NOTHING = frozenset({"", "null", "[]", "{}"})


class WireError(ValueError):
    """A record of a side that cannot be read: the message names the member and what is wrong."""


def xero_name(name: str) -> str:
    """The name of a member as Xero writes it: `line_item_id` is `LineItemID`."""
    return "".join(_SHOUTED.get(part, part.capitalize()) for part in name.split("_"))


def read(codec: Codec, raw: bytes, lookups: Lookups) -> Decoded:
    """One record from its JSON; raises WireError naming what is missing or wrong."""
    try:
        return codec.decode(msgspec.json.decode(raw, type=codec.wire), lookups)
    except (msgspec.MsgspecError, ValueError) as error:
        raise WireError(f"A record of {codec.path} cannot be read: {error}") from error


def as_text(value: Loose) -> str:
    """The value as text; empty for null and for what is not there. Numbers keep their digits."""
    raw = bytes(value)
    if raw.startswith(b'"'):
        return msgspec.json.decode(raw, type=str)
    written = raw.decode()
    return "" if written in _NOTHING else written


def as_id(value: Loose, name: str) -> str:
    """The value as an id; raises WireError where there is none."""
    written = as_text(value).strip()
    if not written:
        raise WireError(f"{name} is empty, but every record has one.")
    return written


def as_decimal(value: Loose, name: str) -> Decimal:
    """The value as an exact number, zero for nothing; raises WireError naming the member."""
    written = as_text(value).strip()
    if not written:
        return Decimal()
    try:
        return parse_decimal(written, name=name)
    except MoneyError as error:
        raise WireError(str(error)) from error


def as_flag(value: Loose) -> bool:
    """Whether the value says yes: PHP writes `1`, `"1"` or `true`."""
    return as_text(value).strip().lower() not in {"", "0", "false"}


def as_list(value: Loose) -> tuple[msgspec.Raw, ...]:
    """The members of a list; a single value is a list of one, and nothing an empty one."""
    raw = bytes(value)
    if raw.startswith(b"["):
        return tuple(msgspec.json.decode(raw, type=list[msgspec.Raw]))
    return (value,) if as_text(value) else ()
