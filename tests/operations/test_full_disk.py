"""A disk that fills up in the middle of a run: told in a sentence, and nothing is lost or doubled."""

from typing import Any

import sqlalchemy as sa

from tests.support.bridge import NAME, Bridge
from xero_bridge.core.vocabulary import RunState
from xero_bridge.operations import runs, scopes


class Disk:
    """Lets the database of a bridge grow only so far."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._pages = 0
        sa.event.listen(engine, "connect", self._limit)

    def hold(self, more: int) -> None:
        """From now on there is room for `more` pages of 4 KiB."""
        with self._engine.connect() as connection:
            self._pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar() or 0) + more
        self._engine.dispose()

    def free(self) -> None:
        """There is room again."""
        self._pages = 0
        self._engine.dispose()

    def _limit(self, connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={self._pages or 2**30}")


def contacts(bridge: Bridge) -> list[str]:
    return sorted(contact["Name"] for contact in bridge.xero.books().contacts.values())


def numbers(bridge: Bridge) -> list[str]:
    return sorted(i["InvoiceNumber"] for i in bridge.xero.books().invoices.values())


def test_a_disk_that_is_full_stops_the_run_in_words_and_loses_nothing(bridge: Bridge) -> None:
    bridge.go_live()
    bridge.sync(dry=True)
    disk = Disk(bridge.services.database.engine)
    for room in (2, 20, 60):
        disk.hold(room)
        bridge.clock.move(minutes=7)
        row = runs.run_now(bridge.services, NAME, scopes.scope_of(trigger="command"))
        assert row.state is RunState.FAILED
        assert "Free disk space" in (row.error or "")
    disk.free()
    for _ in range(4):
        bridge.sync(minutes=7)
    assert bridge.sync().done == {}
    assert len(set(numbers(bridge))) == len(numbers(bridge))
    assert len([name for name in contacts(bridge) if name == "Ocean View Hotel"]) == 1
    assert len(numbers(bridge)) > 60
