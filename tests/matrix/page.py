"""The page `docs/what-arrives.md`, made from the matrix: `python -m tests.matrix.page`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.matrix.cells import VERSIONS, Cell, Matrix, Operation, Outcome, matrix
from tests.support.paths import CHECKOUT
from xero_bridge.core.vocabulary import Kind, Side

PAGE = CHECKOUT / "docs" / "what-arrives.md"

_HEAD = """\
# What arrives on the other side

Made from `tests/matrix/matrix.toml` by `python -m tests.matrix.page`; the same file drives the tests in
`tests/matrix/`, which take every step below on both systems.

- **arrives**: the other side shows it, after at most the consents that are always asked: a guard's consent
  (for example to the receipts that Perfex e-mails), or the answer *create* to a new record of Xero.
- **asked**: a person is asked, under the reason shown, and the other side stays as it is until they answer.
- **no**: nothing is done and nobody is asked.

A step is judged with the direction of its kind switched to the one that it speaks of, where the kind has it.
*Void* takes a record out of use and keeps it (void, cancel, archive, make inactive); *pay* of a credit note
applies it to an invoice. Where nothing else is said, a step is the same for the module versions 2.0.8,
3.0.3 and 3.1.0."""


def page(of: Matrix) -> str:
    """The whole page."""
    parts = [_HEAD, _counts(of.cells), *(_section(kind, of) for kind in Kind), _words(of)]
    return "\n\n".join(parts) + "\n"


def counts(cells: Iterable[Cell]) -> Counter[tuple[Outcome, str]]:
    """How many cells have each answer, by version."""
    return Counter((cell.outcome, cell.version) for cell in cells)


def _counts(cells: tuple[Cell, ...]) -> str:
    found = counts(cells)
    rows = [
        [str(outcome), *(str(found[outcome, version]) for version in VERSIONS)]
        for outcome in Outcome
    ]
    return _table(["cells", *VERSIONS], rows)


def _section(kind: Kind, of: Matrix) -> str:
    mine = [cell for cell in of.cells if cell.kind is kind]
    rows = [
        [
            str(operation),
            *(
                _answers([c for c in mine if (c.operation, c.side) == (operation, side)])
                for side in Side
            ),
        ]
        for operation in Operation
    ]
    title = f"## {str(kind).replace('_', ' ').capitalize()}"
    return f"{title}\n\n{_table(['step', 'in Perfex, to Xero', 'in Xero, to Perfex'], rows)}"


def _answers(cells: list[Cell]) -> str:
    """The answer of one step; with versions where they differ."""
    versions: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        versions.setdefault((_shown(cell), cell.fact), []).append(cell.version)
    if len(versions) == 1:
        ((shown, fact),) = versions
        return f"{shown}. {fact}"
    found = sorted(versions.items(), key=lambda pair: VERSIONS.index(pair[1][0]))
    return "<br>".join(f"{', '.join(of)}: {shown}. {fact}" for (shown, fact), of in found)


def _shown(cell: Cell) -> str:
    match cell.outcome:
        case Outcome.ARRIVES:
            return "**arrives**"
        case Outcome.QUESTION:
            return f"**asked** (`{cell.reason}`)"
        case Outcome.NOT_OFFERED:
            return f"**no** (`{cell.reason}`)"


def _words(of: Matrix) -> str:
    rows = [[f"`{reason}`", sentence] for reason, sentence in sorted(of.words.items())]
    return f"## Why nothing is done\n\n{_table(['reason', 'meaning'], rows)}"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "\n".join(_lines([head, ["---"] * len(head), *rows]))


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    PAGE.write_text(page(matrix()), encoding="utf-8")
