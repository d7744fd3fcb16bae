"""What the tests and the stand-ins say to each other, taken down word by word."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock, local
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from xero_bridge.simulator.common import Fault, Faults
from xero_bridge.simulator.perfex import PerfexSimulator
from xero_bridge.simulator.xero import XeroSimulator

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

SIMULATORS: dict[str, Any] = {"xero": XeroSimulator, "perfex": PerfexSimulator}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer; status 0 means that the connection was cut without one."""

    side: str
    release: str  # Of Perfex's module; empty for Xero.
    wrapped: bool = False  # Whether Perfex's option for standard answers is on.
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int = 0
    answer_headers: dict[str, str]
    answer: bytes = b""
    fault: str = ""  # The fault on purpose that struck this call.

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"{self.method} {self.path}{query} -> {self.status} ({self.side})"

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the address, without the folder of the API."""
        return tuple(self.path.strip("/").split("/")[1:])

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def answer_type(self) -> str:
        return self.answer_headers.get("content-type", "").partition(";")[0].strip().lower()


class Record:
    """The exchanges since they were last taken; stand-ins answer in many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._exchanges: list[Exchange] = []

    def add(self, exchange: Exchange) -> None:
        with self._lock:
            self._exchanges.append(exchange)

    def take(self) -> list[Exchange]:
        with self._lock:
            taken, self._exchanges = self._exchanges, []
        return taken


@contextmanager
def recording(record: Record) -> Iterator[None]:
    """While open, whatever a stand-in of this process is asked and answers is put on record."""
    struck = local()
    take = Faults.take

    def noted(self: Faults, method: str, path: str) -> Fault | None:
        fault = take(self, method, path)
        struck.fault = str(fault.kind) if fault else ""
        return fault

    def listening(side: str) -> Callable[..., Any]:
        answer = SIMULATORS[side].wsgi

        def wsgi(
            self: Any, environ: "WSGIEnvironment", start_response: "StartResponse"
        ) -> "Iterable[bytes]":
            struck.fault = ""
            exchange = _asked(side, self, environ)
            try:
                exchange = _answered(exchange, answer.__get__(self), environ, start_response)
            finally:
                # Also when the app raises, which cuts the connection.
                record.add(replace(exchange, fault=struck.fault))
            return [exchange.answer]

        return wsgi

    with (
        patch.object(Faults, "take", noted),
        patch.object(XeroSimulator, "wsgi", listening("xero")),
        patch.object(PerfexSimulator, "wsgi", listening("perfex")),
    ):
        yield


def _asked(side: str, simulator: Any, environ: "WSGIEnvironment") -> Exchange:
    """The request, with its body put back for the stand-in to read."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    names = {k[5:].replace("_", "-").lower(): v for k, v in environ.items() if k[:5] == "HTTP_"}
    return Exchange(
        side=side,
        release=simulator.site.version.number if side == "perfex" else "",
        wrapped=side == "perfex" and simulator.site.settings.standard_response,
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        query=environ.get("QUERY_STRING", ""),
        headers={**names, "content-type": environ.get("CONTENT_TYPE", "")},
        body=body,
        answer_headers={},
    )


def _answered(
    asked: Exchange,
    app: "WSGIApplication",
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
) -> Exchange:
    """The exchange with the app's answer in it."""
    head: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        head.append((status, headers))
        return start_response(status, headers, *more)

    content = b"".join(app(environ, start))
    status, headers = head[-1]
    return replace(
        asked,
        status=int(status[:3]),
        answer_headers={name.lower(): value for name, value in headers},
        answer=content,
    )
