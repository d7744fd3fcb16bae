"""The matrix is whole: every step of every kind has one answer, and every answer has words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from itertools import product

import pytest

from tests.matrix.cells import VERSIONS, Operation, Outcome, matrix
from xero_bridge.core.reasons import REASONS
from xero_bridge.core.vocabulary import Side
from xero_bridge.entities import ENTITIES

MATRIX = matrix()
CELLS = MATRIX.cells


def test_every_kind_direction_operation_and_version_has_exactly_one_answer() -> None:
    wanted = set(product(ENTITIES, Side, Operation, VERSIONS))
    assert len(wanted) == 468
    assert Counter((c.kind, c.side, c.operation, c.version) for c in CELLS) == Counter(wanted)


def test_every_reason_has_words_and_every_answer_its_fact() -> None:
    words: dict[Outcome, Container[str]] = {
        Outcome.ARRIVES: {""},
        Outcome.QUESTION: REASONS,
        Outcome.NOT_OFFERED: MATRIX.words,
    }
    assert not [cell.name for cell in CELLS if cell.reason not in words[cell.outcome]]
    assert not [cell.name for cell in CELLS if not cell.fact.endswith(".")]


def test_no_words_are_left_over() -> None:
    used = {cell.reason for cell in CELLS if cell.outcome is Outcome.NOT_OFFERED}
    assert used == set(MATRIX.words)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[tax.perfex_to_xero]\n"create create" = {answer = "arrives", fact = "."}', "twice"),
        ('[tax.xero_to_xero]\ncreate = {answer = "arrives", fact = "."}', "xero_to_xero"),
        ('[tax.perfex_to_xero]\nbuy = {answer = "arrives", fact = "."}', "buy"),
        ('[tax.perfex_to_xero]\npay = {answer = "perhaps", fact = "."}', "perhaps"),
    ],
)
def test_a_senseless_file_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        matrix(f"[not_offered]\n{text}")
