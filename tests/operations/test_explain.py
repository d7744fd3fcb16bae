"""Explain: at every link of the chain, where a record stands and the one thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from tests.support.bridge import ANN, NAME, Bridge, a_bridge
from xero_bridge.core.plan import GuardStop, Version
from xero_bridge.core.record import Seen
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import connections, explain, records
from xero_bridge.operations.explain import Explained, Explanation
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import store_of


def of(bridge: Bridge, text: str) -> Explanation:
    return explain.explain(bridge.services, NAME, text)


def only(bridge: Bridge, text: str) -> Explained:
    (found,) = of(bridge, text).found
    return found


def answers(found: Explained) -> dict[str, str]:
    return {step.asks: step.answer for step in found.steps}


def one_in(bridge: Bridge, kind: Kind, state: RecordState, reason: str = "") -> Explained:
    """The first record of that kind and state (and reason), explained."""
    listed = records.search(bridge.services, NAME, kind=kind, state=state)
    key = next(each.key for each in listed if not reason or each.reason == reason)
    return only(bridge, str(key))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    """The demo's books, synced twice; for tests that only ask."""
    folder = tmp_path_factory.mktemp("explain")
    with a_bridge(f"sqlite:///{folder / 'bridge.sqlite'}", folder) as found:
        found.go_live()
        found.sync()
        found.sync(minutes=30)
        yield found


# --- found -----------------------------------------------------------------------------------------


def test_an_invoice_in_step_says_so_and_when_it_was_written(live: Bridge) -> None:
    found = one_in(live, Kind.INVOICE, RecordState.IN_STEP)
    told = answers(found)
    assert (found.conclusion, found.todo) == ("It is in step.", "Nothing.")
    assert told["Where is it?"].startswith("On both sides:")
    assert "created in Xero, done" in told["What did the bridge do with it?"]
    assert told["Do both sides say the same?"] == "Yes, to the cent."
    assert "is linked" in told["Is its customer on the other side?"]


def test_a_record_is_found_by_all_that_people_know_of_it(live: Bridge) -> None:
    found = one_in(live, Kind.INVOICE, RecordState.IN_STEP)
    assert found.amount is not None
    for text in (
        *(found.label, found.label.lower(), found.xero_id, found.xero_id.upper()),
        *(found.perfex_url, found.xero_url, f"invoice:xero:{found.xero_id}"),
        f"{found.amount:,.2f} {found.currency}",
    ):
        assert found.key in {each.key for each in of(live, text).found}, text
    assert only(live, found.xero_id).key == found.key


def test_what_is_called_exactly_so_comes_first(live: Bridge) -> None:
    label = one_in(live, Kind.INVOICE, RecordState.IN_STEP).label
    assert [each.label for each in of(live, label).found] == [label]
    digits = label.removeprefix("INV-0000")
    found = of(live, digits).found
    assert digits in {each.key.id for each in found[:2]}
    assert label in {each.label for each in found}
    assert len(of(live, "INV").found) == explain.MOST
    assert of(live, "INV").more


def test_explaining_asks_neither_side(live: Bridge) -> None:
    before = (sum(live.xero.counts.values()), len(live.perfex.calls))
    of(live, "INV-0000")
    assert (sum(live.xero.counts.values()), len(live.perfex.calls)) == before


def test_nothing_found_says_where_it_looked_and_why_it_may_not_be_there(live: Bridge) -> None:
    found = of(live, "no such thing")
    assert found.found == ()
    assert "Nothing is called 'no such thing'" in found.sentence
    assert "press Sync now" in found.sentence
    looked = {(each.kind, each.side): each for each in found.looked}
    assert looked[Kind.INVOICE, Side.PERFEX].records > 70
    assert looked[Kind.INVOICE, Side.XERO].read_at is not None


