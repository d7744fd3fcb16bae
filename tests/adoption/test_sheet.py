"""Hundreds of questions are answered in a spreadsheet: out, filled in, and in again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adoption.conftest import Adoption
from tests.adoption.counting import bills_in_xero, firms_in_xero, left_to_pay
from tests.adoption.person import truth
from tests.adoption.sheets import Row, changed, rows_of, sheet_of
from tests.support.bridge import ANN, NAME
from xero_bridge.core.ports import RunRow
from xero_bridge.core.vocabulary import RunState
from xero_bridge.operations import answering, connections, plans, questions
from xero_bridge.operations.cells import defused, undone
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.sheet import to_csv
from xero_bridge.operations.sheet_in import SheetWrong, Taken, take_in


def exported(adoption: Adoption) -> str:
    return to_csv(adoption.bridge.services, adoption.open())


def imported(adoption: Adoption, raw: bytes) -> Taken:
    return take_in(adoption.bridge.services, raw, by=ANN)


def wrong(adoption: Adoption, raw: bytes) -> str:
    """What is said about a sheet of which nothing may be kept."""
    before = adoption.open()
    with pytest.raises(SheetWrong) as caught:
        imported(adoption, raw)
    assert adoption.open() == before
    return "\n".join(caught.value.problems)


def consented(adoption: Adoption) -> RunRow:
    """A run that may do what its guards stopped before."""
    services = adoption.bridge.services
    for stop in plans.stops(services, NAME):
        plans.approve(services, NAME, stop.guard, typed=stop.typed, by=ANN)
    return adoption.bridge.sync()


def answered_truly(adoption: Adoption) -> bytes:
    by_key = {view.key: view.question for view in adoption.open()}

    def fill_in(row: Row) -> None:
        row["answer"], row["value"] = truth(adoption.made, by_key[row["key"]])

    return changed(exported(adoption), fill_in)


def first(rows: list[Row], reason: str) -> Row:
    return next(row for row in rows if row["reason"] == reason)


def test_after_all_was_answered_in_sheets_both_sides_are_in_step_and_nothing_is_there_twice(
    adoption: Adoption,
) -> None:
    bridge, made = adoption.bridge, adoption.made
    connections.go_live(bridge.services, NAME, by=ANN)
    for _round in range(6):
        report = consented(adoption)
        if adoption.open():
            imported(adoption, answered_truly(adoption))
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert set(firms_in_xero(made, bridge.xero).values()) == {1}
    assert set(bills_in_xero(made, bridge.xero).values()) == {1}
    assert left_to_pay(made, bridge.perfex, bridge.xero) == []


def test_a_row_shows_the_record_and_what_it_may_be_with_score_and_reason(
    adoption: Adoption,
) -> None:
    view = adoption.open("maybe_same")[-1]
    row = next(row for row in rows_of(exported(adoption)) if row["key"] == view.key)
    assert (row["name"], row["perfex_id"]) == (view.label, view.perfex_id)
    assert row["candidate_id"] == view.question.candidates[0].id
    assert row["candidate_name"]
    assert 80 <= int(row["score"]) <= 100
    assert row["why"] == view.question.judged[0].why
    assert row["answers"] == "link create leave"
    assert (row["answer"], row["value"]) == ("", "")


def test_a_sheet_without_answers_changes_nothing(adoption: Adoption) -> None:
    before = adoption.open()
    taken = imported(adoption, exported(adoption).encode())
    assert (taken.answered, taken.unchanged) == (0, len(before))
    assert adoption.open() == before


def test_one_wrong_row_keeps_all_others_from_being_taken(adoption: Adoption) -> None:
    rows = rows_of(answered_truly(adoption).decode())
    rows[2]["answer"] = "burn"
    said = wrong(adoption, sheet_of(rows))
    assert said.startswith("Line 4, column answer: 'burn' is not one of the answers (")


def test_every_wrong_row_is_named_with_its_line_and_column(adoption: Adoption) -> None:
    rows = rows_of(exported(adoption))
    rows[0]["key"] = "customer:1::nothing"
    rows[0]["answer"] = "leave"
    rows[1]["value"] = "left behind"
    linked = first(rows, "maybe_same")
    linked["answer"], linked["value"] = "link", "no such record"
    said = wrong(adoption, sheet_of(rows)).splitlines()
    assert [line.split(":")[0] for line in said] == [
        "Line 2, column key",
        "Line 3, column answer",
        f"Line {rows.index(linked) + 2}, column value",
    ]


def test_link_without_a_value_takes_the_only_candidate(adoption: Adoption) -> None:
    rows = rows_of(exported(adoption))
    row = next(row for row in rows if row["candidate_id"] and not row["other_candidates"])
    row["answer"] = "LINK"
    assert imported(adoption, sheet_of(rows)).answered == 1
    view = questions.find(adoption.bridge.services, row["key"], connection=NAME)
    assert (view.state, view.answer_value) == ("answered", row["candidate_id"])


def test_a_record_may_be_named_as_it_is_called(adoption: Adoption) -> None:
    rows = rows_of(exported(adoption))
    row = first(rows, "maybe_same")
    row["answer"], row["value"] = "link", row["candidate_name"]
    imported(adoption, sheet_of(rows))
    view = questions.find(adoption.bridge.services, row["key"], connection=NAME)
    assert view.answer_value == row["candidate_id"]


def test_one_record_is_given_to_two_only_if_it_is_named_for_both(adoption: Adoption) -> None:
    rows = [row for row in rows_of(exported(adoption)) if row["kind"] == "customer"][:2]
    contact = rows[0]["candidate_id"]
    rows[0]["answer"], rows[1]["answer"] = "link", "link"
    rows[1]["value"] = contact
    assert imported(adoption, sheet_of(rows[1:])).answered == 1
    said = wrong(adoption, sheet_of([rows[1] | {"answer": "leave"}, rows[1], rows[0]]))
    assert "line 2" in said
    assert imported(adoption, sheet_of([rows[0] | {"value": contact}])).answered == 1


def test_one_document_is_never_given_to_two(adoption: Adoption) -> None:
    rows = [row for row in rows_of(exported(adoption)) if row["candidate_id"]]
    rows = [row for row in rows if row["kind"] == "invoice"][:2]
    for row in rows:
        row["answer"], row["value"] = "link", rows[0]["candidate_id"]
    assert "is given to another record on line 2" in wrong(adoption, sheet_of(rows))


def test_a_question_on_two_lines_is_answered_once(adoption: Adoption) -> None:
    row = rows_of(exported(adoption))[0] | {"answer": "leave"}
    assert "answered on line 2" in wrong(adoption, sheet_of([row, row]))


def test_a_question_that_was_asked_anew_has_to_be_looked_at_again(adoption: Adoption) -> None:
    raw = answered_truly(adoption)
    view = adoption.open("maybe_same")[0]
    assert view.perfex_id
    staff = adoption.bridge.perfex.staff
    if view.kind == "customer":
        staff.edit_customer(int(view.perfex_id), phonenumber="0117 496 0000")
    else:
        staff.edit_invoice(int(view.perfex_id), duedate="2026-12-31")
    adoption.bridge.sync()
    said = wrong(adoption, raw)
    assert "column version" in said
    assert "export again" in said


def test_a_question_that_settled_itself_is_named_and_the_rest_is_taken(adoption: Adoption) -> None:
    raw = answered_truly(adoption)
    clash = adoption.open("number_taken")[0]
    assert clash.perfex_id
    adoption.bridge.perfex.staff.renumber_invoice(int(clash.perfex_id), 9000)
    adoption.bridge.sync()
    taken = imported(adoption, raw)
    (said,) = [line for line in taken.settled if clash.label in line]
    assert "settled already" in said
    assert taken.answered > 5


def test_the_same_sheet_twice_changes_nothing_the_second_time(adoption: Adoption) -> None:
    raw = answered_truly(adoption)
    answered = imported(adoption, raw).answered
    again = imported(adoption, raw)
    assert (again.answered, again.unchanged) == (0, answered)


def test_sheets_of_other_spreadsheets_are_read_too(adoption: Adoption) -> None:
    rows = rows_of(exported(adoption))
    rows[0]["answer"] = "leave"
    raw = b"\xef\xbb\xbf" + sheet_of(rows, separator=";")
    assert imported(adoption, raw).answered == 1


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfe\x00", "CSV UTF-8"),
        (b"name,answer\r\nAnn,link\r\n", "no column connection, key"),
        (b"", "no column connection, key"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(adoption: Adoption, raw: bytes, said: str) -> None:
    with pytest.raises(NotAccepted, match=said):
        imported(adoption, raw)


def test_a_sheet_of_a_connection_out_of_reach_is_refused(adoption: Adoption) -> None:
    with pytest.raises(SheetWrong, match="no question"):
        take_in(adoption.bridge.services, answered_truly(adoption), by=ANN, reachable=["other"])


def test_exact_pairs_are_accepted_in_one_go_and_linked_by_the_next_run(
    adoption: Adoption,
) -> None:
    bridge, made = adoption.bridge, adoption.made
    connections.go_live(bridge.services, NAME, by=ANN)
    exact = answering.exact_pairs(adoption.open())
    assert 0 < len(exact) < len(adoption.open("maybe_same"))
    assert answering.accept_exact(bridge.services, NAME, by=ANN) == len(exact)
    for _round in range(2):
        consented(adoption)
    for reply in exact:
        firm = made.perfex_firms[reply.view.perfex_id]
        assert made.xero_firms[reply.value] is firm
        assert questions.find(bridge.services, str(reply.view.id)).state == "closed"


def test_pairs_that_two_records_want_are_not_exact(adoption: Adoption) -> None:
    exact = answering.exact_pairs(adoption.open())
    assert answering.exact_pairs([exact[0].view, exact[0].view]) == []


@given(st.text())
def test_a_cell_comes_back_as_it_was_and_is_never_a_formula(text: str) -> None:
    cell = defused(text)
    assert undone(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_name_that_looks_like_a_formula_is_shown_and_not_calculated(adoption: Adoption) -> None:
    staff = adoption.bridge.perfex.staff
    firms = adoption.made.perfex_firms
    doubtful = [view for view in adoption.open("maybe_same") if view.kind == "customer"]
    # The e-mail address still says who it is.
    view = next(view for view in doubtful if firms[view.perfex_id].email)
    name = f'=HYPERLINK("http://x.example","{view.label}")'
    staff.edit_customer(int(view.perfex_id), company=name)
    adoption.bridge.sync()
    text = exported(adoption)
    assert f"'{name[:10]}" in text
    assert all(not row["name"].startswith("=") for row in rows_of(text))
