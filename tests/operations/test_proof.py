"""The proof as people read it: sums, differences in words, what is left out, and the table."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from tests.support.bridge import NAME, Bridge
from xero_bridge.core.plan import Version
from xero_bridge.core.proof import Verdict
from xero_bridge.core.record import Seen
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations import proof
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.proof import ProofView, Wanted
from xero_bridge.operations.proof_csv import HEADINGS, as_csv, safe
from xero_bridge.operations.rows import store_of

AUGUST = Wanted(kinds=frozenset({Kind.INVOICE}), month=date(2026, 8, 1))


@pytest.fixture(scope="module")
def carried(read_once: Bridge) -> Bridge:
    """Both sides were read and planned; nothing is on both sides yet."""
    return read_once


@pytest.fixture
def synced(bridge: Bridge) -> Bridge:
    bridge.go_live()
    bridge.sync()
    bridge.sync(minutes=30)
    return bridge


def view_of(bridge: Bridge, wanted: Wanted = proof.EVERYTHING) -> ProofView:
    return proof.prove(bridge.services, NAME, wanted)


def test_before_anything_was_read_there_is_nothing_to_prove(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with pytest.raises(NotAccepted, match="run `sync` first"):
        view_of(empty_bridge)


def test_both_books_agree_and_every_difference_is_known(synced: Bridge) -> None:
    calls = (sum(synced.xero.counts.values()), len(synced.perfex.calls))
    view = view_of(synced)
    assert view.proved
    assert view.sentence.startswith("Every difference is known")
    assert (sum(synced.xero.counts.values()), len(synced.perfex.calls)) == calls
    assert {line.kind for line in view.lines} >= {
        *(Kind.CUSTOMER, Kind.VENDOR, Kind.ITEM, Kind.INVOICE, Kind.CREDIT_NOTE, Kind.PAYMENT),
        *(Kind.EXPENSE, Kind.PURCHASE_ORDER),
    }
    assert all(line.unexplained.is_zero for line in view.lines)
    assert all(told.why for told in view.differences)
    assert not [told for told in view.differences if told.verdict is Verdict.UNEXPLAINED]


def test_what_a_rule_keeps_home_is_counted_with_its_reason(carried: Bridge) -> None:
    left = {(each.kind, each.side, each.why): each for each in view_of(carried).left_out}
    drafts = left[Kind.INVOICE, Side.PERFEX, "Drafts stay home until they are numbered."]
    assert drafts.count == 2
    assert set(drafts.money) == {"GBP"}


def test_a_month_of_one_kind_is_told_by_customer(carried: Bridge) -> None:
    whole = [line for line in view_of(carried, AUGUST).lines if line.currency == "GBP"]
    wanted = Wanted(kinds=AUGUST.kinds, month=AUGUST.month, by_party=True)
    parts = [line for line in view_of(carried, wanted).lines if line.currency == "GBP"]
    assert len(whole) == 1
    assert len(parts) > 1
    assert sum(part.perfex.count for part in parts) == whole[0].perfex.count
    assert sum(part.perfex.total for part in parts) == whole[0].perfex.total
    assert all(part.customer and part.customer != part.party for part in parts)


def test_records_have_their_pages_in_both_systems(synced: Bridge) -> None:
    told = next(each for each in view_of(synced).differences if each.perfex_id and each.xero_id)
    assert told.perfex_url.startswith(f"{synced.perfex_url}/admin/")
    assert told.xero_url.endswith(told.xero_id)
    assert "shortcode=" in told.xero_url


def test_the_table_adds_up_to_the_sums_and_names_every_difference(carried: Bridge) -> None:
    view = view_of(carried)
    rows = list(csv.DictReader(io.StringIO(as_csv(view))))
    assert tuple(rows[0]) == HEADINGS
    sums = [row for row in rows if not row["document"]]
    assert len([row for row in rows if row["document"]]) == len(view.differences)
    first = next(row for row in sums if row["kind"] == "invoice" and row["what"] == "total")
    line = next(each for each in view.lines if each.kind is Kind.INVOICE)
    assert (first["month"], first["perfex"]) == (f"{line.month:%Y-%m}", f"{line.perfex.total:f}")


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-INV", "@name", "\tx"])
def test_a_name_is_never_a_formula_in_the_table(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["2026-13", "May", "2026", "2026-1-1"])
def test_a_wrong_month_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(NotAccepted, match="write it as 2026-11"):
        proof.wanted_month(text)


def test_the_proof_is_made_anew_when_anything_changed_that_it_rests_on(synced: Bridge) -> None:
    assert view_of(synced).proved
    store = store_of(synced.services, NAME)
    link = next(store.links_of(Kind.INVOICE))
    mirror = store.mirrors(Kind.INVOICE, Side.XERO, [link.xero_id])[link.xero_id]
    wrong = msgspec.structs.replace(mirror.record, total_tax=Decimal("999.99"))
    with store.atomically():
        store.save_seen([Seen(key=mirror.key, record=wrong, mark=mirror.mark)], mirror.seen_at)
        store.settle([Version(key=mirror.key, version=mirror.version + 1)])
    (told,) = view_of(synced).unexplained
    assert (told.words, told.label) == ("tax", mirror.record.label)
    assert view_of(synced).sentence == "1 document differs and nothing explains it."
