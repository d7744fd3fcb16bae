"""What every store promises about mirrors and links, in memory and in both databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.store.samples import LATER, NOON, AnyStore, Doc, key, link, question, seen, store_seen
from xero_bridge.core.plan import Answer, Version
from xero_bridge.core.ports import Store
from xero_bridge.core.record import Mirror, Roles
from xero_bridge.core.vocabulary import Kind, Side

INVOICE, PERFEX, XERO = Kind.INVOICE, Side.PERFEX, Side.XERO
EARLY = NOON - timedelta(days=2)


def mirror(store: AnyStore, number: int | str, side: Side = PERFEX) -> Mirror:
    return store.mirrors(INVOICE, side, [str(number)])[str(number)]


def dirty_ids(store: AnyStore) -> set[str]:
    return {one.key.id for one in store.dirty(INVOICE)}


def settle(store: AnyStore, *mirrors: Mirror) -> None:
    with store.atomically():
        store.settle(Version(key=one.key, version=one.version) for one in mirrors)


def test_every_store_is_one_for_the_engine(store: AnyStore) -> None:
    port: Store = store
    assert port.connection == "acme"


def test_a_new_record_is_version_one_and_dirty(store: AnyStore) -> None:
    assert store_seen(store, seen(7, row="r1", stamp="s1", mark="m1")) == 1
    kept = mirror(store, 7)
    assert (kept.version, kept.stamp, kept.mark, kept.gone) == (1, "s1", "m1", False)
    assert kept.record == Doc(number="INV-7")
    assert (kept.first_seen_at, kept.seen_at) == (NOON, NOON)
    assert dirty_ids(store) == {"7"}


def test_the_same_record_again_is_no_change_but_brings_its_new_row(store: AnyStore) -> None:
    store_seen(store, seen(7, row="r1"))
    settle(store, mirror(store, 7))
    assert store_seen(store, seen(7, row="r2", updated_at=LATER), now=LATER) == 0
    kept = mirror(store, 7)
    assert (kept.version, kept.updated_at) == (1, LATER)
    assert (kept.first_seen_at, kept.seen_at) == (NOON, LATER)
    assert store.rows(INVOICE, PERFEX) == {"7": "r2"}
    assert dirty_ids(store) == set()


def test_an_amount_that_is_only_written_otherwise_is_no_change(store: AnyStore) -> None:
    store_seen(store, seen(7, doc=Doc(total=Decimal("10.00"))))
    assert store_seen(store, seen(7, doc=Doc(total=Decimal("10.0")))) == 0
    assert mirror(store, 7).version == 1


def test_an_unchanged_record_read_by_its_id_keeps_the_row_of_its_list(store: AnyStore) -> None:
    store_seen(store, seen(7, row="r1", updated_at=NOON))
    store_seen(store, seen(7))
    assert store.rows(INVOICE, PERFEX) == {"7": "r1"}
    assert mirror(store, 7).updated_at == NOON


def test_a_changed_record_read_by_its_id_forgets_the_row_of_its_list(store: AnyStore) -> None:
    """Otherwise a change that is taken back later would look like no change at all."""
    store_seen(store, seen(7, row="r1"))
    store_seen(store, seen(7, doc=Doc(total=Decimal("11.00"))))
    assert store.rows(INVOICE, PERFEX) == {"7": ""}


@pytest.mark.parametrize(
    "second",
    [
        seen(7, doc=Doc(number="INV-7", total=Decimal("10.01"))),
        seen(7, stamp="another creation stamp"),
        seen(7, mark="a mark"),
    ],
    ids=["content", "stamp", "mark"],
)
def test_a_record_that_differs_gets_a_new_version_and_becomes_dirty(
    store: AnyStore, second: object
) -> None:
    store_seen(store, seen(7))
    settle(store, mirror(store, 7))
    assert store_seen(store, second) == 1  # type: ignore[arg-type]
    assert mirror(store, 7).version == 2
    assert dirty_ids(store) == {"7"}


def test_a_record_seen_twice_in_one_go_is_stored_as_seen_last(store: AnyStore) -> None:
    last = Doc(number="INV-7b")
    assert store_seen(store, seen(7), seen(7, doc=last)) == 1
    assert mirror(store, 7).record == last


def test_a_record_that_is_gone_stays_readable_and_is_looked_at_once(store: AnyStore) -> None:
    store_seen(store, seen(7, row="r1"), seen(8, row="r1"))
    with store.atomically():
        store.settle(Version(key=key(n), version=1) for n in (7, 8))
        store.mark_gone([key(7), key("never seen")])
        store.mark_gone([key(7)])
    assert mirror(store, 7).gone
    assert mirror(store, 7).version == 2
    assert dirty_ids(store) == {"7"}
    assert set(store.rows(INVOICE, PERFEX)) == {"8"}


def test_a_record_that_came_back_is_a_change_though_it_looks_as_before(store: AnyStore) -> None:
    store_seen(store, seen(7))
    with store.atomically():
        store.mark_gone([key(7)])
    assert store_seen(store, seen(7)) == 1
    assert not mirror(store, 7).gone
    assert mirror(store, 7).version == 3


def test_settling_clears_only_the_version_that_was_looked_at(store: AnyStore) -> None:
    store_seen(store, seen(7))
    old = mirror(store, 7)
    store_seen(store, seen(7, mark="edited meanwhile"))
    settle(store, old)
    assert dirty_ids(store) == {"7"}
    settle(store, mirror(store, 7))
    assert dirty_ids(store) == set()


def test_row_hashes_can_be_renewed_without_a_new_version(store: AnyStore) -> None:
    store_seen(store, seen(7, row="r1"), seen(8, row="r1"))
    with store.atomically():
        store.touch_rows(INVOICE, PERFEX, {"7": "r2", "never seen": "r2"})
    assert store.rows(INVOICE, PERFEX) == {"7": "r2", "8": "r1"}
    assert mirror(store, 7).version == 1


def test_documents_not_read_for_long_are_named_the_longest_unread_first(store: AnyStore) -> None:
    store_seen(store, seen(3), seen(4), now=EARLY)
    store_seen(store, seen(1), seen(2), seen("x1", XERO), now=NOON)
    store_seen(store, seen(2), now=LATER)
    with store.atomically():
        store.mark_gone([key(4)])
    assert store.stale(INVOICE, PERFEX, LATER, None, 10) == ["3", "1"]
    assert store.stale(INVOICE, PERFEX, LATER, None, 1) == ["3"]
    assert store.stale(INVOICE, PERFEX, EARLY, None, 10) == []


def test_old_documents_that_are_paid_are_left_out_where_only_recent_or_open_ones_count(
    store: AnyStore,
) -> None:
    paid, old, recent = Decimal("0.00"), date(2026, 1, 31), date(2026, 11, 1)
    store_seen(
        store,
        seen("old and paid", doc=Doc(amount_due=paid, on=old)),
        seen("old and open", doc=Doc(amount_due=Decimal("0.01"), on=old)),
        seen("recent and paid", doc=Doc(amount_due=paid, on=recent)),
    )
    found = store.stale(INVOICE, PERFEX, LATER, date(2026, 8, 24), 10)
    assert set(found) == {"old and open", "recent and paid"}


def test_kinds_and_sides_are_kept_apart(store: AnyStore) -> None:
    store_seen(store, seen(7), seen(7, XERO, doc=Doc(number="other")))
    assert mirror(store, 7, XERO).record != mirror(store, 7).record
    assert store.mirrors(Kind.CUSTOMER, PERFEX, ["7"]) == {}
    assert [one.key for one in store.mirrors_of(INVOICE, XERO)] == [key(7, XERO)]


def test_all_mirrors_are_walked_however_many(store: AnyStore) -> None:
    store_seen(store, *(seen(n) for n in range(2100)))
    assert {one.key.id for one in store.mirrors_of(INVOICE, PERFEX)} == set(map(str, range(2100)))
    assert len(store.dirty(INVOICE)) == 2100


def test_marks_are_found_with_all_their_bearers(store: AnyStore) -> None:
    store_seen(store, seen(1, mark="a"), seen(2, mark="a"), seen(3, mark="b"), seen(4))
    found = store.find_marks(INVOICE, PERFEX, ["a", "", "c"])
    assert {mark: {one.key.id for one in bearers} for mark, bearers in found.items()} == {
        "a": {"1", "2"}
    }


def test_dirty_again_are_the_named_records(store: AnyStore) -> None:
    store_seen(store, seen(1), seen(2))
    settle(store, mirror(store, 1), mirror(store, 2))
    with store.atomically():
        store.make_dirty([key(2), key("never seen")])
    assert dirty_ids(store) == {"2"}


@pytest.mark.parametrize(
    ("linked", "ids"), [(None, {"1", "2", "x1"}), (True, {"1", "x1"}), (False, {"2"})]
)
def test_dirty_again_are_all_or_only_linked_or_unlinked_ones(
    store: AnyStore, linked: bool | None, ids: set[str]
) -> None:
    store_seen(store, seen(1), seen(2), seen("x1", XERO))
    with store.atomically():
        store.save_link(link("1", "x1"))
        store.settle(Version(key=one.key, version=1) for one in store.dirty(INVOICE))
        store.make_all_dirty(INVOICE, linked=linked)
    assert dirty_ids(store) == ids


def test_dirty_again_for_another_kind_touches_nothing(store: AnyStore) -> None:
    store_seen(store, seen(1))
    settle(store, mirror(store, 1))
    with store.atomically():
        store.make_all_dirty(Kind.PAYMENT)
    assert dirty_ids(store) == set()


def test_an_answer_has_its_record_looked_at_until_it_is_carried_out(store: AnyStore) -> None:
    store_seen(store, seen(1), seen(2))
    asked = question(1)
    with store.atomically():
        store.keep_questions([asked], [], NOON)
        store.save_answer(Answer(question=asked.key, code="this", basis=asked.basis, at=NOON))
    settle(store, mirror(store, 1), mirror(store, 2))
    assert dirty_ids(store) == {"1"}
    with store.atomically():
        store.drop_answer(asked.key)
    assert dirty_ids(store) == set()


# --- links ---


def test_a_link_comes_back_as_it_was_saved(store: AnyStore) -> None:
    saved = link(
        "7",
        "x7",
        stamp="2026-01-01 08:00:00",
        base_perfex=Doc(number="INV-7"),
        base_xero=Doc(number="INV-7", customer="c"),
        roles=Roles(lines=(("l1", "item"), ("l2", "rounding")), purchase="INPUT2", bank_feed=True),
        declared={"tax": ("1.61", "1.60")},
        by_person=True,
        born_on=XERO,
    )
    with store.atomically():
        store.save_link(saved)
    assert store.links(INVOICE, PERFEX, ["7", "8", ""]) == {"7": saved}
    assert store.links(INVOICE, XERO, ["x7"]) == {"x7": saved}
    assert list(store.links_of(INVOICE)) == [saved]
    assert list(store.links_of(Kind.PAYMENT)) == []


def test_a_perfex_record_has_one_link(store: AnyStore) -> None:
    with store.atomically():
        store.save_link(link("7", "x7"))
        store.save_link(link("7", "x8"))
    assert store.links(INVOICE, XERO, ["x7", "x8"]) == {"x8": link("7", "x8")}


def test_mappings_without_a_perfex_id_are_told_apart_by_their_xero_id(store: AnyStore) -> None:
    both = [link("", "acc-1", Kind.ACCOUNT), link("", "acc-2", Kind.ACCOUNT)]
    with store.atomically():
        for one in (*both, *both):
            store.save_link(one)
    assert list(store.links_of(Kind.ACCOUNT)) == both


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_leading_link_of_a_shared_contact_is_found(store: AnyStore, order: list[int]) -> None:
    customers = [
        link("41", "contact", Kind.CUSTOMER, leads=False),
        link("42", "contact", Kind.CUSTOMER, leads=True),
    ]
    with store.atomically():
        for place in order:
            store.save_link(customers[place])
    assert store.links(Kind.CUSTOMER, XERO, ["contact"])["contact"].perfex_id == "42"
    assert store.links(Kind.CUSTOMER, PERFEX, ["41"])["41"].perfex_id == "41"


def test_a_dropped_link_frees_both_records(store: AnyStore) -> None:
    store_seen(store, seen(7), seen("x7", XERO))
    with store.atomically():
        store.save_link(link("7", "x7"))
    assert store.unlinked(INVOICE, PERFEX) == []
    assert store.unlinked(INVOICE, XERO) == []
    with store.atomically():
        store.drop_link(link("7", "x7"))
    assert [one.key.id for one in store.unlinked(INVOICE, PERFEX)] == ["7"]
    assert [one.key.id for one in store.unlinked(INVOICE, XERO)] == ["x7"]


def test_gone_records_are_not_offered_for_linking(store: AnyStore) -> None:
    store_seen(store, seen(7))
    with store.atomically():
        store.mark_gone([key(7)])
    assert store.unlinked(INVOICE, PERFEX) == []
