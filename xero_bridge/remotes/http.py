"""One HTTP call after the other: time-outs, pacing, retry by method, and a record of each call.

What an attempt can end in, for every side:

- a `Retriable` (or `BudgetSpent`): nothing happened over there, so the same call may be made again;
- an `Unknown`: a write went out and nobody can say whether it happened;
- an `Answer`: the client of that side says what it means.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn, Protocol, TypeVar
from urllib.parse import urljoin

import msgspec

from xero_bridge.core.calls import Budget, Exchange, Recorder
from xero_bridge.core.errors import BridgeError, BudgetSpent, NotConnected, Retriable, Unknown
from xero_bridge.core.ports import Clock
from xero_bridge.remotes.address import origin
from xero_bridge.remotes.messages import Answer, NotJsonError, Request, rates, retry_after
from xero_bridge.remotes.redact import redact_headers, redact_url
from xero_bridge.remotes.wire import BrokenError, Wire

__all__ = ["Answer", "Http", "NotJsonError", "Patience", "Request", "Sleeper", "retry_after"]

T = TypeVar("T")

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 3


class Sleeper(Protocol):
    """Waits; tests hand in one that only remembers."""

    def __call__(self, seconds: float, /) -> None:
        """Wait that many seconds."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long and how often is tried, in seconds."""

    connect: float = 10.0
    #: Silence that is borne while an answer is awaited; a request may name its own.
    answer: float = 60.0
    attempts: int = 4
    #: Pause before the second attempt; it doubles, and up to half of it is taken off by chance.
    pause: float = 1.0
    #: The longest wait that a side may ask for (a minute window); longer ones end the work for now.
    longest_wait: float = 70.0
    #: Bytes of an answer; larger ones are cut off as a fault of the other side.
    largest_answer: int = 64 << 20


