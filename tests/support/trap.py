"""Ends a process at a chosen call that it makes, or a moment after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from threading import Event, Lock, Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The call of this number (of those with this method), and how many seconds after it came."""

    call: int
    method: str = ""
    seconds: float = 0.0


class Trap:
    """Watches the calls that arrive; the chosen one ends its sender without a warning.

    The call itself is carried out all the same: its answer finds nobody.
    """

    def __init__(self) -> None:
        self.sprung_at: list[str] = []
        self._lock = Lock()
        self._moment: Moment | None = None
        self._left = 0
        self._victim: BaseProcess | None = None
        self._named = Event()
        self._timer: Timer | None = None

    def set(self, moment: Moment | None) -> None:
        """Wait for this moment; name the victim next."""
        with self._lock:
            self._moment, self._left = moment, moment.call if moment else 0
            self._victim = None
            self._named.clear()

    def name(self, victim: BaseProcess) -> None:
        """The process that is meant; calls wait until it is known."""
        self._victim = victim
        self._named.set()

    def take_away(self) -> None:
        """The process has ended: nothing happens to it any more."""
        self.set(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self._timer = None

    def watch(self, app: WSGIApplication) -> WSGIApplication:
        """The app with the trap in front of it."""

        def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            moment = self._due(environ["REQUEST_METHOD"])
            if moment:
                self._spring(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", moment.seconds)
            return app(environ, start_response)

        return watched

    def _due(self, method: str) -> Moment | None:
        with self._lock:
            if self._moment and self._moment.method in ("", method):
                self._left -= 1
                return self._moment if self._left == 0 else None
        return None

    def _spring(self, call: str, seconds: float) -> None:
        assert self._named.wait(10)
        assert self._victim is not None
        self.sprung_at.append(call)
        if seconds:
            self._timer = Timer(seconds, self._victim.kill)
            self._timer.start()
        else:
            self._victim.kill()
