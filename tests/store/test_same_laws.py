"""Whatever is done to them in whatever order, the store in memory and the one in a database agree."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.store.samples import (
    CODEC,
    NOON,
    AnyStore,
    Doc,
    add_connection,
    key,
    link,
    planned_create,
    question,
    seen,
)
from tests.support.tables import tables_at
from xero_bridge.core.plan import Answer, Version
from xero_bridge.core.record import Mirror
from xero_bridge.core.vocabulary import JournalState, Kind, Side
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.store.repository import open_store

INVOICE = Kind.INVOICE
ids = st.sampled_from(["1", "2", "3", "4"])
sides = st.sampled_from(list(Side))
few = st.lists(ids, max_size=3)


class BothStores(RuleBasedStateMachine):
    """Every step is taken in both stores; what they show afterwards is the same."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.closing = ExitStack()
        folder = Path(tempfile.mkdtemp(prefix="xb-store-"))
        self.closing.callback(shutil.rmtree, folder, ignore_errors=True)
        database = self.closing.enter_context(tables_at(f"sqlite:///{folder / 'x.sqlite'}"))
        add_connection(database)
        self.stores: tuple[AnyStore, AnyStore] = (
            MemoryStore("acme"),
            open_store(database, "acme", CODEC, now=lambda: self.now),
        )

    def teardown(self) -> None:
        self.closing.close()

    def both(self, name: str, *arguments: Any, **named: Any) -> None:
        self.now += timedelta(seconds=1)
        answers = []
        for store in self.stores:
            with store.atomically():
                answers.append(getattr(store, name)(*arguments, **named))
        assert answers[0] == answers[1]

    @rule(
        id_=ids,
        side=sides,
        total=st.sampled_from(["1.00", "1.0", "2.00"]),
        mark=st.sampled_from(["", "m1", "m2"]),
        stamp=st.sampled_from(["", "s"]),
        row=st.sampled_from(["", "r1", "r2"]),
    )
    def see(self, id_: str, side: Side, total: str, mark: str, stamp: str, row: str) -> None:
        sight = seen(id_, side, Doc(total=Decimal(total)), mark=mark, stamp=stamp, row=row)
        self.both("save_seen", [sight], self.now)

    @rule(found=few, side=sides)
    def lose(self, found: list[str], side: Side) -> None:
        self.both("mark_gone", [key(one, side) for one in found])

    @rule(found=few, side=sides)
    def ask_to_look(self, found: list[str], side: Side) -> None:
        self.both("make_dirty", [key(one, side) for one in found])

    @rule(
        kind=st.sampled_from([None, INVOICE, Kind.PAYMENT]),
        linked=st.sampled_from([None, True, False]),
    )
    def ask_to_look_at_all(self, kind: Kind | None, linked: bool | None) -> None:
        self.both("make_all_dirty", kind, linked=linked)

    @rule(id_=ids, side=sides, version=st.integers(1, 4))
    def settle(self, id_: str, side: Side, version: int) -> None:
        self.both("settle", [Version(key=key(id_, side), version=version)])

    @rule(rows=st.dictionaries(ids, st.sampled_from(["r3", ""])), side=sides)
    def touch(self, rows: dict[str, str], side: Side) -> None:
        self.both("touch_rows", INVOICE, side, rows)

    @rule(perfex=ids | st.just(""), xero=ids, leads=st.booleans(), declared=st.booleans())
    def tie(self, perfex: str, xero: str, leads: bool, declared: bool) -> None:
        told = {"tax": ("1", "2")} if declared else {}
        made = link(perfex, xero, leads=leads, declared=told, base_perfex=Doc())
        self.both("save_link", made)

    @rule(perfex=ids | st.just(""), xero=ids)
    def untie(self, perfex: str, xero: str) -> None:
        self.both("drop_link", link(perfex, xero))

    @rule(asked=few, looked_at=few, basis=st.sampled_from(["b1", "b2"]))
    def plan(self, asked: list[str], looked_at: list[str], basis: str) -> None:
        questions = [question(one, basis=basis) for one in asked]
        self.both("keep_questions", questions, [key(one) for one in looked_at], self.now)

    @rule(id_=ids, basis=st.sampled_from(["b1", "b2"]), code=st.sampled_from(["a", "b"]))
    def answer(self, id_: str, basis: str, code: str) -> None:
        given = Answer(question=question(id_).key, code=code, basis=basis, by="Ann", at=self.now)
        self.both("save_answer", given)

    @rule(id_=ids)
    def use_answer(self, id_: str) -> None:
        self.both("drop_answer", question(id_).key)

    @rule(found=few, state=st.sampled_from(list(JournalState)))
    def write_down(self, found: list[str], state: JournalState) -> None:
        for store in self.stores:
            with store.atomically():
                store.add_journal([planned_create(one, state=state) for one in found])

    @invariant()
    def show_the_same(self) -> None:
        memory, database = (shown(store, self.now) for store in self.stores)
        assert memory == database


def shown(store: AnyStore, now: Any) -> dict[str, Any]:
    """All that the engine can see of a store."""
    everything = ["1", "2", "3", "4"]
    told: dict[str, Any] = {
        "answers": store.answers(),
        "asked": store.asked(),
        "open": store.open_questions(),
        "links": sorted(store.links_of(INVOICE), key=repr),
        "dirty": by_key(store.dirty(INVOICE)),
        "unfinished": [(row.source, row.state) for row in store.unfinished()],
    }
    for side in Side:
        told[side] = {
            "rows": store.rows(INVOICE, side),
            "mirrors": by_key(store.mirrors_of(INVOICE, side)),
            "some": store.mirrors(INVOICE, side, everything),
            "unlinked": by_key(store.unlinked(INVOICE, side)),
            "links": {
                id_: one.id_on(side.other) if one.leads else "one of several"
                for id_, one in store.links(INVOICE, side, everything).items()
            },
            "marks": {
                mark: by_key(bearers)
                for mark, bearers in store.find_marks(INVOICE, side, ["m1", "m2"]).items()
            },
            "stale": set(store.stale(INVOICE, side, now, None, 10)),
        }
    return told


def by_key(mirrors: Any) -> dict[Any, Mirror]:
    return {mirror.key: mirror for mirror in mirrors}


TestBothStores = BothStores.TestCase
TestBothStores.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
