"""A sheet of questions in the hands of a bookkeeper."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

Row = dict[str, str]


def rows_of(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet_of(rows: Sequence[Row], *, separator: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def changed(text: str, change: Callable[[Row], None]) -> bytes:
    """The sheet after somebody went through its rows."""
    rows = rows_of(text)
    for row in rows:
        change(row)
    return sheet_of(rows)
