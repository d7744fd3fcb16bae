"""Input that cannot be accepted, in a sentence for the person who gave it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class NotAccepted(Exception):
    """The message names the thing, what is wrong and what to do; `field` is its input."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def unknown(what: str, given: str, known: Iterable[str]) -> NotAccepted:
    """The refusal of a name that does not exist, with those that come near."""
    names = sorted(known)
    near = get_close_matches(given, names, n=3) or names
    offered = f" Did you mean {_listed(near)}?" if near and len(near) <= _FEW else ""
    if not offered:
        offered = f" There are: {', '.join(names)}." if names else " There is none yet."
    return NotAccepted(f"There is no {what} {given!r}.{offered}")


_FEW = 3


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
