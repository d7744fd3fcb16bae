"""Single calls to the REST module of one site: its header, its encodings, its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from xero_bridge.core.calls import Budget
from xero_bridge.core.errors import BudgetSpent, NotConnected, Retriable
from xero_bridge.core.ports import Clock
from xero_bridge.remotes.http import Answer, Http, Request
from xero_bridge.remotes.perfex import batch, problems
from xero_bridge.remotes.perfex.batch import Operation, Outcome
from xero_bridge.remotes.perfex.memory import fingerprint
from xero_bridge.remotes.perfex.parse import Meta, Top
from xero_bridge.remotes.wire import BrokenError

T = TypeVar("T")

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

#: Silence borne for one record; for lists, as the module loads whole tables for one page; and for
#: writes, as a payment is answered after its receipt was mailed.
_ONE, _LIST, _WRITE = 30.0, 120.0, 60.0
_LONGEST_KEY = 191
_BURST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)


class Api:
    """Calls to `SITE/api/...` with a token, one after the other, each taken from the budget."""

    def __init__(self, *, http: Http, url: str, token: str, clock: Clock, budget: Budget) -> None:
        """`url` is the site root; a trailing `/api` is accepted."""
        self.site = url.rstrip("/").removesuffix("/api").rstrip("/")
        self._http = http
        self.token_mark = fingerprint(token)
        self._headers = {"authtoken": token, "Accept": JSON}
        self._clock = clock
        self._budget = _Watched(budget)

    def now(self) -> datetime:
        """Aware UTC instant."""
        return self._clock.now()

    def uncached(self) -> dict[str, str]:
        """A query that no answer was kept for.

        The module may keep answers to GET for 300 seconds, by their address.
        """
        return {"_": f"{self._clock.now().timestamp() * 1000:.0f}"}

    def calls(self) -> int:
        """Calls made with the underlying connection."""
        return self._http.calls

    def read(
        self, *path: str, query: Mapping[str, str] | None = None, slow: bool = False
    ) -> tuple[Top, Meta | None]:
        """GET: the unwrapped JSON, and where it stands in its list.

        Raises NoData and Gone (see `problems`) beside the bridge's errors.
        """
        request = Request(
            url=self._url(path),
            query=dict(query or {}),
            headers=self._headers,
            timeout=_LIST if slow else _ONE,
        )
        return self._call(request, problems.read_answer)

    def write(
        self, method: str, *path: str, body: bytes = b"", content: str = FORM, key: str = ""
    ) -> dict[str, Any]:
        """POST, PUT or DELETE: the members of the answer. Raises Refused and Unknown too."""
        headers = dict(self._headers)
        if body:
            headers["Content-Type"] = content
        if key:
            headers["Idempotency-Key"] = key[:_LONGEST_KEY]
        request = Request(
            method=method, url=self._url(path), headers=headers, body=body, timeout=_WRITE
        )
        return self._call(request, problems.write_answer)

    def batch(self, operations: Sequence[Operation], *, writes: bool = False) -> Sequence[Outcome]:
        """At most 50 operations in one call, an outcome for each.

        Raises Gone where the module has no batches, and Unknown for writes.
        """
        request = Request(
            method="POST",
            url=self._url(("batch",)),
            headers={**self._headers, "Content-Type": JSON},
            body=batch.encode(operations),
            timeout=_LIST,
            repeatable=not writes,
        )
        return self._call(request, batch.read)

    def _call(self, request: Request, judge: Callable[[Answer, str, datetime], T]) -> T:
        def parse(answer: Answer) -> T:
            return judge(answer, self.site, self._clock.now())

        try:
            return self._http.call(request, parse, self._budget)
        except BudgetSpent:
            raise
        except Retriable as error:
            raise self._in_our_words(error) from error

    def _in_our_words(self, error: Retriable) -> Exception:
        if error.reason == "rate_limit":
            return BudgetSpent("rate_limit", side="Perfex", retry_at=self._back_at(error))
        if _never_met(error):
            cause = error.details.get("message", "")
            return NotConnected("perfex_unreachable", url=self.site, message=cause)
        return error

    def _back_at(self, error: Retriable) -> datetime:
        now = self._clock.now()
        if "too many" in str(error.details.get("message", "")).lower():
            return now + problems.LOCKED_OUT
        return error.retry_at or self._budget.back_at(now)

    def _url(self, path: Sequence[str]) -> str:
        return "/".join([self.site, "api", *(quote(part, safe="/") for part in path)])


class _Watched:
    """A budget that also remembers what the last answer's headers said is left."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._headers: Mapping[str, str] = {}

    @contextmanager
    def take(self) -> Iterator[None]:
        with self._budget.take():
            yield

    def observe(self, headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._budget.observe(headers)

    def block(self, until: datetime, problem: str) -> None:
        self._budget.block(until, problem)

    def back_at(self, now: datetime) -> datetime:
        """When calls are allowed again: at the reset of a used-up quota, else in a minute."""
        reset = self._headers.get("x-ratelimit-reset", "")
        if self._headers.get("x-ratelimit-remaining") != "0" or not reset.isdigit():
            return now + _BURST_WAIT
        # The reset slides with the clock, so it is not believed beyond the window.
        return min(datetime.fromtimestamp(int(reset), UTC), now + _LONGEST_WAIT)


def _never_met(error: BaseException) -> bool:
    """Whether no connection came about at all (name, address, certificate)."""
    broken = error.__cause__
    return isinstance(broken, BrokenError) and not broken.sent
