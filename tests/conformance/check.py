"""The check of a whole test run: what each test exchanged is judged when the test ends."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conformance import perfex, xero
from tests.conformance.exchange import Exchange, Record, recording
from tests.conformance.verdict import Freedom, Tally, Verdict
from tests.support import paths

KEY = pytest.StashKey[Tally]()
# These tests play a careless client; all others go through the product, which must be right.
CARELESS = ("tests/simulator/", "tests/conformance/")
# A test that asks on purpose for what a description forbids has this marker.
MARKER = "beyond_description"
NOT_CHECKED = (
    "The API descriptions are not on this machine (XERO_BRIDGE_SPECS names their folder): "
    "requests and answers were not checked."
)
JUDGES = {"xero": xero.judge, "perfex": perfex.judge}


class Check:
    """Keeps the record of a process and adds up what was found."""

    def __init__(self, record: Record, tally: Tally) -> None:
        self._record = record
        self._tally = tally

    def settle(self, test: pytest.Item) -> list[str]:
        """Judge what was exchanged since the last call; returns what contradicts, if anything."""
        freedom = _freedom(test)
        return [
            f"{exchange}: {fault}"
            for exchange in self._record.take()
            for fault in self._judged(exchange, freedom).faults
        ]

    def _judged(self, exchange: Exchange, freedom: Freedom) -> Verdict:
        verdict = JUDGES[exchange.side](exchange, freedom)
        self._tally.add(exchange.side, verdict)
        return verdict


def _freedom(test: pytest.Item) -> Freedom:
    if test.get_closest_marker(MARKER):
        return Freedom.TAKEN
    return Freedom.REFUSED if test.nodeid.startswith(CARELESS) else Freedom.NONE


@contextmanager
def checking(config: pytest.Config) -> Iterator[Check | None]:
    """Listen to the stand-ins while open; None where the descriptions are missing."""
    if paths.specs_folder() is None:
        yield None
        return
    record, tally = Record(), tally_of(config)
    with recording(record):
        yield Check(record, tally)


def tally_of(config: pytest.Config) -> Tally:
    """The sums of this run."""
    return config.stash.setdefault(KEY, Tally())


def closing_lines(config: pytest.Config) -> list[str]:
    """What the end of the run says about the exchanges with both systems."""
    if paths.specs_folder() is None:
        return [NOT_CHECKED]
    return tally_of(config).lines()
