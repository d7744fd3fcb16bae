"""Runs against both simulators: calls of a first sync, and what a run without changes takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bench.child import Took, sync
from bench.table import Figure
from tests.support.stage import Stage, a_bridge, a_stage, connect, do_business
from xero_bridge.core.vocabulary import RunState

#: New customers, invoices and payments, a hundred each.
FEW = (100, 100, 100)
#: Together 20,000 records.
MANY = (4000, 8000, 8000)
#: Xero's lists that change once in a while.
REFERENCE = ("Organisation", "Accounts", "TaxRates", "Currencies")


def measure_calls() -> list[Figure]:
    """Accounting calls of three runs in a row, of which the first one writes everything."""
    with _connected(FEW) as stage:
        first, second, third = (_counted(stage) for _ in range(3))
    return [
        Figure("first sync: calls to Xero, reference lists apart", _sum(first), "(at most 12)"),
        Figure("  of these, writes", _sum(_writes(first))),
        Figure("second sync: calls to Xero", _sum(second), "(at most 6)"),
        Figure("  of these, writes", _sum(_writes(second)), "(none)"),
        Figure("third sync: calls to Xero", _sum(third), "(as the second)"),
        Figure("  of these, writes", _sum(_writes(third)), "(none)"),
    ]


def measure_quiet_run() -> list[Figure]:
    """CPU and memory of the bridge's process when nothing has changed, and the way there."""
    with _connected(MANY) as stage:
        first = _until_in_step(stage)
        stage.clock.move(minutes=30)
        second = sync(stage)
        calls, perfex = Counter(stage.xero.counts), len(stage.perfex.calls)
        writes = stage.perfex.site.db.writes
        stage.clock.move(minutes=30)
        quiet = sync(stage)
        xero = Counter(stage.xero.counts) - calls
        looks = stage.perfex.calls[perfex:]
    assert quiet.row.state is RunState.IN_STEP, quiet.row
    assert (quiet.row.planned, quiet.row.done) == ({}, {})
    assert not _writes(xero)
    assert stage.perfex.site.db.writes == writes
    assert not [call for call in looks if call.path.startswith("/api/invoices/")]
    seconds, records = sum(run.wall for run in first), sum(MANY)
    return [
        Figure("records", f"{records:,}"),
        Figure("first sync", f"{seconds:.0f} s"),
        Figure("  records a second", f"{records / seconds:.0f}"),
        Figure("  CPU of the bridge", f"{sum(run.cpu for run in first):.0f} s"),
        Figure("  its most memory", _megabytes(max(run.memory for run in first))),
        *_figures("second sync, which reads what became of the invoices that were paid", second),
        *_figures("a sync without changes", quiet, cpu="(at most 5)", memory="(at most 250)"),
        Figure("  calls to Xero, to Perfex", f"{xero.total()}, {len(looks)}"),
    ]


def _figures(what: str, took: Took, *, cpu: str = "", memory: str = "") -> list[Figure]:
    return [
        Figure(what, f"{took.wall:.1f} s"),
        Figure("  CPU of the bridge", f"{took.cpu:.1f} s", cpu),
        Figure("  its most memory", _megabytes(took.memory), memory),
    ]


@contextmanager
def _connected(records: tuple[int, int, int]) -> Iterator[Stage]:
    """A connected bridge, and a business that it has seen nothing of."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with TemporaryDirectory() as folder, a_stage(Path(folder), boundless=True) as stage:
        with a_bridge(stage.variables, stage.clock) as services:
            connect(stage, services)
        do_business(stage.perfex, *records)
        yield stage


def _counted(stage: Stage) -> Counter[str]:
    """Calls to Xero of one more run, reference lists apart."""
    before = Counter(stage.xero.counts)
    stage.clock.move(minutes=15)
    took = sync(stage)
    assert took.row.state is RunState.IN_STEP, took.row
    made = Counter(stage.xero.counts) - before
    return Counter({name: n for name, n in made.items() if name.split()[1] not in REFERENCE})


def _until_in_step(stage: Stage) -> list[Took]:
    """The runs that it takes; more than one when the plan or a budget ends before the work."""
    runs = [sync(stage)]
    while runs[-1].row.state is RunState.WAITING:
        stage.clock.move(minutes=60)
        runs.append(sync(stage))
    assert runs[-1].row.state is RunState.IN_STEP, runs[-1].row
    return runs


def _writes(calls: Counter[str]) -> Counter[str]:
    return Counter({name: n for name, n in calls.items() if not name.startswith("GET")})


def _sum(calls: Counter[str]) -> str:
    return str(calls.total())


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
