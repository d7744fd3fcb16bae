"""The schedule: a clock that ticks in one process or several; the database says what is due."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from xero_bridge.operations import schedule
from xero_bridge.operations.services import Services

LOG = structlog.get_logger(__name__)
#: Seconds between two looks at what is due: one short read of the database.
TICK = 5
#: Hours between two rounds of house-keeping.
ROUND = 6


def start(services: Services, tick: float = TICK) -> BackgroundScheduler:
    """Begin to tick; call `shutdown()` on what is returned to stop."""
    scheduler = BackgroundScheduler(timezone="UTC")
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
    scheduler.add_job(_calmly(schedule.tick), "interval", [services], seconds=tick, **options)
    scheduler.add_job(
        _calmly(schedule.keep_house), "interval", [services], hours=ROUND, jitter=600, **options
    )
    scheduler.start()
    LOG.info("schedule begins", tick=tick)
    return scheduler


def _calmly(job: Callable[[Services], object]) -> Callable[[Services], None]:
    """The job, with trouble logged: the next tick tries again."""

    def run(services: Services) -> None:
        try:
            job(services)
        except Exception:  # A clock that stops would stop everything.
            LOG.exception("tick failed")

    return run
