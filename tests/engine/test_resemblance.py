"""Names that are alike are found, and those of other firms are not."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adoption.spelling import accented, slip, swapped
from xero_bridge.engine.resemblance import ENOUGH, Resemblance, likeness
from xero_bridge.entities.text import fold

NAMES = ("harbour joinery", "castle bakery", "wexford logistics", "miller 12", "miller 21", "ash")


def like(text: str) -> list[str]:
    return [NAMES[alike.id] for alike in Resemblance(dict(enumerate(NAMES))).like(text)]


@pytest.mark.parametrize(
    "typed",
    ["harbor joinery", "joinery harbour", "harbour  joinnery", "harbuor joinery", "harbourjoinery"],
)
def test_a_name_with_a_slip_or_its_words_swapped_is_found(typed: str) -> None:
    assert like(typed) == ["harbour joinery"]


@pytest.mark.parametrize("typed", ["castle joinery", "harbour bakery", "wexford", "ash", "as", ""])
def test_another_firm_is_not_found(typed: str) -> None:
    assert like(typed) == []


def test_numbers_in_a_name_have_to_agree() -> None:
    assert like("miller 12") == ["miller 12"]
    assert like("miller 13") == []


def test_the_best_comes_first_and_no_more_than_asked_for() -> None:
    names = Resemblance({n: f"harbour joinery{'x' * n}" for n in range(9)})
    found = names.like("harbour joinery", most=3)
    assert [alike.id for alike in found] == [0, 1, 2]
    assert [alike.score for alike in found] == sorted((a.score for a in found), reverse=True)
    assert found[0].score == 100


@given(st.randoms(use_true_random=False), st.sampled_from([slip, accented, swapped]))
def test_the_ways_in_which_people_misspell_stay_alike(dice: Random, way: object) -> None:
    assert callable(way)
    typed = way("Harbour Ironmongers Ltd", dice)
    assert likeness(fold("Harbour Ironmongers Ltd"), fold(typed)) >= ENOUGH


@given(st.text(), st.text())
def test_likeness_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 100
