"""Likeness of names: a first sync looks for each of 5,000 customers among 5,000 contacts."""

from __future__ import annotations

import time
from random import Random

from bench.table import Figure
from xero_bridge.engine.resemblance import Resemblance

MANY = 5_000
#: Of a hundred names, so many are spelled otherwise on the other side.
ODD = 10


def measure() -> list[Figure]:
    """Seconds for all look-ups, and how many of the misspelt names were found."""
    dice = Random(5)
    words = [
        "".join(dice.choices("abcdefghijklmnoprstuvwy", k=dice.randint(5, 10))) for _ in range(1500)
    ]
    ours = [" ".join(dice.sample(words, dice.randint(2, 3))) for _ in range(MANY)]
    theirs = [_misspelt(name) if n % 100 < ODD else name for n, name in enumerate(ours)]
    began = time.process_time()
    names = Resemblance(dict(enumerate(theirs)))
    found = [{alike.id for alike in names.like(name)} for name in ours]
    took = time.process_time() - began
    missed = sum(n not in ids for n, ids in enumerate(found))
    return [
        Figure(
            "every one of 5,000 names looked for among 5,000", f"{took:.1f} s", "(of CPU; seconds)"
        ),
        Figure("  a look-up", f"{took / MANY * 1000:.2f} ms"),
        Figure("  misspelt names not found", str(missed), "(none)"),
    ]


def _misspelt(name: str) -> str:
    """One letter mistyped."""
    at = len(name) // 2
    return f"{name[:at]}{'x' if name[at] != 'x' else 'z'}{name[at + 1 :]}"
