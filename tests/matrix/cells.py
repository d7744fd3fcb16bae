"""The cells of the matrix, read from `matrix.toml`: what arrives, what is asked, what is not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from xero_bridge.core.vocabulary import Kind, Side

FILE = Path(__file__).with_name("matrix.toml")
VERSIONS = ("2.0.8", "3.0.3", "3.1.0")
#: The sections that are no kind.
_WORDS = "not_offered"


class Operation(StrEnum):
    """What a person does to a record on the side where it starts."""

    CREATE = "create"
    CHANGE = "change"
    VOID = "void"
    DELETE = "delete"
    PAY = "pay"
    UNPAY = "unpay"


class Outcome(StrEnum):
    """What becomes of it on the other side."""

    ARRIVES = "arrives"
    QUESTION = "question"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One step of one kind in one direction under one version, and what becomes of it."""

    kind: Kind
    #: The side on which the step is done.
    side: Side
    operation: Operation
    version: str
    outcome: Outcome
    #: Why it is asked, or not offered; empty where it arrives.
    reason: str
    #: The fact that the answer rests on.
    fact: str

    @property
    def direction(self) -> str:
        """The name of the way, as settings write it."""
        return f"{self.side}_to_{self.side.other}"

    @property
    def answer(self) -> str:
        """The outcome as the file writes it."""
        return f"{self.outcome}({self.reason})" if self.reason else str(self.outcome)

    @property
    def name(self) -> str:
        """What tests call it."""
        return f"{self.kind}-{self.direction}-{self.operation}-{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All cells, and the words of what is not offered."""

    cells: tuple[Cell, ...]
    #: Reason of what is not offered -> its sentence.
    words: Mapping[str, str]


def matrix(text: str | None = None) -> Matrix:
    """The matrix, in the order of the file; raises ValueError naming the key that makes no sense."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8") if text is None else text)
    words = data.pop(_WORDS)
    cells = [
        cell
        for kind, ways in data.items()
        for way, answers in ways.items()
        for key, answer in answers.items()
        for cell in _cells(Kind(kind), way, key, answer)
    ]
    _refuse_doubles(cells)
    return Matrix(cells=tuple(cells), words=words)


def _cells(kind: Kind, way: str, key: str, answer: Mapping[str, str]) -> Iterator[Cell]:
    side = Side(way.partition("_to_")[0])
    if way != f"{side}_to_{side.other}":
        raise ValueError(f"{kind}: {way} is no direction.")
    names = key.split()
    versions = [name for name in names if name in VERSIONS] or list(VERSIONS)
    outcome, _, reason = answer["answer"].partition("(")
    for name in names:
        if name in VERSIONS:
            continue
        for version in versions:
            yield Cell(
                kind=kind,
                side=side,
                operation=Operation(name),
                version=version,
                outcome=Outcome(outcome),
                reason=reason.removesuffix(")"),
                fact=answer["fact"],
            )


def _refuse_doubles(cells: list[Cell]) -> None:
    seen: set[str] = set()
    for cell in cells:
        if cell.name in seen:
            raise ValueError(f"{cell.name} is there twice.")
        seen.add(cell.name)
