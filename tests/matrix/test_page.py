"""The page about what arrives is the matrix, neither more nor less."""

from __future__ import annotations

from tests.matrix.cells import VERSIONS, Outcome, matrix
from tests.matrix.page import PAGE, counts, page


def test_the_page_is_made_from_the_matrix() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(matrix()), "run `python -m tests.matrix.page`"


def test_every_version_has_as_many_cells() -> None:
    found = counts(matrix().cells)
    assert {sum(found[outcome, version] for outcome in Outcome) for version in VERSIONS} == {156}
