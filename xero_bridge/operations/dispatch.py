"""Runs that were asked for are carried out by threads of this process."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Semaphore, Thread

import structlog

from xero_bridge.operations.services import Services

LOG = structlog.get_logger(__name__)
#: Connections that are run at the same time: a run waits for the network most of the time.
AT_ONCE = 4


class ThreadDispatch:
    """Implements `Dispatch`: one thread per connection that has something to do."""

    def __init__(self, serve: Callable[[Services, str], None], at_once: int = AT_ONCE) -> None:
        """`serve` carries out the requests of a connection and returns when there are none."""
        self._serve = serve
        self._places = Semaphore(at_once)
        self._changed = Condition()
        #: Connection -> whether it was woken again while its thread was busy.
        self._active: dict[str, bool] = {}

    def wake(self, services: Services, connection: str) -> None:
        """See that the requests of this connection are served soon; returns at once."""
        with self._changed:
            if connection in self._active:
                self._active[connection] = True
                return
            self._active[connection] = False
        Thread(
            target=self._work, args=(services, connection), name=f"run {connection}", daemon=True
        ).start()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is going on; False when there still is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._active, seconds)

    def _work(self, services: Services, connection: str) -> None:
        while True:
            with self._places:
                try:
                    self._serve(services, connection)
                except Exception:  # A thread has nobody above it who would tell.
                    LOG.exception("requests not served", connection=connection)
            with self._changed:
                if not self._active[connection]:
                    del self._active[connection]
                    self._changed.notify_all()
                    return
                self._active[connection] = False
