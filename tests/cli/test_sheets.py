"""Questions as a file: written by `questions export`, answered, and read by `questions import`."""

from __future__ import annotations

from pathlib import Path

from tests.adoption.conftest import Adoption, adoption
from tests.adoption.sheets import rows_of, sheet_of
from tests.cli.test_commands import flask, refused, told

__all__ = ["adoption"]


def test_questions_go_out_as_a_file_and_come_back_answered(
    adoption: Adoption, tmp_path: Path
) -> None:
    path = tmp_path / "questions.csv"
    said = told(adoption.bridge, "questions", "export", str(path), "--reason", "maybe_same")
    rows = rows_of(path.read_text(encoding="utf-8-sig"))
    assert said.startswith(f"{len(rows)} questions in")
    rows[0]["answer"] = "leave"
    path.write_bytes(sheet_of(rows))
    said = told(adoption.bridge, "questions", "import", str(path))
    assert said.startswith(f"Answered: 1. Left as they were: {len(rows) - 1}.")


def test_a_sheet_goes_through_a_pipe(adoption: Adoption) -> None:
    text = told(adoption.bridge, "questions", "export", "-")
    assert len(rows_of(text)) == len(adoption.open())
    assert "Answered: 0." in told(adoption.bridge, "questions", "import", "-", typed=text)


def test_a_file_that_is_there_is_not_written_over_unasked(
    adoption: Adoption, tmp_path: Path
) -> None:
    path = tmp_path / "questions.csv"
    path.write_text("my answers")
    said = refused(adoption.bridge, "questions", "export", str(path))
    assert "--replace" in said
    assert path.read_text() == "my answers"
    told(adoption.bridge, "questions", "export", str(path), "--replace")
    assert "cannot be written" in refused(
        adoption.bridge, "questions", "export", str(tmp_path / "no" / "x")
    )
    assert "cannot be read" in refused(adoption.bridge, "questions", "import", str(tmp_path / "no"))


def test_a_sheet_with_a_wrong_row_is_refused_with_its_line(adoption: Adoption) -> None:
    rows = rows_of(told(adoption.bridge, "questions", "export", "-"))
    rows[1]["answer"] = "burn"
    result = flask(adoption.bridge, "questions", "import", "-", typed=sheet_of(rows).decode())
    assert result.exit_code == 1
    assert "Nothing was changed: 1 row is wrong.\nLine 3, column answer" in result.stderr


def test_exact_pairs_are_accepted_by_a_command(adoption: Adoption) -> None:
    assert "The next run links them" in told(adoption.bridge, "questions", "accept-exact")
    assert "None is exact" in told(adoption.bridge, "questions", "accept-exact")


def test_the_list_shows_what_a_record_may_be_with_score_and_reason(adoption: Adoption) -> None:
    shown = told(adoption.bridge, "questions", "list")
    view = adoption.open("maybe_same")[0]
    (judged,) = view.question.judged
    assert f"({view.question.candidates[0].id}): {judged.score}" in shown
    assert judged.why in shown
