"""What a person decides: answers to questions, consent to guard stops."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.plan import GuardStop
from xero_bridge.core.vocabulary import Kind, RecordState
from xero_bridge.operations import plans, questions, records
from xero_bridge.operations.plans import PlanView
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.questions import QuestionView
from xero_bridge.operations.rows import store_of


def asked(bridge: Bridge, reason: str) -> QuestionView:
    found = [v for v in questions.question_views(bridge.services, NAME) if v.reason == reason]
    assert found, [v.reason for v in questions.question_views(bridge.services, NAME)]
    return found[0]


def give(bridge: Bridge, view: QuestionView, code: str, value: str = "") -> str:
    return questions.answer(bridge.services, view, code, value, by=ANN)


@pytest.fixture
def planned(bridge: Bridge) -> Bridge:
    """The first plan was made; nothing is live."""
    bridge.set_up()
    bridge.sync()
    return bridge


def test_questions_are_listed_with_most_money_first(read_once: Bridge) -> None:
    views = questions.question_views(read_once.services)
    amounts = [abs(view.amount or Decimal()) for view in views]
    assert amounts == sorted(amounts, reverse=True)
    assert all(view.text and view.connection == NAME for view in views)
    groups = questions.by_cause(views)
    assert sum(len(group) for group in groups.values()) == len(views)


def test_a_question_is_found_by_its_number_and_by_its_key(read_once: Bridge) -> None:
    view = questions.question_views(read_once.services)[0]
    assert questions.find(read_once.services, str(view.id)) == view
    assert questions.find(read_once.services, view.key, connection=NAME) == view
    with pytest.raises(NotAccepted, match="There is no question"):
        questions.find(read_once.services, "99999")


def test_an_unmapped_payment_mode_is_mapped_by_the_answer(planned: Bridge) -> None:
    planned.sync()
    view = asked(planned, "payment_mode_unmapped")
    assert "mapped" in give(planned, view, "map", "090")
    planned.sync()
    mode = view.question.details["mode"]
    left = [v.question.details.get("mode") for v in questions.question_views(planned.services)]
    assert mode not in left


def test_an_answer_with_an_account_that_does_not_fit_is_refused(read_once: Bridge) -> None:
    view = asked(read_once, "payment_mode_unmapped")
    with pytest.raises(NotAccepted, match="neither a bank account"):
        give(read_once, view, "map", "200")
    assert questions.find(read_once.services, str(view.id)).state == "open"


def test_a_missing_account_is_chosen_by_the_answer(bridge: Bridge) -> None:
    bridge.add()
    bridge.consent()
    bridge.map_all()
    bridge.set(start_date="2024-01-01")
    bridge.sync()
    view = asked(bridge, "account_not_chosen")
    give(bridge, view, "map", "200")
    assert store_of(bridge.services, NAME).settings().sales_account == "200"


def test_an_answer_that_is_not_offered_is_refused_with_those_that_are(read_once: Bridge) -> None:
    view = asked(read_once, "maybe_same")
    with pytest.raises(NotAccepted, match="link, create, leave"):
        give(read_once, view, "burn")


def test_an_answer_that_needs_a_value_says_so(read_once: Bridge) -> None:
    with pytest.raises(NotAccepted, match="needs a value"):
        give(read_once, asked(read_once, "maybe_same"), "link")


def test_an_answer_names_a_record_that_is_there(read_once: Bridge) -> None:
    with pytest.raises(NotAccepted, match="take the id"):
        give(read_once, asked(read_once, "maybe_same"), "link", "nobody")


def test_a_record_may_be_named_by_kind_side_and_id(planned: Bridge) -> None:
    view = asked(planned, "maybe_same")
    candidate = view.question.candidates[0]
    give(planned, view, "link", str(candidate))
    planned.sync()
    view = questions.find(planned.services, str(view.id))
    assert view.state != "open"


def test_a_question_without_answers_says_that_it_closes_by_itself(read_once: Bridge) -> None:
    with pytest.raises(NotAccepted, match="closes by itself"):
        give(read_once, replace(asked(read_once, "currency_missing"), choices=()), "leave")


def test_an_answer_waits_for_the_next_run_and_is_carried_out(planned: Bridge) -> None:
    view = asked(planned, "maybe_same")
    assert "next run" in give(planned, view, "leave")
    assert questions.find(planned.services, str(view.id)).state == "answered"
    planned.sync()
    kind = Kind(view.kind)
    found = records.search(planned.services, NAME, kind=kind, state=RecordState.EXCLUDED)
    assert view.perfex_id in {record.key.id for record in found}


def test_an_answer_to_what_has_changed_since_is_refused(read_once: Bridge) -> None:
    view = asked(read_once, "maybe_same")
    old = replace(view, question=replace(view.question, basis="older"))
    with pytest.raises(NotAccepted, match="has changed since"):
        give(read_once, old, "leave")


# --- plans and guards ------------------------------------------------------------------------------


def newest(bridge: Bridge) -> PlanView:
    found = plans.newest(bridge.services, NAME)
    assert found is not None
    return found


def test_before_the_first_look_there_is_no_plan(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    assert plans.newest(empty_bridge.services, NAME) is None


def test_a_plan_tells_counts_and_money_by_kind(read_once: Bridge) -> None:
    view = newest(read_once)
    groups = {(group.kind, group.verb, group.side): group for group in view.groups}
    invoices = groups["invoice", "create", "xero"]
    assert invoices.words == f"{invoices.count} invoices"
    assert invoices.money["GBP"] > 1000
    assert set(invoices.money) == {"GBP", "EUR", "USD"}
    assert view.count == sum(group.count for group in view.groups)
    assert view.cost.xero >= 4
    assert not view.live
    assert all(plans.why(action) for action in invoices.actions)


def stop(bridge: Bridge, **members: object) -> None:
    given: dict[str, object] = {"guard": "too_many_changed", "details": {"count": "30", "of": "40"}}
    store = store_of(bridge.services, NAME)
    with store.atomically():
        store.keep_stops([GuardStop(**{**given, **members})], bridge.clock.now())  # type: ignore[arg-type]


def test_a_guard_stop_is_consented_to_for_the_same_or_less(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    stop(empty_bridge, count=30, amount=Decimal("100.00"))
    (view,) = plans.stops(empty_bridge.services, NAME)
    assert view.text == "30 of 40 linked records would be changed."
    plans.approve(empty_bridge.services, NAME, "too_many_changed", by=ANN)
    (approval,) = store_of(empty_bridge.services, NAME).approvals()
    assert (approval.count, approval.amount, approval.by) == (30, Decimal("100.00"), ANN.name)


def test_a_grave_stop_wants_a_word_typed(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    stop(empty_bridge, guard="too_many_removed", count=30, typed="REMOVE")
    with pytest.raises(NotAccepted, match="type REMOVE"):
        plans.approve(empty_bridge.services, NAME, "too_many_removed", typed="yes", by=ANN)
    plans.approve(empty_bridge.services, NAME, "too_many_removed", typed="remove ", by=ANN)
    assert store_of(empty_bridge.services, NAME).approvals()


def test_a_stop_that_can_only_be_mended_takes_no_consent(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    stop(empty_bridge, final=True)
    with pytest.raises(NotAccepted, match="cannot be consented to"):
        plans.approve(empty_bridge.services, NAME, "too_many_changed", by=ANN)


def test_a_stop_that_is_not_there_is_named(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with pytest.raises(NotAccepted, match="no guard stop"):
        plans.approve(empty_bridge.services, NAME, "receipts", by=ANN)
