"""House rules that a reviewer should not have to look for."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import CHECKOUT
from tests.support.source import functions

LOCK_FILE = re.compile(r"\.lock$|-lock\.(json|yaml)$")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|--(?:extra-)?index-url"
)
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|Users|opt/pypi)(?:/|\b)")
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=|href=[\"']javascript:", re.IGNORECASE)
LEFT_OUT = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importorskip)|time\.sleep\(")
VARIABLE = re.compile(r"XERO_BRIDGE_[A-Z][A-Z_]*[A-Z]")
LINES_OF_A_FILE = 350
LINES_OF_A_FUNCTION = 40


def tracked(*patterns: str) -> list[Path]:
    """The files of the repository, of this commit or about to join it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    paths = (CHECKOUT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    """The text of a file; bytes that are no text are dropped."""
    return path.read_bytes().decode("utf-8", errors="ignore")


def breaches(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Where `pattern` stands in `files`."""
    return [
        f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]


def readme() -> str:
    return (CHECKOUT / "README.md").read_text()


def fenced_commands(text: str) -> list[str]:
    """The command lines of a page's code blocks, without prompts and comments."""
    blocks = re.findall(r"```(?:sh|bash|console)\n(.*?)```", text, re.DOTALL)
    lines = (
        line.removeprefix("$ ").partition("  #")[0].strip()
        for b in blocks
        for line in b.splitlines()
    )
    return [line for line in lines if line and not line.startswith("#")]


def test_no_lock_file_is_kept() -> None:
    assert [path.name for path in tracked() if LOCK_FILE.search(path.name)] == []


def test_no_registry_host_is_named() -> None:
    assert breaches(REGISTRY, tracked()) == []


def test_no_path_of_a_developers_machine_is_named() -> None:
    assert breaches(MACHINE_PATH, tracked()) == []


def test_no_template_has_an_inline_handler_that_the_browser_would_block() -> None:
    assert breaches(INLINE_HANDLER, tracked("*.html", "*.jinja", "*.j2")) == []


def test_no_test_is_skipped_expected_to_fail_or_waits_by_the_clock() -> None:
    assert breaches(LEFT_OUT, tracked("tests/*.py")) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (LOCK_FILE, "uv" + ".lock"),
        (REGISTRY, "https://pypi" + ".org/simple"),
        (MACHINE_PATH, "cd /ro" + "ot/bridge"),
        (INLINE_HANDLER, '<button class="a" onclick="go()">'),
        (LEFT_OUT, "@pytest.mark.sk" + "ip"),
        (LEFT_OUT, "time.sl" + "eep(1)"),
    ],
)
def test_a_breach_of_a_rule_is_found(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_the_readmes_first_two_commands_are_make_demo_and_make_test() -> None:
    assert [c for c in fenced_commands(readme()) if c.startswith("make")][:2] == [
        "make demo",
        "make test",
    ]


def test_every_make_command_of_the_pages_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    pages = tracked("*.md")
    named = {
        t for page in pages for t in re.findall(r"`?\bmake ([a-z-]+)", "\n".join(commands(page)))
    }
    assert named
    assert named <= targets


def commands(page: Path) -> list[str]:
    """The commands a page shows, in blocks and between backticks."""
    text = text_of(page)
    return fenced_commands(text) + re.findall(r"`(make [^`]+)`", text)


def shown_flask_commands() -> list[tuple[str, ...]]:
    """The words after `flask --app app` in the README's blocks, up to the first option or value."""
    lines = (line.partition("flask --app app ")[2] for line in fenced_commands(readme()))
    words = (re.findall(r"^[a-z][a-z -]*?(?=$|\s[^a-z]|\sacme)", line) for line in lines if line)
    return [tuple(found[0].split()) for found in words if found]


@pytest.mark.parametrize("words", shown_flask_commands(), ids=" ".join)
def test_every_flask_command_of_the_readme_explains_itself(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", *words, "--help"]
    result = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**os.environ, "XERO_BRIDGE_DATABASE_URL": f"sqlite:///{tmp_path / 'bridge.sqlite'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"Usage: python -m flask {' '.join(words)}")


def test_every_setting_that_the_code_names_is_in_the_readme() -> None:
    files = [*tracked("xero_bridge/*.py"), *tracked("app.py")]
    named = {name for path in files for name in VARIABLE.findall(text_of(path))}
    assert named <= set(VARIABLE.findall(readme()))


def test_every_setting_of_the_readme_is_known_to_the_code() -> None:
    code = "\n".join(text_of(path) for path in tracked("xero_bridge/*.py")).lower()
    names = set(VARIABLE.findall(readme()))
    unknown = {n for n in names if n.removeprefix("XERO_BRIDGE_").lower() not in code}
    assert {n for n in unknown if not n.startswith("XERO_BRIDGE_TEST_")} == set()


def test_every_page_links_to_files_that_exist() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in tracked("*.md")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text_of(page))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def pins(name: str) -> dict[str, str]:
    """Package and version of every pin in a requirements file."""
    found = re.findall(r"^([a-z0-9.-]+)==(\S+)", (CHECKOUT / name).read_text(), re.MULTILINE)
    return dict(found)


def direct(name: str) -> set[str]:
    """The packages a requirements source names itself."""
    lines = (CHECKOUT / name).read_text().splitlines()
    found = (re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line) for line in lines)
    return {match.group().lower() for match in found if match}


def test_every_pin_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (CHECKOUT / name).read_text()
        entries = re.split(r"\n(?=\S)", text.strip())
        assert [entry[:40] for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_is_tested_is_what_is_run() -> None:
    running, testing = pins("requirements.txt"), pins("requirements-dev.txt")
    assert running.items() <= testing.items()
    assert direct("requirements.in") <= running.keys()
    assert direct("requirements-dev.in") <= testing.keys()


def test_every_direct_dependency_has_a_sentence_that_says_why() -> None:
    page = (CHECKOUT / "docs" / "dependencies.md").read_text().lower()
    names = direct("requirements.in") | direct("requirements-dev.in")
    assert {name for name in names if f"| {name}" not in page} == set()


def python_files() -> list[Path]:
    return [path for path in tracked("*.py") if "migrations/versions" not in path.as_posix()]


def test_no_file_is_longer_than_a_reader_keeps_in_mind() -> None:
    lengths = {p.relative_to(CHECKOUT): len(text_of(p).splitlines()) for p in python_files()}
    assert {str(p): n for p, n in lengths.items() if n > LINES_OF_A_FILE} == {}


def test_no_function_has_to_be_scrolled() -> None:
    long = [
        f"{path.relative_to(CHECKOUT)}: {name} ({lines} lines)"
        for path in python_files()
        for name, lines in functions(ast.parse(text_of(path)))
        if lines > LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_the_ci_run_can_be_started() -> None:
    script = CHECKOUT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_the_changelog_tells_what_comes_next() -> None:
    assert "## [Unreleased]" in (CHECKOUT / "CHANGELOG.md").read_text()
