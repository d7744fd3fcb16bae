"""Form bodies as PHP reads them: `newitems[0][taxname][0]=VAT|20.00`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

from xero_bridge.core.entity import Json


def encode(body: Json) -> bytes:
    """The body as `application/x-www-form-urlencoded`; the order of its members is kept."""
    pairs = [pair for name, value in body.items() for pair in _pairs(name, value)]
    return urlencode(pairs).encode("ascii")


def fields(body: bytes) -> dict[str, str]:
    """The plain fields of such a body."""
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True))


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for key, member in value.items():
                yield from _pairs(f"{name}[{key}]", member)
        case list() | tuple():
            for index, member in enumerate(value):
                yield from _pairs(f"{name}[{index}]", member)
        case bool():
            yield name, "1" if value else "0"
        case None:
            yield name, ""
        case _:
            yield name, str(value)
