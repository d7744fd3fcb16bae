"""Rows of Perfex lists as bytes: without secrets, with their id and a hash of what is left."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from xero_bridge.core.errors import Refused
from xero_bridge.remotes.perfex.parse import Top

#: Password hashes, keys of public pages and payment gateways: they end here.
SECRETS = frozenset(
    {
        "password",
        "new_pass_key",
        "email_verification_key",
        "last_ip",
        "hash",
        "short_link",
        "token",
        "stripe_id",
    }
)
#: Members that change without anything of the record changing.
_VOLATILE = frozenset(
    {
        "last_login",
        "last_password_change",
        "new_pass_key_requested",
        "email_verified_at",
        "email_verification_sent_at",
        "last_overdue_reminder",
        "last_due_reminder",
    }
)
_DROPPED = SECRETS | _VOLATILE
_ROWS = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
#: Tables and lists give the same members in another order.
_ENCODER = msgspec.json.Encoder(order="sorted")

Members = dict[str, msgspec.Raw]


class Row(NamedTuple):
    """A row's id, its bytes without secrets, and their hash."""

    id: str
    raw: bytes
    digest: str


def members_of(raw: msgspec.Raw | bytes) -> list[Members]:
    """The members of every row of a JSON array; raises Refused when it is something else."""
    try:
        return _ROWS.decode(raw)
    except msgspec.ValidationError as error:
        raise Refused("perfex_unreadable", message=f"not a list of records: {error}") from error


def row(members: Members, id_field: str, dropped: frozenset[str] = frozenset()) -> Row:
    """One row from its members, without secrets, what is volatile, and the `dropped` ones."""
    for name in (_DROPPED | dropped) & members.keys():
        del members[name]
    id = as_text(members.get(id_field))
    if not id:
        raise Refused("perfex_unreadable", message=f"a row without {id_field}")
    raw = _ENCODER.encode(members)
    return Row(id, raw, digest(raw))


def clean(raw: msgspec.Raw | bytes) -> bytes:
    """JSON without secrets at any depth; numbers and texts stay byte for byte."""
    text = bytes(raw)
    match text[:1]:
        case b"{":
            members = _MEMBERS.decode(text)
            kept = members.keys() - _DROPPED
            return _ENCODER.encode(
                {n: msgspec.Raw(clean(r)) for n, r in members.items() if n in kept}
            )
        case b"[":
            return _ENCODER.encode([msgspec.Raw(clean(each)) for each in _ELEMENTS.decode(text)])
        case _:
            return text


def clean_top(top: Top) -> bytes:
    """The same for an answer whose first level is decoded already."""
    return clean(_ENCODER.encode(top))


def encoded(value: Top | Iterable[msgspec.Raw]) -> bytes:
    """JSON of parts that are JSON already."""
    return _ENCODER.encode(value)


def digest(raw: bytes) -> str:
    """Hash of a row's bytes."""
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def as_text(raw: msgspec.Raw | bytes | None) -> str:
    """An id or flag as text, whether it came as JSON text or number; empty for null and none."""
    text = bytes(raw).decode("utf-8", "replace") if raw is not None else ""
    return "" if text == "null" else text.strip('"')
