"""Each kind has a page that says what goes where, and names every reason of its cells."""

from __future__ import annotations

import re

import pytest

from tests.matrix.cells import matrix
from tests.support.paths import CHECKOUT
from xero_bridge.core.reasons import REASONS
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES

PAGES = CHECKOUT / "docs" / "kinds"
_CODE = re.compile(r"`([a-z_]+)`")
_LINK = re.compile(r"\]\(([a-z_]+\.md)\)")


def _text(kind: Kind) -> str:
    return (PAGES / f"{kind}.md").read_text(encoding="utf-8")


def test_there_is_a_page_for_each_kind_and_no_other() -> None:
    # Kinds say words of their own, which are known once the entities are.
    assert {page.stem for page in PAGES.glob("*.md")} == set(Kind) == set(ENTITIES)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_page_names_all_reasons_of_its_cells(kind: Kind) -> None:
    reasons = {cell.reason for cell in matrix().cells if cell.kind is kind and cell.reason}
    assert reasons <= set(_CODE.findall(_text(kind)))


@pytest.mark.parametrize("kind", list(Kind))
def test_what_a_page_says_that_people_are_asked_is_a_reason_with_words(kind: Kind) -> None:
    table = _text(kind).partition("| reason |")[2].splitlines()[2:]
    rows = [row for row in table if row.startswith("|")]
    named = [code for row in rows for code in _CODE.findall(row.split("|")[1])]
    assert named
    assert set(named) <= set(REASONS)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_page_is_short_and_its_links_lead_somewhere(kind: Kind) -> None:
    text = _text(kind)
    assert 25 <= len(text.splitlines()) <= 60
    assert set(_LINK.findall(text)) <= {page.name for page in PAGES.glob("*.md")}
