"""Settings, facts, and what runs tell about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from xero_bridge.core.plan import Action, Plan
from xero_bridge.core.ports import RunRow
from xero_bridge.core.settings import Settings
from xero_bridge.store import models
from xero_bridge.store.repository.part import Part
from xero_bridge.store.settings import build_settings

SETTING = models.table_of(models.Setting)
FACT = models.table_of(models.Fact)
RUN = models.table_of(models.Run)
ACTION = models.table_of(models.Action)


class Reports(Part):
    """Settings and facts of one connection, and the reports of its runs."""

    _planned: Mapping[str, Action] = {}

    def settings(self) -> Settings:
        """The connection's settings."""
        rows = self._all(sa.select(SETTING.c.key, SETTING.c.value).where(self._mine(SETTING)))
        return build_settings({row.key: row.value for row in rows})

    def save_setting(self, key: str, value: object, *, by: str, now: datetime) -> None:
        """Store a setting under its key of `connection set`; None returns to the default."""
        if value is None:
            self._write(sa.delete(SETTING).where(self._mine(SETTING), SETTING.c.key == key))
            return
        row = {"key": key, "value": value, "set_by": by, "set_at": now}
        self._upsert(SETTING, [row], ("key",))

    def facts(self) -> Mapping[str, str]:
        """Small remembered facts, by name."""
        rows = self._all(sa.select(FACT.c.name, FACT.c.value).where(self._mine(FACT)))
        return {row.name: row.value for row in rows}

    def remember(self, name: str, value: str) -> None:
        """Set a fact; empty text forgets it."""
        if value:
            self._upsert(FACT, [{"name": name, "value": value}], ("name",))
        else:
            self._write(sa.delete(FACT).where(self._mine(FACT), FACT.c.name == name))

    def keep_plan(self, run_id: int, plan: Plan) -> None:
        """Store the plan of a run (the dashboard's plan page shows the newest)."""
        self._planned = {action.key: action for action in plan.actions}
        # What needs nothing is no part of what a person reads, and is most of a first plan.
        shown = msgspec.structs.replace(plan, settled=(), rebased=())
        self._write(
            sa.update(RUN)
            .where(self._mine(RUN), RUN.c.id == run_id)
            .values(plan=msgspec.json.encode(shown), planned=plan.counts())
        )

    def record_action(
        self, run_id: int, action_key: str, state: str, *, before: bytes, after: bytes, note: str
    ) -> None:
        """Store one action's outcome with the record before and after (canonical JSON)."""
        row = {
            "run_id": run_id,
            "connection_id": self._id,
            "key": action_key,
            "state": state,
            "before": before,
            "after": after,
            "note": note,
            "at": self._now(),
            **_described(action_key, self._planned.get(action_key)),
        }
        self._upsert(ACTION, [row], ("run_id", "key"))

    def progress(self, run: RunRow) -> None:
        """Store how far the run is."""
        row = {name: getattr(run, name) for name in _PROGRESS}
        self._write(
            sa.update(RUN)
            .where(self._mine(RUN), RUN.c.id == run.id)
            .values(state=run.state.value, **row)
        )


_PROGRESS = (
    "ended_at",
    "phase",
    "planned",
    "done",
    "questions",
    "xero_calls",
    "perfex_calls",
    "total",
    "ready",
    "resumes_at",
    "error",
    "dry",
)


def _described(key: str, action: Action | None) -> dict[str, Any]:
    """What the action is about; one that stood in no plan (a recovered write) has its key only."""
    if action is None:
        kind, verb, side, perfex_id, xero_id = (*key.split(":", 4), "", "", "", "")[:5]
        values: dict[str, Any] = {"kind": kind, "verb": verb, "side": side}
        return {**values, "perfex_id": perfex_id, "xero_id": xero_id, **_NOTHING_KNOWN}
    return {
        "kind": action.kind.value,
        "verb": action.verb.value,
        "side": action.side.value,
        "perfex_id": action.perfex_id or "",
        "xero_id": action.xero_id or "",
        "label": action.label,
        "amount": action.amount,
        "currency": action.currency,
        "reason": action.reason,
        "changes": action.changes,
    }


_NOTHING_KNOWN = {"label": "", "amount": None, "currency": "", "reason": "", "changes": ()}
