"""What an answer of Perfex means: its codes are overloaded, so words and shape decide."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from xero_bridge.core.errors import (
    BridgeError,
    BudgetSpent,
    NotConnected,
    Refused,
    Retriable,
    Unknown,
)
from xero_bridge.remotes.http import Answer
from xero_bridge.remotes.perfex import parse
from xero_bridge.remotes.perfex.parse import Meta, Top

_TAG = re.compile(r"<[^>]{0,200}>")
#: How long an address with 20 refusals is locked out; the older limiter is asked again as late.
LOCKED_OUT = timedelta(minutes=15)
#: Words of the JWT library, which the module passes on with HTTP 404.
_TOKEN_WORDS = ("token", "signature", "segments", "malformed", "syntax error")
_MOST_WORDS = 500


class NoData(Exception):
    """A believable "there is no such thing": a JSON answer that says *no data*."""


class Gone(Exception):
    """The address is not served as JSON by this module (an unknown route, an older module)."""


def read_answer(answer: Answer, url: str, now: datetime) -> tuple[Top, Meta | None]:
    """The unwrapped JSON of a successful read.

    Raises NoData and Gone, and our Retriable, BudgetSpent, NotConnected and Refused.
    """
    try:
        top = parse.top(answer.body)
    except parse.NotJsonError as error:
        raise _unreadable(answer.status, error, url) from error
    if answer.status < 300 and not _denies(top):
        return parse.unwrap(top)
    raise _problem(answer.status, words(top), _by_field(top), now)


def write_answer(answer: Answer, _url: str, now: datetime) -> dict[str, Any]:
    """The JSON object of a write that succeeded.

    Raises Refused when it surely did not happen, Unknown when that is open, and NotConnected or
    BudgetSpent when the request was turned away at the door.
    """
    try:
        top = parse.top(answer.body)
    except parse.NotJsonError as error:
        message = _said(error)
        raise Unknown(
            "not_readable", side="Perfex", message=message, status=answer.status
        ) from error
    if answer.status < 300 and not _denies(top):
        return _members(top)
    problem = _problem(answer.status, words(top), _by_field(top), now)
    if isinstance(problem, NoData | Gone):
        raise Refused("refused_by_perfex", message=words(top), status=answer.status)
    raise problem


def words(top: Top) -> str:
    """What a JSON answer says in words: its message, error and errors, without tags."""
    if not isinstance(top, dict):
        return ""
    said: list[str] = []
    for name in ("message", "error", "errors", "data"):
        if name in top:
            said += texts(parse.value(top[name]))
    return "; ".join(dict.fromkeys(said))[:_MOST_WORDS]


def is_permission(text: str) -> bool:
    """Whether the words are about what the token may do."""
    lowered = text.lower()
    return "permission" in lowered or "capabilit" in lowered


def _problem(status: int, said: str, by_field: bool, now: datetime) -> BridgeError | Exception:  # noqa: FBT001
    lowered = said.lower()
    if "time limit" in lowered or "rate limit" in lowered or "too many" in lowered:
        return BudgetSpent("rate_limit", side="Perfex", retry_at=now + LOCKED_OUT)
    if "not active" in lowered and "module" in lowered:
        return NotConnected("perfex_module_off", message=said)
    if status == 403 or is_permission(lowered):
        return Refused("perfex_forbidden", message=said)
    if by_field:
        return Refused("refused_by_perfex", message=said, status=status)
    if status == 401:
        return NotConnected("perfex_token_wrong", message=said)
    if status == 405 or "not valid data" in lowered:
        return Gone(said)
    return _missing(status, said, lowered)


def _missing(status: int, said: str, lowered: str) -> BridgeError | Exception:
    if status not in (200, 404):
        return Refused("refused_by_perfex", message=said, status=status)
    if "no data" in lowered or "record not found" in lowered:
        return NoData(said)
    if any(word in lowered for word in _TOKEN_WORDS):
        return NotConnected("perfex_token_wrong", message=said)
    if "unknown method" in lowered or "does not exist" in lowered:
        return Gone(said)
    return Refused("refused_by_perfex", message=said, status=status)


def _unreadable(status: int, error: parse.NotJsonError, url: str) -> Exception:
    """A read without JSON: a wrong route, something in between, or an answer that was cut."""
    if status in (404, 405):
        return Gone(_said(error))
    if error.shape in ("empty", "cut"):
        return Retriable("not_readable", side="Perfex", message=_said(error), status=status)
    return NotConnected("perfex_not_json", message=_said(error), status=status, url=url)


def _said(error: parse.NotJsonError) -> str:
    what = {"empty": "an empty page", "html": "an HTML page", "cut": "JSON that was cut off"}
    name = what.get(error.shape, "plain text")
    return f"{name} ({error.head})" if error.head else name


def _denies(top: Top) -> bool:
    """Whether a JSON object says `false` where success is told (payments say it elsewhere)."""
    if not isinstance(top, dict):
        return False
    return any(
        bytes(top.get(name, b"")) == b"false" for name in ("status", "success", "paymentmode")
    )


def _by_field(top: Top) -> bool:
    """Whether the answer names fields with reasons: a validation, whatever its code says."""
    if not isinstance(top, dict):
        return False
    return any(bytes(top.get(name, b""))[:1] == b"{" for name in ("error", "errors"))


def texts(value: Any) -> list[str]:
    """All texts within a JSON value, without tags."""
    if isinstance(value, dict):
        return [text for member in value.values() for text in texts(member)]
    if isinstance(value, list):
        return [text for member in value for text in texts(member)]
    if isinstance(value, str) and (text := " ".join(_TAG.sub(" ", value).split())):
        return [text]
    return []


def _members(top: Top) -> dict[str, Any]:
    if isinstance(top, list):
        return {}
    inner, _ = parse.unwrap(top)
    members = {name: parse.value(raw) for name, raw in top.items()}
    if isinstance(inner, dict) and inner is not top:
        members |= {name: parse.value(raw) for name, raw in inner.items()}
    return members
