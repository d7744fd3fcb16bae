"""Every reason code that the code names has words, and every word belongs to a code in use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.support.paths import PACKAGE
from xero_bridge.core.reasons import REASONS, TABLES, advice, headline, sentence
from xero_bridge.entities import ENTITIES

#: Calls whose string arguments are reason codes, and the place of the code among them.
_PLACES = {
    "Held": 0,
    "Refused": 0,
    "Fatal": 0,
    "NotConnected": 0,
    "Retriable": 0,
    "BudgetSpent": 0,
    "make_question": 1,
    "wait": 1,
    "leave_out": 1,
    "_stop": 0,
}


def _named() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "simulator" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield from _code(node)


def _code(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = _PLACES.get(name)
    if place is not None and len(call.args) > place:
        argument = call.args[place]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


CODES = sorted(set(_named()))


def test_the_search_finds_the_codes() -> None:
    assert len(CODES) > 30


def test_a_kind_says_nothing_that_is_said_elsewhere() -> None:
    own = [code for entity in ENTITIES.values() for code in entity.says]
    assert len(own) == len(set(own))
    assert not {code for table in TABLES for code in table} & set(own)


@pytest.mark.parametrize("code", CODES)
def test_a_reason_code_has_words(code: str) -> None:
    assert code in REASONS


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_sentence_ends_like_one_and_never_shows_a_placeholder(code: str) -> None:
    shown = sentence(code, {"label": "INV-000001"})
    assert shown.rstrip()[-1] in ".!…)", shown
    assert "{" not in shown
    assert headline(code)
    assert isinstance(advice(code), str)
