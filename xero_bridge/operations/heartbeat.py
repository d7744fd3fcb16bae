"""Keeps a claim alive while its run waits for the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from xero_bridge.core.errors import BridgeError, LeaseLost
from xero_bridge.core.ports import Lease

LOG = structlog.get_logger(__name__)
#: Seconds between two signs of life; a claim that is silent for 60 may be taken over.
BEAT = 15.0


@contextmanager
def beating(lease: Lease, beat: float = BEAT) -> Iterator[None]:
    """Renew the claim now and then until the block ends; one that is lost is noticed by the run."""
    over = Event()
    thread = Thread(target=_beat, args=(lease, over, beat), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(lease: Lease, over: Event, beat: float) -> None:
    while not over.wait(beat):
        try:
            lease.check()
        except LeaseLost:
            return
        except BridgeError as error:
            # The database is busy or unreachable for a moment; the next beat tries again.
            LOG.warning("no heartbeat", error=str(error))
