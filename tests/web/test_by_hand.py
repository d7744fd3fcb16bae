"""What a person enters in Perfex by hand, as the questions page shows it."""

from flask import Flask

from tests.web.conftest import services_of
from tests.web.visitor import Visitor
from xero_bridge.core.plan import Choice, Question, Side3
from xero_bridge.core.vocabulary import Kind
from xero_bridge.operations import questions
from xero_bridge.operations.rows import store_of

ASKED = Question(
    kind=Kind.ITEM,
    reason="enter_in_perfex",
    xero_id="2f6ad2c8-0000-4000-8000-000000000001",
    label="Ash board",
    details={"label": "Ash board"},
    choices=(Choice(code="leave", label="Leave it in Xero only"),),
    rows=(
        Side3(facet="name", xero="Ash board"),
        Side3(facet="description", xero="By the metre\nand dry"),
        Side3(facet="price", perfex="7.00", xero="7.25"),
    ),
)


def test_the_values_to_enter_in_perfex_stand_ready_to_be_copied(
    app: Flask, operator: Visitor
) -> None:
    services = services_of(app)
    store = store_of(services, "demo")
    with store.atomically():
        store.keep_questions([ASKED], (), services.clock.now())
    view = next(v for v in questions.question_views(services) if v.reason == ASKED.reason)
    shown = operator.soup(f"/questions?reason={ASKED.reason}").select_one(f"#q{view.id}")
    assert shown is not None
    values = [field.text.strip("\n") for field in shown.select("dl.entered textarea")]
    assert values == ["Ash board", "By the metre\nand dry", "7.25"]
    assert len(shown.select("button[data-copy]")) == 3
    assert "now 7.00" in shown.text
