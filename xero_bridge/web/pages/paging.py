"""The number of a page in an address."""

from __future__ import annotations

from flask import request

#: Nobody looks further; larger numbers would only trouble the database.
_LAST = 100_000


def page_number() -> int:
    """The page asked for, from 1; anything that is no such number is the first."""
    text = request.args.get("page", "1")
    if not text.isdecimal() or len(text) > len(str(_LAST)):
        return 1
    return min(max(int(text), 1), _LAST)
