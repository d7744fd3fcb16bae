"""Who may import whom: the parts of the bridge that decide can run without the ones that act."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import CHECKOUT, PACKAGE
from tests.support.source import imports, modules, used_names

PURE = ("core", "entities", "engine")
HEAVY = {"flask", "flask_admin", "flask_sqlalchemy", "requests", "sqlalchemy", "werkzeug"}
# A plan must come out the same tomorrow, on another machine, for the same values.
IMPURE_MODULES = {"os", "random", "secrets", "socket", "subprocess", "time"}
IMPURE_NAMES = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "uuid.uuid1",
    "uuid.uuid4",
}


def impurities(code: str) -> set[str]:
    """The clocks, dice and environment that `code` looks at."""
    tree = ast.parse(code)
    mentioned = imports(tree, "") | used_names(tree)
    return {n for n in mentioned if n in IMPURE_NAMES or n.partition(".")[0] in IMPURE_MODULES}


def loaded_after_importing(*names: str) -> set[str]:
    """The modules a fresh interpreter has loaded after importing `names`."""
    code = (
        "import importlib, json, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout))


@pytest.mark.parametrize("layer", PURE)
def test_a_pure_layer_imports_without_web_database_or_network(layer: str) -> None:
    found = modules(PACKAGE / layer)
    assert found, f"xero_bridge/{layer} holds no module"
    assert loaded_after_importing(*found).isdisjoint(HEAVY)


@pytest.mark.parametrize("layer", PURE)
def test_a_pure_layer_reads_no_clock_dice_or_environment(layer: str) -> None:
    found = {name: impurities(path.read_text()) for name, path in modules(PACKAGE / layer).items()}
    assert {name: impure for name, impure in found.items() if impure} == {}


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nnow = datetime.now()",
        "import datetime as dt\nnow = dt.datetime.now(dt.UTC)",
        "from datetime import date\ndefault_factory = date.today",
        "import time",
        "from os import environ",
        "import os\nhome = os.environ",
        "from uuid import uuid4\nmark = uuid4()",
        "def late():\n    import random",
    ],
)
def test_a_look_at_the_clock_the_dice_or_the_environment_is_found(code: str) -> None:
    assert impurities(code)


def test_a_clock_that_is_handed_in_is_allowed() -> None:
    assert not impurities("def run(clock):\n    return clock.now()")


def foreign_imports(path: Path, module: str) -> set[str]:
    """What a module below the simulator, or the oracle, takes from the bridge."""
    found = imports(ast.parse(path.read_text()), module, is_package=path.stem == "__init__")
    own = module.split(".")[:2]
    return {name for name in found if name.startswith("xero_bridge") and name.split(".")[:2] != own}


def test_the_simulator_imports_nothing_of_ours() -> None:
    found = modules(PACKAGE / "simulator")
    assert found, "xero_bridge/simulator holds no module"
    taken = {name: foreign_imports(path, name) for name, path in found.items()}
    assert {name: names for name, names in taken.items() if names} == {}


def test_the_oracle_of_the_tests_imports_neither_bridge_nor_simulator() -> None:
    found = modules(CHECKOUT / "tests" / "oracle")
    assert found, "tests/oracle holds no module"
    taken = {name: foreign_imports(path, name) for name, path in found.items()}
    assert {name: names for name, names in taken.items() if names} == {}


@pytest.mark.parametrize("line", ["from ..core import money", "import xero_bridge.core.money"])
def test_an_import_out_of_the_simulator_is_found(line: str, tmp_path: Path) -> None:
    path = tmp_path / "pages.py"
    path.write_text(line)
    assert foreign_imports(path, "xero_bridge.simulator.pages")


def test_importing_the_package_loads_nothing_else() -> None:
    loaded = loaded_after_importing("xero_bridge")
    assert {name for name in loaded if name.startswith("xero_bridge.")} == set()
    assert loaded.isdisjoint(HEAVY)