def test_before_anything_was_read_that_is_said(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    assert "was read yet" in of(empty_bridge, "INV-1").sentence
    with pytest.raises(NotAccepted, match="Say what to look for"):
        of(empty_bridge, "  ")
    with pytest.raises(NotAccepted, match="no connection 'nope'"):
        explain.explain(empty_bridge.services, "nope", "x")


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("kind", list(ENTITIES))
def test_records_of_every_kind_can_be_explained(live: Bridge, kind: Kind, side: Side) -> None:
    store = store_of(live.services, NAME)
    for mirror in list(store.mirrors_of(kind, side))[:3]:
        found = only(live, str(mirror.key))
        assert found.conclusion
        assert found.todo
        assert found.steps[0].asks == "Where is it?"


# --- left out by a rule ----------------------------------------------------------------------------


def test_a_draft_stays_home_until_it_is_numbered(live: Bridge) -> None:
    found = one_in(live, Kind.INVOICE, RecordState.EXCLUDED, "draft")
    assert found.conclusion == "Drafts stay home until they are numbered."
    assert found.todo == "Number it in Perfex, and it goes."
    assert answers(found)["Where is it?"].endswith("UTC only; not in Xero.")


def test_a_contact_that_nobody_asked_for_names_the_setting(live: Bridge) -> None:
    found = one_in(live, Kind.CUSTOMER, RecordState.EXCLUDED, "births_ignore")
    assert "births.customer.xero" in found.todo
    assert found.perfex_id == ""


def test_a_document_before_the_start_date_names_that_date(bridge: Bridge) -> None:
    bridge.set_up()
    bridge.set(start_date="2026-09-01")
    bridge.sync()
    found = one_in(bridge, Kind.INVOICE, RecordState.EXCLUDED, "before_start")
    assert "2026-09-01" in found.conclusion
    assert "start_date" in found.todo


def test_a_kind_that_is_switched_off_names_its_direction(bridge: Bridge) -> None:
    bridge.set_up()
    bridge.set(**{"direction.item": "off"})
    bridge.sync()
    found = only(bridge, "item:perfex:1")
    assert answers(found)["Are items carried over?"] == "No: this kind is switched off."
    assert found.conclusion == "This kind is switched off for the connection."
    assert "direction.item" in found.todo


# --- waiting, asked, planned -----------------------------------------------------------------------


def test_an_unmapped_tax_leads_to_the_question_that_maps_it(bridge: Bridge) -> None:
    bridge.perfex.staff.create("taxes", name="GST", taxrate="7.00")
    line = {"description": "x", "qty": "1", "rate": "50", "taxes": ["GST|7.00"]}
    invoice = bridge.perfex.staff.create_invoice(1, [{"long_description": "", "unit": "", **line}])
    payment = bridge.perfex.staff.record_payment(invoice, "5.00", "1")
    bridge.go_live()
    bridge.sync()
    found = only(bridge, f"invoice:perfex:{invoice}")
    assert found.conclusion == "The Perfex tax GST|7.00 has no Xero tax."
    assert found.question is not None
    assert "GST|7.00" in answers(found)["Can it be written as it is?"]
    waiting = only(bridge, f"payment:perfex:{payment}")
    assert waiting.state is RecordState.WAITING
    told = answers(waiting)["Is its invoice on the other side?"]
    assert told.startswith("Not yet:")
    assert "GST|7.00" in told
    assert waiting.todo == "Nothing: it goes on by itself."


def test_before_going_live_a_planned_record_waits_for_that(bridge: Bridge) -> None:
    bridge.set_up()
    bridge.sync()
    found = one_in(bridge, Kind.INVOICE, RecordState.PLANNED)
    assert found.conclusion == "It is planned; nothing is written before Go live."
    assert answers(found)["Is it in the plan?"].startswith("Yes: create in Xero.")
    store = store_of(bridge.services, NAME)
    with store.atomically():
        store.keep_stops(
            [GuardStop(guard="too_many_removed", details={"count": "9", "of": "9"})],
            bridge.clock.now(),
        )
    stopped = only(bridge, str(found.key))
    assert "the plan was stopped" in stopped.conclusion
    assert "May the plan be carried out?" in answers(stopped)


def test_a_new_record_that_no_plan_has_seen_waits_for_the_next_run(bridge: Bridge) -> None:
    bridge.set_up()
    bridge.sync()
    store = store_of(bridge.services, NAME)
    mirror = store.mirrors(Kind.CUSTOMER, Side.PERFEX, ["1"])["1"]
    with store.atomically():
        key = mirror.key._replace(id="9001")
        store.save_seen([Seen(key=key, record=mirror.record)], bridge.clock.now())
    found = only(bridge, "customer:perfex:9001")
    assert found.conclusion == "No plan has looked at it yet."
    assert "Sync now" in found.todo


def test_a_write_without_an_answer_says_that_it_is_looked_for(bridge: Bridge) -> None:
    bridge.go_live()
    bridge.xero.faults.add("drop-after", method="PUT", path="Invoices")
    bridge.sync()
    row = store_of(bridge.services, NAME).unfinished()[0]
    found = only(bridge, str(row.source))
    assert found.conclusion.startswith("An earlier write of this record got no answer.")
    assert "Nothing" in found.todo


def test_both_edited_leads_to_the_question_about_it(bridge: Bridge) -> None:
    bridge.go_live()
    bridge.sync()
    found = one_in(bridge, Kind.INVOICE, RecordState.IN_STEP)
    books = bridge.xero.books()
    row = books.invoices.get(found.xero_id)
    assert row is not None
    books.invoices.put(found.xero_id, {**row, "DueDate": date(2027, 3, 1)})
    bridge.perfex.staff.edit_invoice(int(found.key.id), duedate="2027-04-01")
    bridge.clock.move(days=8)
    bridge.sync()
    asked = only(bridge, str(found.key))
    assert asked.question is not None
    assert "due date" in asked.conclusion
    assert any("due date" in step.answer for step in asked.steps)


def test_a_difference_that_nothing_explains_is_the_conclusion(bridge: Bridge) -> None:
    bridge.go_live()
    bridge.sync()
    found = one_in(bridge, Kind.INVOICE, RecordState.IN_STEP)
    store = store_of(bridge.services, NAME)
    mirror = store.mirrors(Kind.INVOICE, Side.XERO, [found.xero_id])[found.xero_id]
    wrong = msgspec.structs.replace(mirror.record, total_tax=Decimal("999.99"))
    with store.atomically():
        store.save_seen([Seen(key=mirror.key, record=wrong, mark=mirror.mark)], mirror.seen_at)
        store.settle([Version(key=mirror.key, version=mirror.version + 1)])
    told = only(bridge, str(found.key))
    assert told.conclusion == "Both sides differ (tax) and nothing explains it."
    assert "999.99 in Xero" in answers(told)["Do both sides say the same?"]


def test_a_paused_connection_says_that_nothing_runs_by_itself(bridge: Bridge) -> None:
    bridge.go_live()
    bridge.sync()
    connections.pause(bridge.services, NAME, by=ANN)
    found = one_in(bridge, Kind.INVOICE, RecordState.IN_STEP)
    assert "paused" in answers(found)["Does the connection work?"]
