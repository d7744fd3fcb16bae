"""A kind stands in one place: its entity. Nothing else in the code has to know its name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import CHECKOUT, PACKAGE
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES

#: The kind that docs/adding-a-kind.md walks through.
SHOWN = Kind.PURCHASE_ORDER
PAGE = CHECKOUT / "docs" / "adding-a-kind.md"
#: Where a kind may be named: the word itself, its entity, what plays the other systems.
ITS_OWN = ("core/vocabulary.py", "entities/", "simulator/")


def _code() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text())


def _names(tree: ast.Module, kind: Kind) -> bool:
    """Whether the code names the kind: by its word, its member, or a module of it."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=attr) if attr == kind.name:
                return True
            case ast.Name(id=name) if name == kind.name:
                return True
            case ast.Constant(value=value) if value == kind.value:
                return True
            case ast.ImportFrom(module=str(module)) if kind.value in module.split("."):
                return True
    return False


def test_only_its_entity_and_the_registry_name_the_kind_that_the_page_shows() -> None:
    naming = {name for name, tree in _code() if _names(tree, SHOWN)}
    assert {name for name in naming if not name.startswith(ITS_OWN)} == set()
    entities = {name for name in naming if name.startswith("entities/")}
    own = f"entities/{SHOWN.value}/"
    assert {name for name in entities if not name.startswith(own)} == {"entities/__init__.py"}


def test_the_search_finds_kinds_that_the_engine_treats_apart() -> None:
    naming = {name for name, tree in _code() if _names(tree, Kind.PAYMENT)}
    assert "engine/payments.py" in naming


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(
        r"`((?:xero_bridge|tests|docs)/[\w/.]+?\.(?:py|md|toml)|CHANGELOG\.md)`", _text()
    )
    assert len(named) > 7
    assert [name for name in named if not (CHECKOUT / name).exists()] == []


def test_the_page_quotes_the_entity_as_it_is() -> None:
    """What stands in the page as code stands in the kind's own files, line by line."""
    source = "".join(path.read_text() for path in _own_files()).replace(" ", "")
    quoted = [
        line.strip()
        for block in re.findall(r"```python\n(.*?)```", _text(), re.DOTALL)
        for line in block.splitlines()
    ]
    missing = [line for line in quoted if line.replace(" ", "") not in source and "..." not in line]
    assert missing == []
    assert SHOWN in ENTITIES


def _own_files() -> list[Path]:
    return sorted((PACKAGE / "entities" / SHOWN.value).glob("*.py"))


def _text() -> str:
    return PAGE.read_text()
