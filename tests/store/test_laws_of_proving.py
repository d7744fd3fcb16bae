"""What proving asks of every store: where records stand, what is apart, whose mark is a stray."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.store.samples import AnyStore, Doc, key, link, seen, store_seen
from xero_bridge.core.plan import Version
from xero_bridge.core.proof import Standing
from xero_bridge.core.vocabulary import Kind, RecordState, Side

INVOICE, XERO = Kind.INVOICE, Side.XERO


def pair(store: AnyStore, perfex: Doc, xero: Doc) -> None:
    store_seen(store, seen(1, doc=perfex), seen("x1", XERO, doc=xero))
    with store.atomically():
        store.save_link(link("1", "x1"))


@pytest.mark.parametrize(
    "other",
    [
        Doc(total=Decimal("10.01")),
        Doc(total_tax=Decimal("1.61")),
        Doc(amount_due=Decimal("0.00")),
        Doc(on=date(2026, 2, 1)),
        Doc(void=True),
    ],
)
def test_a_pair_that_differs_in_money_date_or_status_is_apart(store: AnyStore, other: Doc) -> None:
    pair(store, Doc(), other)
    assert [found.perfex_id for found in store.apart(INVOICE)] == ["1"]
    assert store.apart(Kind.PAYMENT) == []


@pytest.mark.parametrize(
    "other", [Doc(total=Decimal("10.0000")), Doc(number="another"), Doc(customer="other")]
)
def test_a_pair_that_is_only_written_otherwise_is_not(store: AnyStore, other: Doc) -> None:
    pair(store, Doc(), other)
    assert store.apart(INVOICE) == []


def test_a_pair_that_both_sides_closed_is_not_apart(store: AnyStore) -> None:
    pair(store, Doc(void=True), Doc(total=Decimal(0)))
    assert len(store.apart(INVOICE)) == 1
    with store.atomically():
        store.mark_gone([key("x1", XERO)])
    assert store.apart(INVOICE) == []


def test_a_link_to_what_was_never_read_is_not_apart(store: AnyStore) -> None:
    store_seen(store, seen(1))
    with store.atomically():
        store.save_link(link("1", "x1"))
    assert store.apart(INVOICE) == []


def test_a_record_stands_where_the_plan_left_it(store: AnyStore) -> None:
    store_seen(store, seen(1), seen(2))
    told = (key(1), RecordState.WAITING, "waits_for_parent", {"kind": "customer"})
    with store.atomically():
        store.note_states([told])
        store.settle([Version(key=key(1), version=1)])
    assert store.standings([key(1), key(2), key(3)]) == {
        key(1): Standing(
            state=RecordState.WAITING, reason="waits_for_parent", details={"kind": "customer"}
        ),
        key(2): Standing(dirty=True),
    }


def test_a_mark_twice_or_without_a_link_is_a_stray(store: AnyStore) -> None:
    store_seen(
        store,
        seen("x1", XERO, mark="m1"),
        seen("x2", XERO, mark="m2"),
        seen("x3", XERO, mark="m2"),
        seen("x4", XERO, mark="m4"),
        seen("x5", XERO, Doc(void=True), mark="m5"),
        seen("x6", XERO),
    )
    with store.atomically():
        for number in (1, 2, 3):
            store.save_link(link(str(number), f"x{number}"))
    assert {stray.key.id for stray in store.strays(INVOICE)} == {"x2", "x3", "x4"}
    with store.atomically():
        store.mark_gone([key("x3", XERO), key("x4", XERO)])
    assert store.strays(INVOICE) == []
