"""Many questions at once: narrowed down, seen side by side, accepted together, answered in a sheet."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.adoption.sheets import rows_of, sheet_of
from tests.web.conftest import services_of
from tests.web.visitor import Visitor, read, told, words
from xero_bridge.operations import answering, questions
from xero_bridge.operations.questions import QuestionView


def asked(app: Flask) -> list[QuestionView]:
    return questions.question_views(services_of(app))


def sent(visitor: Visitor, raw: bytes) -> TestResponse:
    """Choose a file on the page and press the button."""
    data = {"csrf_token": visitor.token(), "sheet": (BytesIO(raw), "questions.csv")}
    return visitor.client.post("/questions/sheet", data=data, follow_redirects=True)


@pytest.fixture
def pair(app: Flask) -> QuestionView:
    """A doubtful pair."""
    return next(view for view in asked(app) if view.question.judged)


def test_questions_are_narrowed_to_a_kind_and_a_reason(
    app: Flask, operator: Visitor, pair: QuestionView
) -> None:
    page = operator.soup(f"/questions?kind={pair.kind}&reason={pair.reason}")
    shown = {str(section["id"]) for section in page.select("section[id^=q]")}
    wanted = [v for v in asked(app) if (v.kind, v.reason) == (pair.kind, pair.reason)]
    assert shown == {f"q{view.id}" for view in wanted}
    assert len(shown) < len(asked(app))


def test_a_doubtful_pair_stands_side_by_side_with_what_differs_marked(
    operator: Visitor, pair: QuestionView
) -> None:
    table = operator.soup("/questions").select_one(f"#q{pair.id} table.sides")
    assert table is not None
    heads = [head.get_text(" ") for head in table.select("thead th")]
    assert heads[1].startswith("Perfex")
    assert heads[2].startswith("Xero")
    assert pair.label in heads[1]
    rows = {row.th.get_text(): row.select("td") for row in table.select("tbody tr") if row.th}
    here, there = (cell.get_text() for cell in rows["name"])
    differs = "differs" in (rows["name"][1].get("class") or [])
    assert differs == (here.casefold() != there.replace(" (differs)", "").casefold())
    assert pair.question.judged[0].why in rows["why"][1].get_text()


def test_exact_pairs_are_accepted_by_one_button(app: Flask, operator: Visitor) -> None:
    exact = answering.exact_pairs(asked(app))
    page = read(operator.get("/questions"))
    assert bool(exact) == bool(page.select('form[action="/questions/accept"]'))
    answer = operator.post("/questions/accept", connection="demo")
    assert f"Accepted: {len(exact)} exact pair" in told(answer)
    assert not {reply.view.id for reply in exact} & {view.id for view in asked(app)}


def test_the_questions_of_the_page_are_downloaded_filled_in_and_taken_in(
    app: Flask, operator: Visitor, pair: QuestionView
) -> None:
    answer = operator.get(f"/questions/sheet.csv?reason={pair.reason}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=questions.csv"
    assert answer.mimetype == "text/csv"
    rows = rows_of(answer.text.removeprefix("\ufeff"))
    assert {row["reason"] for row in rows} == {pair.reason}
    rows[0]["answer"] = "leave"
    assert "Answered: 1." in told(sent(operator, sheet_of(rows)))
    assert rows[0]["key"] not in {view.key for view in asked(app)}


def test_a_wrong_sheet_is_shown_with_its_lines_and_nothing_is_kept(
    app: Flask, operator: Visitor
) -> None:
    before = asked(app)
    rows = rows_of(operator.get("/questions/sheet.csv").text.removeprefix("\ufeff"))
    rows[0]["answer"] = "burn"
    answer = sent(operator, sheet_of(rows))
    assert answer.status_code == 422
    assert "Nothing was changed: 1 row is wrong." in told(answer)
    assert "Line 2, column answer" in told(answer)
    assert asked(app) == before
    assert "Choose the file" in told(sent(operator, b""))
    assert "has no column" in told(sent(operator, b"a,b\r\n1,2\r\n"))


def test_a_viewer_may_read_and_answers_nothing(app: Flask, reader: Visitor) -> None:
    viewer = Visitor(app, "viewer@example.org")
    page = words(viewer.get("/questions"))
    assert "Many at once" not in page
    assert "It is this one" not in page
    assert viewer.post("/questions/accept").status_code == 403
    assert sent(viewer, b"x").status_code == 403
    assert "Many at once" in words(reader.get("/questions"))


@pytest.mark.parametrize("path", ["/setup/demo", "/settings/demo"])
def test_a_start_date_is_looked_at_before_it_is_set(reader: Visitor, path: str) -> None:
    shown = words(reader.get(f"{path}?look=2026-07-01"))
    assert "Since 1 Jul 2026" in shown
    assert "Looking changes nothing" in shown
    # A live connection counts only when somebody asks; what is no day is no question.
    assert "Looking changes nothing" not in words(reader.get(path))
    assert "Looking changes nothing" in words(reader.get(f"{path}?look=soon"))
