"""`python -m bench [calls] [decode] [names] [quiet]`: measure and print; all without arguments."""

from __future__ import annotations

import sys

from bench.decode import measure as measure_decoding
from bench.names import measure as measure_names
from bench.runs import measure_calls, measure_quiet_run
from bench.table import show

MEASURES = {
    "calls": ("100 new customers, invoices and payments", measure_calls),
    "decode": ("A page of 1,000 invoices of 5 lines", measure_decoding),
    "names": ("Customers looked for by their names", measure_names),
    "quiet": ("4,000 customers, 8,000 invoices and 8,000 payments", measure_quiet_run),
}


def main(names: list[str]) -> None:
    """Carry out the measurements of these names, or all."""
    if unknown := sorted(set(names) - set(MEASURES)):
        sys.exit(f"There is no measurement {', '.join(unknown)}; there are {', '.join(MEASURES)}.")
    for name in names or MEASURES:
        title, measure = MEASURES[name]
        show(title, measure())


if __name__ == "__main__":
    main(sys.argv[1:])
