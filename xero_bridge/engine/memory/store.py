"""All parts of the store in memory together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from xero_bridge.core.plan import Plan
from xero_bridge.core.ports import Cursor, JournalRow, RunRow
from xero_bridge.core.remote import Batch
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import JournalState, Kind, Side, Verb
from xero_bridge.engine.memory.decisions import Decisions
from xero_bridge.engine.memory.held import Outcome
from xero_bridge.engine.memory.proving import Proving


class MemoryStore(Proving, Decisions):
    """`core.ports.Store` in memory. A transaction that fails leaves no trace."""

    # --- settings and facts ---

    def settings(self) -> Settings:
        """The connection's settings."""
        return self._held.settings

    def set_settings(self, settings: Settings) -> None:
        """Replace the settings, as a person would."""
        self._writing.settings = settings

    def facts(self) -> Mapping[str, str]:
        """Small remembered facts, by name."""
        return dict(self._held.facts)

    def remember(self, name: str, value: str) -> None:
        """Set a fact; empty text forgets it."""
        if value:
            self._writing.facts[name] = value
        else:
            self._writing.facts.pop(name, None)

    # --- cursors, journal and batches ---

    def cursor(self, kind: Kind, side: Side) -> Cursor | None:
        """How far the list has been read."""
        return self._held.cursors.get((kind, side))

    def save_cursor(self, cursor: Cursor) -> None:
        """Remember how far the list has been read."""
        self._writing.cursors[cursor.kind, cursor.side] = cursor

    def add_journal(self, rows: Sequence[JournalRow]) -> list[JournalRow]:
        """Write rows down; returned with their ids."""
        numbered = [msgspec.structs.replace(row, id=next(self._ids)) for row in rows]
        self._writing.journal.update({row.id: row for row in numbered if row.id})
        return numbered

    def save_journal(self, row: JournalRow) -> None:
        """Replace a row by its id."""
        assert row.id in self._writing.journal, f"there is no journal row {row.id}"
        self._writing.journal[row.id] = row

    def unfinished(self) -> list[JournalRow]:
        """Rows that are neither done nor refused, oldest first."""
        return [row for row in self._held.journal.values() if not row.state.finished]

    def done_creates(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, JournalRow]:
        """Done create rows by the id they made."""
        wanted = {one for one in ids if one}
        done = (row for row in self._held.journal.values() if row.state is JournalState.DONE)
        return {
            row.result_id: row
            for row in done
            if (row.kind, row.side, row.verb) == (kind, side, Verb.CREATE)
            and row.result_id in wanted
        }

    def journal(self) -> list[JournalRow]:
        """All rows of the journal, oldest first."""
        return list(self._held.journal.values())

    def add_batch(self, batch: Batch) -> Batch:
        """Write a batch down before it is sent; returned with its id."""
        number = next(self._ids)
        self._writing.batches[number] = msgspec.structs.replace(batch, id=number)
        return self._writing.batches[number]

    def batch(self, batch_id: int) -> Batch | None:
        """A batch by id."""
        return self._held.batches.get(batch_id)

    # --- runs ---

    def keep_plan(self, run_id: int, plan: Plan) -> None:
        """Keep the plan of a run."""
        self._writing.plans[run_id] = plan

    def plan(self, run_id: int) -> Plan | None:
        """The plan of a run."""
        return self._held.plans.get(run_id)

    def record_action(
        self, run_id: int, action_key: str, state: str, *, before: bytes, after: bytes, note: str
    ) -> None:
        """Keep one action's outcome with the record before and after (canonical JSON)."""
        outcome = Outcome(state=state, before=before, after=after, note=note)
        self._writing.actions[run_id, action_key] = outcome

    def outcomes(self, run_id: int) -> dict[str, Outcome]:
        """What came of the actions of a run, by action key."""
        return {key: one for (run, key), one in self._held.actions.items() if run == run_id}

    def progress(self, run: RunRow) -> None:
        """Keep how far the run is."""
        self._writing.runs[run.id] = run

    def run(self, run_id: int) -> RunRow | None:
        """The report of a run."""
        return self._held.runs.get(run_id)
