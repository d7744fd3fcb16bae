"""Calls to a side: what is written down about each, and the budget they are taken from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import msgspec


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP call and its answer, without secrets: fit for log, database and screen."""

    #: `xero`, `perfex` or `identity`.
    side: str
    method: str
    #: Address with the values of secret query parameters starred out.
    url: str
    #: Request headers with secret values starred out.
    headers: dict[str, str] = {}
    #: HTTP status; 0 when no answer came.
    status: int = 0
    #: Milliseconds until the whole answer was here (or the attempt failed).
    ms: int = 0
    #: Bytes of the answer.
    size: int = 0
    #: First characters of the answer to a failed call, secrets starred out.
    body: str = ""
    #: Why no answer came, in a few words.
    error: str = ""
    #: Calls it took from the side's budget (0 for identity and connections).
    cost: int = 1
    #: Rate headers of the answer, names in lower case.
    remaining: dict[str, str] = {}
    at: datetime


Recorder = Callable[[Exchange], None]


class Budget(Protocol):
    """The calls that a Xero organisation or Perfex token still allows; all processes share it."""

    def take(self) -> AbstractContextManager[None]:
        """Wait for a turn and hold one of the places in flight while the block runs.

        Waits about a minute at most; raises `BudgetSpent` when calls are used up for longer.
        """

    def observe(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer's headers (names in lower case) say is left."""

    def block(self, until: datetime, problem: str) -> None:
        """Take no call before `until` (aware UTC); `problem` is `minute`, `day` or the like."""
