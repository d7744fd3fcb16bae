"""Gunicorn: one process with threads; its schedule polls unless XERO_BRIDGE_SCHEDULER is off."""

from __future__ import annotations

from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask


class Loaded(Protocol):
    """What gunicorn holds of an application."""

    def wsgi(self) -> Flask:
        """The application."""


class Worker(Protocol):
    """A process of gunicorn's."""

    app: Loaded
    schedule: BackgroundScheduler | None


bind = "127.0.0.1:8000"
workers = 1
threads = 8
# A run ends cleanly at its next call; one that is killed is taken over and explained.
graceful_timeout = 20
# Nobody needs another way in than the dashboard.
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:
    """Start the schedule in the worker, once its application is loaded."""
    from xero_bridge.wiring.serving import begin

    worker.schedule = begin(worker.app.wsgi().extensions["xero_bridge"])


def worker_exit(_server: object, worker: Worker) -> None:
    """Stop asking for runs; the one that is going on gets some seconds to end."""
    if worker.schedule is not None:
        worker.schedule.shutdown(wait=False)
