"""Runs of the bridge in processes of their own, with what they took."""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import structlog

from tests.support.stage import NAME, SharedClock, Stage, a_bridge
from xero_bridge.core.ports import RunRow
from xero_bridge.engine.context import Scope
from xero_bridge.operations.runs import run_now

#: Each begins as a fresh interpreter: nothing of the simulators' memory is in it.
PROCESSES = get_context("spawn")


@dataclass(frozen=True, kw_only=True)
class Took:
    """A run, and what its process took for it."""

    row: RunRow
    #: Seconds of CPU and of the clock on the wall, for the run alone.
    cpu: float
    wall: float
    #: Most bytes of memory that the process ever held.
    memory: int


def sync(stage: Stage) -> Took:
    """One run of the bridge on the stage, in a process of its own."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    clock = stage.clock
    process = PROCESSES.Process(
        target=_sync, args=(stage.variables, clock.zero, clock.moved, sender)
    )
    process.start()
    sender.close()
    with receiver:
        took: Took = receiver.recv()
    process.join()
    return took


def _sync(
    variables: Mapping[str, str], zero: float, moved: Synchronized[float], outcome: Any
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with a_bridge(variables, SharedClock(zero, moved)) as services:
        cpu, wall = time.process_time(), time.perf_counter()
        row = run_now(services, NAME, Scope(trigger="command"))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    outcome.send(Took(row=row, cpu=cpu, wall=wall, memory=_most_memory()))


def _most_memory() -> int:
    """Most bytes that this process held; getrusage would count its parent's before the fork too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
