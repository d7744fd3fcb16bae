"""Single records and the state of the whole: found, explained, looked at anew."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
import responses

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, RecordState, RunState, Side
from xero_bridge.operations import connections, doctor, mappings, records
from xero_bridge.operations import status as states
from xero_bridge.operations.doctor import Verdict
from xero_bridge.operations.problems import NotAccepted


@pytest.fixture
def synced(bridge: Bridge) -> Bridge:
    """Everything that can be is on both sides."""
    bridge.go_live()
    bridge.sync()
    return bridge


def an_invoice(bridge: Bridge, state: RecordState = RecordState.IN_STEP) -> Key:
    found = records.search(bridge.services, NAME, kind=Kind.INVOICE, state=state)
    return found[0].key


def test_a_linked_record_is_shown_with_both_sides_and_its_history(synced: Bridge) -> None:
    page = records.record_page(synced.services, NAME, an_invoice(synced))
    assert set(page.mirrors) == set(Side)
    assert page.link is not None
    assert page.listed.state is RecordState.IN_STEP
    facets = {row.words: row for row in page.facets}
    assert any(row.perfex and row.perfex == row.xero for row in facets.values())
    assert [happened.verb for happened in page.history] == ["create"]


def test_the_same_page_is_found_from_the_other_side(synced: Bridge) -> None:
    page = records.record_page(synced.services, NAME, an_invoice(synced))
    assert page.link is not None
    other = records.record_page(
        synced.services, NAME, Key(Kind.INVOICE, Side.XERO, page.link.xero_id)
    )
    assert other.link == page.link
    assert other.mirrors == page.mirrors
    assert other.history == page.history


def test_a_record_that_waits_for_a_person_says_why_and_what_to_do(synced: Bridge) -> None:
    key = an_invoice(synced, RecordState.QUESTION)
    page = records.record_page(synced.services, NAME, key)
    assert page.text
    assert page.listed.state is RecordState.QUESTION


def test_records_are_found_by_a_part_of_their_label(synced: Bridge) -> None:
    label = records.record_page(synced.services, NAME, an_invoice(synced)).listed.label
    found = records.search(synced.services, NAME, text=label[-4:])
    assert label in {listed.label for listed in found}
    assert records.search(synced.services, NAME, text="no such thing") == []


def test_a_record_that_nobody_has_seen_is_refused(synced: Bridge) -> None:
    key = Key(Kind.INVOICE, Side.PERFEX, "99999")
    with pytest.raises(NotAccepted, match="invoice:perfex:99999"):
        records.record_page(synced.services, NAME, key)
    with pytest.raises(NotAccepted, match="has not seen"):
        records.resync(synced.services, NAME, key, by=ANN)


def test_resync_of_a_payment_pulls_its_invoice_and_customer_along(bridge: Bridge) -> None:
    bridge.set_up()
    bridge.sync()
    connections.go_live(bridge.services, NAME, by=ANN)
    payment = next(
        listed.key
        for listed in records.search(bridge.services, NAME, kind=Kind.PAYMENT)
        if listed.state is RecordState.PLANNED
    )
    records.resync(bridge.services, NAME, payment, by=ANN)
    assert bridge.services.dispatch.wait(60)
    last = states.status(bridge.services, NAME).last_run
    assert last is not None
    assert last.trigger == "resync"
    assert {kind: sum(verbs.values()) for kind, verbs in last.done.items()} == {
        "customer": 1,
        "invoice": 1,
        "payment": 1,
    }


# --- status ----------------------------------------------------------------------------------------


def test_the_status_says_in_one_sentence_what_comes_next(bridge: Bridge) -> None:
    def sentence() -> str:
        return states.status(bridge.services, NAME).sentence

    bridge.add()
    assert "press Connect" in sentence()
    bridge.consent()
    assert sentence() == "Nothing was looked at yet."
    bridge.sync()
    assert sentence().endswith("questions for you.")


def test_the_status_counts_records_runs_and_calls(synced: Bridge) -> None:
    (found,) = states.statuses(synced.services)
    assert found.counts[Kind.INVOICE][RecordState.IN_STEP] > 50
    assert found.last_run is not None
    assert found.last_run.state is RunState.QUESTIONS
    assert found.calls_left is not None
    assert 900 < found.calls_left < 1000
    assert not found.waiting
    # All of them were just read for the first time.
    assert found.read_whole_since is not None
    assert synced.clock.now() - found.read_whole_since < timedelta(hours=1)


# --- doctor ----------------------------------------------------------------------------------------


def findings(bridge: Bridge) -> dict[tuple[str, str], tuple[Verdict, str]]:
    found = doctor.examine(bridge.services)
    return {(f.connection, f.check): (f.verdict, f.text) for f in found}


def test_the_doctor_finds_nothing_bad_with_a_sound_installation(synced: Bridge) -> None:
    found = findings(synced)
    assert {verdict for verdict, _ in found.values()} <= {Verdict.GOOD, Verdict.WARNING}
    assert found["", "database"][0] is Verdict.GOOD
    assert "module 3.0.3" in found[NAME, "perfex"][1]
    assert "Harbour & Mill Ltd" in found[NAME, "xero"][1]
    assert found[NAME, "setup"][0] is Verdict.GOOD
    assert "not mapped" in found[NAME, "mappings"][1]


def test_the_doctor_names_what_is_missing(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    found = findings(empty_bridge)
    assert found["", "users"] == (
        Verdict.WARNING,
        "Nobody may sign in yet: run `flask --app app user create`.",
    )
    assert found[NAME, "xero"][0] is Verdict.BAD
    assert "Press Connect" in found[NAME, "xero"][1]
    empty_bridge.consent()
    assert "start_date, sales_account" in findings(empty_bridge)[NAME, "setup"][1]


def test_the_doctor_names_a_broken_mapping(synced: Bridge) -> None:
    books = synced.xero.books()
    account = next(a for a in books.accounts.values() if a.get("Code") == "090")
    books.accounts.put(account["AccountID"], {**account, "Status": "ARCHIVED"})
    synced.clock.move(days=2)
    synced.sync()
    mapped = {(v.kind, v.perfex): v for v in mappings.mapping_views(synced.services, NAME)}
    assert mapped["payment_mode", "1"].state == "broken"
    verdict, text = findings(synced)[NAME, "mappings"]
    assert verdict is Verdict.BAD
    assert "archived" in text


@responses.activate
def test_the_doctor_notices_a_clock_that_is_wrong(empty_bridge: Bridge) -> None:
    responses.add_passthru(empty_bridge.perfex_url + "/api")
    late = format_datetime(empty_bridge.clock.now() - timedelta(minutes=9), usegmt=True)
    empty_bridge.add()
    responses.get(empty_bridge.perfex_url, headers={"Date": late})
    assert findings(empty_bridge)[NAME, "perfex"] == (
        Verdict.WARNING,
        f"{empty_bridge.perfex_url} answers, but its clock and ours differ by 9 minutes.",
    )
