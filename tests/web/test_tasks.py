"""What people do on the pages: set up, map, set, answer, agree, reset; and what they get wrong."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from tests.web.conftest import services_of
from tests.web.visitor import Visitor, filled, read, told, words
from xero_bridge.core.plan import GuardStop
from xero_bridge.core.vocabulary import Kind
from xero_bridge.operations import mappings, questions, settings
from xero_bridge.operations.questions import QuestionView
from xero_bridge.operations.rows import store_of
from xero_bridge.store import models, queries
from xero_bridge.store.repository import SqlStore


def store(app: Flask) -> SqlStore:
    return store_of(services_of(app), "demo")


def asked(app: Flask, reason: str) -> QuestionView:
    return next(v for v in questions.question_views(services_of(app)) if v.reason == reason)


def setting(app: Flask, key: str) -> str:
    views = settings.setting_views(services_of(app), "demo")
    return next(view.value for view in views if view.key == key)


def dirty(app: Flask) -> int:
    return sum(len(store(app).dirty(kind)) for kind in (Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT))


# --- set-up ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("name", "Not A Name", "cannot be a connection's name"),
        ("name", "demo", "There is a connection 'demo' already"),
        ("perfex_url", "crm.example.com", "is not the address of a Perfex site"),
        ("perfex_url", "http://localhost:1", "cannot be reached"),
        ("perfex_token", "", "A Perfex API token is needed"),
        ("xero_client_id", "abc", "go together"),
    ],
)
def test_a_wrong_connection_is_refused_beside_its_field(
    admin: Visitor, field: str, value: str, problem: str
) -> None:
    right = {
        "name": "second",
        "perfex_url": "http://localhost:1",
        "perfex_token": "token",
        "allow_private_address": "on",
    }
    answer = admin.post("/setup/new", page="/setup/new", **{**right, field: value})
    assert answer.status_code == 422
    assert problem in told(answer)
    page = read(answer)
    if field in ("name", "perfex_url"):
        shown = page.select_one(f"#{field}")
        assert shown is not None
        assert shown["value"] == value


def test_a_callback_that_was_not_begun_here_is_refused(app: Flask, admin: Visitor) -> None:
    for visitor in (admin, Visitor(app)):
        answer = visitor.get("/xero/callback?state=foreign&code=stolen")
        assert answer.status_code == 400
        assert "does not belong to a consent begun in this browser" in words(answer)


def test_a_refused_consent_says_so_on_the_set_up_page(admin: Visitor) -> None:
    begun = admin.get("/xero/connect/demo")
    state = begun.headers["Location"].partition("state=")[2].partition("&")[0]
    answer = admin.get(f"/xero/callback?error=access_denied&state={state}", follow_redirects=True)
    assert answer.request.path == "/setup/demo"
    assert "The consent was not given in Xero." in told(answer)


def test_the_set_up_shows_every_step_as_done(reader: Visitor) -> None:
    page = reader.soup("/setup/demo")
    assert len(page.select(".steps > li")) == 6
    assert "Harbour & Mill Ltd" in page.get_text()
    assert "Live since" in page.get_text()


def test_another_token_is_looked_at_before_it_is_kept(app: Flask, admin: Visitor) -> None:
    answer = admin.post("/setup/demo/access", page="/setup/demo/access", perfex_token="other")
    assert answer.status_code == 422
    assert "cannot be reached" in told(answer)


# --- settings and mappings -------------------------------------------------------------------------


def test_a_changed_setting_is_kept_and_the_plan_follows(app: Flask, operator: Visitor) -> None:
    before, chosen = dirty(app), _chosen(app)
    form = operator.soup("/settings/demo").select_one("main form")
    assert form is not None
    target, fields = filled(form, "/settings/demo")
    answer = operator.post(target, **{**fields, "invoice_status": "DRAFT"})
    assert "Saved: invoice_status." in told(answer)
    assert setting(app, "invoice_status") == "DRAFT"
    assert dirty(app) > before
    assert _chosen(app) == chosen + 1, "fields that nobody touched stay at their default"


def _chosen(app: Flask) -> int:
    with services_of(app).database.reading() as connection:
        return len(connection.execute(models.table_of(models.Setting).select()).all())


def test_wrong_settings_are_told_beside_their_fields_and_nothing_is_saved(
    app: Flask, operator: Visitor
) -> None:
    answer = operator.post(
        "/settings/demo", poll_minutes="often", time_zone="Nowhere", guard_max_count="7"
    )
    assert answer.status_code == 422
    page = read(answer)
    for key in ("poll_minutes", "time_zone"):
        problem = page.select_one(f"#{key}-problem")
        assert problem is not None
        assert key in problem.get_text()
    field = page.select_one("#poll_minutes")
    assert field is not None
    assert field["value"] == "often"
    assert setting(app, "guard_max_count") == "20"


def test_a_tax_is_mapped_by_a_pick_list(app: Flask, operator: Visitor) -> None:
    answer = operator.post(
        "/mappings/demo", kind="tax", perfex="ECO|2.50", xero="OUTPUT2", purchase=""
    )
    assert answer.status_code == 422
    assert "ECO|2.50 is 2.5 %, but the Xero tax is 20%" in told(answer)
    answer = operator.post("/mappings/demo", kind="tax", perfex="Zero|0.00", xero="NONE")
    assert "Zero (0 %) is No VAT (0 %) in Xero." in told(answer)
    views = mappings.mapping_views(services_of(app), "demo")
    assert {view.perfex: view.xero for view in views}["Zero|0.00"] == "NONE"


def test_clear_suggestions_are_accepted_at_once(app: Flask, operator: Visitor) -> None:
    open_before = mappings.suggestions(services_of(app), "demo")
    assert any(len(each.candidates) == 1 for each in open_before)
    answer = operator.post("/mappings/demo/accept")
    assert "mapped as suggested" in told(answer)
    left = mappings.suggestions(services_of(app), "demo")
    assert not any(len(each.candidates) == 1 for each in left)


# --- questions and guards --------------------------------------------------------------------------


def test_questions_stand_by_money_with_every_answer_as_a_button(
    app: Flask, operator: Visitor
) -> None:
    views = questions.question_views(services_of(app))
    page = operator.soup("/questions")
    shown = [section["id"] for section in page.select("section[id^=q]")]
    assert shown == [f"q{view.id}" for view in views]
    for view in views:
        section = page.select_one(f"#q{view.id}")
        assert section is not None
        assert view.text in section.get_text()
        buttons = [str(button["value"]) for button in section.select("button[name=code]")]
        assert sorted(buttons) == sorted(choice.code for choice in view.choices)


def test_a_payment_mode_is_mapped_by_its_question(app: Flask, operator: Visitor) -> None:
    view = asked(app, "payment_mode_unmapped")
    page = operator.soup("/questions")
    options = page.select(f"#value-{view.id}-map option")
    petty = next(option for option in options if "Petty Cash" in option.get_text())
    answer = operator.post(
        f"/questions/{view.id}/answer", code="map", **{"value-map": str(petty["value"])}
    )
    assert "It is mapped" in told(answer)
    views = mappings.mapping_views(services_of(app), "demo")
    modes = {v.perfex: v.state for v in views if v.kind == view.kind}
    assert modes[view.perfex_id] == "mapped"


def test_an_answer_without_its_value_is_refused_in_words(app: Flask, operator: Visitor) -> None:
    view = asked(app, "payment_mode_unmapped")
    answer = operator.post(f"/questions/{view.id}/answer", code="map")
    assert "needs a value" in told(answer)
    answer = operator.post(f"/questions/{view.id}/answer", code="nothing")
    assert "is not an answer" in told(answer)


def test_a_doubtful_pair_is_linked_by_choosing_the_candidate(app: Flask, operator: Visitor) -> None:
    view = next(v for v in questions.question_views(services_of(app)) if v.question.candidates)
    pair = operator.soup("/questions").select_one(f"#q{view.id} td.pick form")
    assert pair is not None
    _target, fields = filled(pair, "/")
    assert fields["value-link"] == view.question.candidates[0].id
    answer = operator.post(
        f"/questions/{view.id}/answer", code="link", **{"value-link": fields["value-link"]}
    )
    assert "the next run carries it out" in told(answer)
    assert "Answered, carried out by the next run" in words(operator.get("/questions"))


@pytest.fixture
def stopped(app: Flask) -> Callable[[str], None]:
    """A guard has stopped the plan."""

    def stop(typed: str) -> None:
        verdict = GuardStop(
            guard="receipts",
            details={"count": "2", "labels": "50.00 of 2026-11-20, 70.00 of 2026-11-21"},
            count=2,
            amount=Decimal("120.00"),
            typed=typed,
        )
        mine = store(app)
        with mine.atomically():
            mine.keep_stops([verdict], services_of(app).clock.now())

    return stop


@pytest.mark.parametrize("path", ["/", "/connections/demo", "/plan/demo", "/questions"])
def test_a_guard_stop_names_the_receipts_wherever_a_person_looks(
    stopped: Callable[[str], None], operator: Visitor, path: str
) -> None:
    stopped("")
    page = operator.soup(path).main
    assert page is not None
    first = page.select_one("section.note, section[id^=q]")
    assert first is not None
    assert "Perfex e-mails a receipt for each payment entered there; 2 would be" in first.get_text()
    assert "50.00 of 2026-11-20" in first.get_text()
    button = first.select_one("button")
    assert button is not None
    assert button.get_text() == "Agree to the receipts and go on"


def test_consent_is_given_on_the_questions_page(
    app: Flask, stopped: Callable[[str], None], operator: Visitor
) -> None:
    stopped("POST")
    refused = operator.post("/plan/demo/approve", page="/questions", guard="receipts", typed="yes")
    assert "To go on, type POST." in told(refused)
    assert store(app).approvals() == []
    agreed = operator.post("/plan/demo/approve", page="/questions", guard="receipts", typed="post")
    assert "Agreed." in told(agreed)
    services_of(app).dispatch.wait(30)


def test_a_viewer_sees_the_stop_and_no_button(
    stopped: Callable[[str], None], viewer: Visitor
) -> None:
    stopped("")
    page = viewer.soup("/questions").main
    assert page is not None
    assert "your consent is needed" in page.get_text()
    assert not page.select("form[method=post]")


# --- reset and its way back ------------------------------------------------------------------------


def links(app: Flask) -> int:
    kinds = (Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE, Kind.PAYMENT)
    return sum(1 for kind in kinds for _ in store(app).links_of(kind))


def test_a_reset_keeps_a_snapshot_that_one_click_restores(app: Flask, admin: Visitor) -> None:
    before = links(app)
    assert before > 100
    answer = admin.post("/connections/demo/reset", page="/connections/demo")
    assert "were put into snapshot 1 and forgotten" in told(answer)
    assert links(app) == 0
    form = read(answer).select_one("form[action$='/restore']")
    assert form is not None
    answer = admin.post(str(form["action"]))
    assert "links are back" in told(answer)
    assert links(app) == before


def test_a_hard_reset_and_a_removal_want_the_name_typed(app: Flask, admin: Visitor) -> None:
    answer = admin.post("/connections/demo/reset", page="/connections/demo", hard="on", typed="x")
    assert "type the name of the connection: demo" in told(answer)
    assert links(app) > 100
    answer = admin.post("/connections/demo/remove", page="/connections/demo", typed="Demo")
    assert "type its name: demo" in told(answer)
    assert admin.get("/connections/demo").status_code == 200


def test_disconnecting_says_what_it_ends(admin: Visitor) -> None:
    assert "every organisation of that Xero user is cut off" in words(
        admin.get("/connections/demo")
    )


def test_sync_now_is_remembered_and_its_progress_is_shown(app: Flask, operator: Visitor) -> None:
    answer = operator.post("/connections/demo/sync")
    assert "A run was asked for" in told(answer)
    services_of(app).dispatch.wait(60)
    ended = operator.get("/connections/demo/progress?refresh=1")
    # Both systems are gone by now: the run ends in words.
    assert ended.status_code == 286
    assert ended.headers["HX-Refresh"] == "true"
    assert "cannot be reached" in words(ended)


def test_resync_asks_for_a_run_about_the_record(app: Flask, operator: Visitor) -> None:
    answer = operator.post("/records/demo/payment/perfex/1/resync")
    assert "read again now" in told(answer)
    services_of(app).dispatch.wait(60)
    with services_of(app).database.reading() as connection:
        run = models.table_of(models.Run)
        newest = connection.execute(run.select().order_by(run.c.id.desc())).first()
    assert newest is not None
    assert newest.trigger == "resync"


def test_a_payment_s_page_names_its_money(reader: Visitor) -> None:
    found = queries.search(
        services_of(reader.app).database, 1, kind=Kind.PAYMENT, text="", limit=1
    )[0]
    text = words(reader.get(f"/records/demo/payment/{found.key.side}/{found.key.id}"))
    assert "Payment" in text
    assert "Amount" in text