class Http:
    """The calls to one side: one session, only the given origins, every call recorded.

    Raises Retriable, BudgetSpent, NotConnected (address not allowed, redirected elsewhere) and, for
    writes, Unknown.
    """

    def __init__(
        self,
        *,
        side: str,
        origins: Collection[str],
        clock: Clock,
        recorder: Recorder,
        sleep: Sleeper = time.sleep,
        patience: Patience | None = None,
        jitter: Callable[[], float] = random.random,
        public_only: bool = False,
    ) -> None:
        """`origins` are addresses (`https://host[:port][/...]`) that may be contacted.

        `public_only` refuses them once they turn out to lie in a private network.
        """
        self._side = side
        self._name = side.capitalize()
        self._origins = frozenset(origin(url) for url in origins)
        self._clock = clock
        self._record = recorder
        self._sleep = sleep
        self._patience = patience or Patience()
        self._jitter = jitter
        self._wire = Wire(
            connect=self._patience.connect,
            answer=self._patience.answer,
            largest=self._patience.largest_answer,
            public_only=public_only,
        )
        self.calls = 0

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._wire.close()

    def call(
        self, request: Request, parse: Callable[[Answer], T], budget: Budget | None = None
    ) -> T:
        """Make the call and read its answer with `parse`; again while nothing has happened yet.

        `parse` raises `Retriable` for an answer after which the call may be made again; reads are
        repeated after a growing pause, a wait asked for by the side is kept if it is short.
        """
        pauses = self._pauses()
        while True:
            try:
                return parse(self.once(request, budget))
            except BudgetSpent:
                raise
            except Retriable as error:
                pause = next(pauses, None)
                wait = self._wait(error, pause)
                if wait is None:
                    raise
                self._sleep(wait)

    def once(self, request: Request, budget: Budget | None = None) -> Answer:
        """One attempt (and, for GET, its redirects within the host); raises as the class says."""
        for _ in range(_HOPS):
            answer = self._attempt(request, budget)
            if answer.status not in _REDIRECTS:
                return answer
            request = self._redirected(request, answer)
        raise NotConnected("redirected", url=redact_url(request.url), to=redact_url(request.url))

    def _pauses(self) -> Iterator[float]:
        for attempt in range(self._patience.attempts - 1):
            yield self._patience.pause * 2**attempt * (1 - self._jitter() / 2)

    def _wait(self, error: Retriable, pause: float | None) -> float | None:
        if pause is None:
            return None
        if error.retry_at is None:
            return pause
        asked = (error.retry_at - self._clock.now()).total_seconds()
        return max(asked, 0) + pause / 2 if asked <= self._patience.longest_wait else None

    def _attempt(self, request: Request, budget: Budget | None) -> Answer:
        if origin(request.url) not in self._origins:
            raise NotConnected("host_not_allowed", url=redact_url(request.url))
        if budget is None:
            return self._judged(request, self._send(request), None)
        place = budget.take()
        place.__enter__()
        try:
            answer = self._send(request)
        finally:
            # What goes wrong in our own books after the call must not look as if it never happened.
            with suppress(BridgeError):
                place.__exit__(None, None, None)
        return self._judged(request, answer, budget)

    def _send(self, request: Request) -> Answer:
        started = time.monotonic()
        self.calls += request.cost
        try:
            answer = self._wire.exchange(request)
        except BrokenError as broken:
            self._note(request, started, None, str(broken))
            if request.writes and broken.sent:
                raise Unknown("no_answer", side=self._name, message=str(broken)) from broken
            raise Retriable("no_answer", side=self._name, message=str(broken)) from broken
        self._note(request, started, answer, "")
        return answer

    def _judged(self, request: Request, answer: Answer, budget: Budget | None) -> Answer:
        if budget:
            with suppress(BridgeError):
                budget.observe(answer.headers)
        if answer.status == 429:
            self._limited(answer, budget)
        if answer.status >= 500:
            self._failed(request, answer)
        return answer

    def _failed(self, request: Request, answer: Answer) -> NoReturn:
        details = {"side": self._name, "status": answer.status, "message": answer.text}
        if request.writes:
            raise Unknown("server_trouble", **details)
        seconds = retry_after(answer.headers)
        until = None if seconds is None else self._clock.now() + timedelta(seconds=seconds)
        raise Retriable("server_trouble", retry_at=until, **details)

    def _limited(self, answer: Answer, budget: Budget | None) -> NoReturn:
        """A refusal for too many calls: nothing happened over there."""
        problem = answer.headers.get("x-rate-limit-problem", "").lower() or "limit"
        seconds = retry_after(answer.headers)
        if seconds is None and "day" not in problem:
            raise Retriable("rate_limit", side=self._name, problem=problem, message=answer.text)
        # A day's limit without a time: looked at again within the hour.
        until = self._clock.now() + timedelta(seconds=3600 if seconds is None else seconds)
        if budget:
            budget.block(until, problem)
        if "day" in problem or (seconds or 0) > self._patience.longest_wait:
            reason = "day_limit" if "day" in problem else "rate_limit"
            raise BudgetSpent(reason, retry_at=until, side=self._name, problem=problem)
        raise Retriable("rate_limit", retry_at=until, side=self._name, problem=problem)

    def _redirected(self, request: Request, answer: Answer) -> Request:
        target = urljoin(request.url, answer.headers.get("location", ""))
        if request.method != "GET" or origin(target) != origin(request.url):
            raise NotConnected("redirected", url=redact_url(request.url), to=redact_url(target))
        return msgspec.structs.replace(request, url=target, query={})

    def _note(self, request: Request, started: float, answer: Answer | None, error: str) -> None:
        failed = answer is not None and answer.status >= 400
        exchange = Exchange(
            side=self._side,
            method=request.method,
            url=redact_url(request.url, request.query),
            headers=redact_headers(request.headers),
            status=answer.status if answer else 0,
            ms=round((time.monotonic() - started) * 1000),
            size=len(answer.body) if answer else 0,
            body=answer.text if answer and failed else "",
            error=error,
            cost=request.cost,
            remaining=rates(answer.headers) if answer else {},
            at=self._clock.now(),
        )
        with suppress(BridgeError):
            self._record(exchange)
