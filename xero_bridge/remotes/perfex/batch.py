"""The module's batch tool: several operations in one call (generation 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from xero_bridge.core.entity import Json
from xero_bridge.remotes.http import Answer
from xero_bridge.remotes.perfex import parse, problems
from xero_bridge.remotes.perfex.parse import Top

#: Operations that one call takes, and rows that one list operation gives.
MOST_OPERATIONS = 50
MOST_ROWS = 100
#: `list_countries` gives 100 rows unless told otherwise, and at most this many.
ALL_COUNTRIES = 500


_NOTHING = msgspec.Raw()


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation: `customers_get` with `{"id": "41"}`."""

    tool: str
    arguments: Json = {}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one operation answered: its result as JSON, or the words of its refusal."""

    result: msgspec.Raw | None = None
    error: str = ""

    @property
    def forbidden(self) -> bool:
        """Whether the token may not do it (rather than that there is nothing)."""
        return problems.is_permission(self.error)


class _Result(msgspec.Struct):
    index: int | None = None
    status: bool = False
    result: msgspec.Raw = _NOTHING
    error: msgspec.Raw = _NOTHING
    message: msgspec.Raw = _NOTHING


_RESULTS = msgspec.json.Decoder(list[_Result])


def encode(operations: Sequence[Operation]) -> bytes:
    """The body of a batch call."""
    # The module's descriptions say `args`, its code reads `arguments`: both are sent.
    return msgspec.json.encode(
        {
            "operations": [
                {"tool": each.tool, "arguments": each.arguments, "args": each.arguments}
                for each in operations
            ]
        }
    )


def read(answer: Answer, url: str, now: datetime) -> tuple[Outcome, ...]:
    """One outcome per operation, in their order; one that failed does not fail the call.

    Raises as `problems.read_answer`.
    """
    results = _results(answer)
    if results is None:
        problems.read_answer(answer, url, now)
        return ()
    return tuple(_outcome(result) for result in _in_order(_RESULTS.decode(results)))


def _results(answer: Answer) -> msgspec.Raw | None:
    try:
        top: Top = parse.top(answer.body)
    except parse.NotJsonError:
        return None
    inner, _ = parse.unwrap(top)
    return inner.get("results") if isinstance(inner, dict) else None


def _in_order(results: list[_Result]) -> list[_Result]:
    told = [result.index for result in results]
    if sorted(index for index in told if index is not None) != list(range(len(results))):
        return results
    return sorted(results, key=lambda result: result.index or 0)


def _outcome(result: _Result) -> Outcome:
    if result.status:
        return Outcome(result=result.result if bytes(result.result) else None)
    said = [
        problems.texts(parse.value(raw)) for raw in (result.error, result.message) if bytes(raw)
    ]
    return Outcome(error="; ".join(text for texts in said for text in texts) or "refused")
