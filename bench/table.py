"""Figures as a plain table: what was measured, how much it is, what was wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    """One line of the table."""

    what: str
    value: str
    wanted: str = ""


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table under its title."""
    what = max(len(figure.what) for figure in figures)
    value = max(len(figure.value) for figure in figures)
    print(f"\n{title}")
    for figure in figures:
        line = f"  {figure.what:<{what}}  {figure.value:>{value}}  {figure.wanted}"
        print(line.rstrip(), flush=True)
