"""`prove` as a person types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from tests.cli.test_commands import data, flask, refused, told
from tests.support.bridge import NAME, Bridge, a_bridge
from xero_bridge.core.plan import Version
from xero_bridge.core.record import Seen
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.rows import store_of


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    folder = tmp_path_factory.mktemp("prove")
    with a_bridge(f"sqlite:///{folder / 'bridge.sqlite'}", folder) as bridge:
        bridge.go_live()
        bridge.sync()
        bridge.sync(minutes=30)
        yield bridge


def test_prove_prints_sums_and_ends_with_nought_when_everything_is_known(synced: Bridge) -> None:
    output = told(synced, "prove")
    assert output.startswith(f"{NAME}: Every difference is known")
    assert "Perfex: number, total, due" in output
    assert "left out: 2 invoice in Perfex: Drafts stay home" in output


def test_prove_tells_a_kind_and_a_month_by_customer_as_json(synced: Bridge) -> None:
    words = ("prove", "--connection", NAME, "--kind", "invoice", "--month", "2026-08")
    found = data(synced, *words, "--by-customer")
    assert found["proved"] is True
    assert {line["kind"] for line in found["lines"]} == {"invoice"}
    assert {line["month"] for line in found["lines"]} == {"2026-08-01"}
    assert all(line["customer"] for line in found["lines"])


def test_prove_writes_a_table(synced: Bridge, tmp_path: Path) -> None:
    target = tmp_path / "proof.csv"
    assert "Written to" in told(synced, "prove", "--csv", str(target))
    text = target.read_text(encoding="utf-8-sig")
    assert text.startswith("kind,month,currency,customer,document")
    assert told(synced, "prove", "--csv", "-").splitlines()[0] == text.splitlines()[0]
    assert "cannot be written" in refused(synced, "prove", "--csv", str(tmp_path))


def test_prove_refuses_what_it_does_not_know(synced: Bridge) -> None:
    assert "no kind 'invoices'" in refused(synced, "prove", "--kind", "invoices")
    assert "2026-11" in refused(synced, "prove", "--month", "November")
    assert "no connection 'nope'" in refused(synced, "prove", "--connection", "nope")


def test_prove_ends_with_two_and_names_what_nothing_explains(synced: Bridge) -> None:
    store = store_of(synced.services, NAME)
    link = next(store.links_of(Kind.INVOICE))
    mirror = store.mirrors(Kind.INVOICE, Side.XERO, [link.xero_id])[link.xero_id]
    wrong = msgspec.structs.replace(mirror.record, total_tax=Decimal("999.99"))
    with store.atomically():
        store.save_seen([Seen(key=mirror.key, record=wrong, mark=mirror.mark)], mirror.seen_at)
        store.settle([Version(key=mirror.key, version=mirror.version + 1)])
    result = flask(synced, "prove", "--json")
    assert result.exit_code == 2
    (found,) = json.loads(result.stdout)
    (red,) = [each for each in found["differences"] if each["verdict"] == "unexplained"]
    assert (red["words"], red["xero"], red["label"]) == ("tax", "999.99", mirror.record.label)
    result = flask(synced, "prove")
    assert f"! invoice {mirror.record.label}: tax:" in result.stdout


def test_a_connection_that_was_never_read_does_not_hide_the_others(synced: Bridge) -> None:
    synced.add("second")
    result = flask(synced, "prove")
    assert "second: nothing was read yet." in result.stderr
    assert result.stdout.startswith(f"{NAME}: ")
    assert "run `sync` first" in refused(synced, "prove", "--connection", "second")
