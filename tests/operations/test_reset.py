"""Reset: links are forgotten and found again, nothing is written, and a snapshot brings all back."""

import pytest

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind, RunState
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import connections, mappings
from xero_bridge.operations import reset as resets
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import store_of
from xero_bridge.operations.runs import claimed

CARRIED = tuple(kind for kind in ENTITIES if kind not in REFERENCE_KINDS)


def links(bridge: Bridge) -> dict[Kind, set[tuple[str, str]]]:
    store = store_of(bridge.services, NAME)
    return {
        kind: {(link.perfex_id, link.xero_id) for link in store.links_of(kind)} for kind in CARRIED
    }


def written(bridge: Bridge) -> dict[str, int]:
    """Calls that wrote, by endpoint."""
    calls = {name: n for name, n in bridge.xero.counts.items() if not name.startswith("GET")}
    posted = sum(bridge.perfex.count(method) for method in ("PUT", "DELETE"))
    return {**calls, "perfex": posted}


@pytest.fixture
def synced(bridge: Bridge) -> Bridge:
    """Everything that can be is on both sides."""
    bridge.go_live()
    bridge.sync()
    bridge.sync()
    return bridge


def test_after_a_reset_the_same_records_are_linked_again_and_nothing_is_written(
    synced: Bridge,
) -> None:
    before, calls = links(synced), written(synced)
    counts = {kind: len(pairs) for kind, pairs in before.items()}
    assert counts[Kind.INVOICE] > 50
    view = resets.reset(synced.services, NAME, by=ANN)
    assert view.links == sum(counts.values())
    assert sum(len(pairs) for pairs in links(synced).values()) == 0
    synced.sync()
    assert links(synced) == before
    assert {n: c for n, c in written(synced).items() if n != "PUT Contacts"} == {
        n: c for n, c in calls.items() if n != "PUT Contacts"
    }


def test_a_snapshot_brings_back_what_was_linked(synced: Bridge) -> None:
    before = links(synced)
    view = resets.reset(synced.services, NAME, by=ANN)
    resets.restore(synced.services, NAME, view.id, by=ANN)
    assert links(synced) == before
    (snapshot,) = resets.snapshots(synced.services, NAME)
    assert snapshot.restored_at is not None
    assert synced.sync().done == {}


def test_a_soft_reset_keeps_settings_mappings_and_live(synced: Bridge) -> None:
    mapped = {v.perfex for v in mappings.mapping_views(synced.services, NAME) if v.xero}
    resets.reset(synced.services, NAME, by=ANN)
    assert store_of(synced.services, NAME).settings().sales_account == "200"
    assert {v.perfex for v in mappings.mapping_views(synced.services, NAME) if v.xero} == mapped
    assert connections.view(synced.services, NAME).live


def test_a_reset_of_one_kind_leaves_the_others(synced: Bridge) -> None:
    before = links(synced)
    resets.reset(synced.services, NAME, kinds=("payment",), by=ANN)
    after = links(synced)
    assert after.pop(Kind.PAYMENT) == set()
    assert after == {kind: pairs for kind, pairs in before.items() if kind is not Kind.PAYMENT}


def test_a_hard_reset_returns_to_not_live_without_settings_and_mappings(synced: Bridge) -> None:
    view = resets.reset(synced.services, NAME, hard=True, by=ANN)
    assert not connections.view(synced.services, NAME).live
    assert store_of(synced.services, NAME).settings().sales_account == ""
    assert not any(v.by_person for v in mappings.mapping_views(synced.services, NAME))
    assert synced.sync().state is RunState.PLANNED
    resets.restore(synced.services, NAME, view.id, by=ANN)
    assert connections.view(synced.services, NAME).live
    assert store_of(synced.services, NAME).settings().sales_account == "200"
    assert any(v.by_person for v in mappings.mapping_views(synced.services, NAME))
    assert synced.sync().done == {}


def test_during_a_run_there_is_no_reset(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with claimed(empty_bridge.services, NAME), pytest.raises(NotAccepted, match="wait for its end"):
        resets.reset(empty_bridge.services, NAME, by=ANN)


def test_an_unknown_kind_and_a_hard_reset_of_a_kind_are_refused(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with pytest.raises(NotAccepted, match="'quote'"):
        resets.reset(empty_bridge.services, NAME, kinds=("quote",), by=ANN)
    with pytest.raises(NotAccepted, match="leave --kind out"):
        resets.reset(empty_bridge.services, NAME, kinds=("item",), hard=True, by=ANN)


def test_a_snapshot_of_nobody_is_refused(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with pytest.raises(NotAccepted, match="no snapshot 7"):
        resets.restore(empty_bridge.services, NAME, 7, by=ANN)
