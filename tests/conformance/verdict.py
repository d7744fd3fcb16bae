"""What the check of an exchange found, and the sums that are shown at the end of the run."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto

CHECKED = "checked"
UNLISTED = "unlisted"
REFUSED = "refused"
SPOILT = "spoilt"
LENIENT = "lenient"
VIOLATION = "violation"


class Freedom(Enum):
    """How far a test may break a description in what it asks; answers are never free."""

    NONE = auto()
    REFUSED = auto()  # What it asks may be wrong, if it is refused.
    TAKEN = auto()  # It may be wrong and taken: real systems are more lenient than described.


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was counted, as (what, which), and what contradicts the description."""

    counted: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(counted=self.counted + other.counted, faults=self.faults + other.faults)


def checked(what: str, faults: list[str]) -> Verdict:
    """A request or an answer was held against its description."""
    return Verdict(counted=((CHECKED, what),), faults=tuple(f"{what}: {fault}" for fault in faults))


def noted(what: str, which: str) -> Verdict:
    """Something is no matter for the description; `which` says what and why."""
    return Verdict(counted=((what, which),))


class Tally:
    """Sums of verdicts; they travel between processes as plain values."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()

    def add(self, side: str, verdict: Verdict) -> None:
        self.sums.update(f"{side}|{what}|{which}" for what, which in verdict.counted)
        self.sums[f"{side}|{VIOLATION}|"] += len(verdict.faults)

    def merge(self, sums: dict[str, int]) -> None:
        """Add the sums of another process."""
        self.sums.update(sums)

    def lines(self) -> list[str]:
        """What the end of a test run says about each side."""
        return [line for side in ("xero", "perfex") for line in self._side(side)]

    def _side(self, side: str) -> list[str]:
        requests, answers = (
            self.sums[f"{side}|{CHECKED}|{what}"] for what in ("request", "answer")
        )
        violations = self.sums[f"{side}|{VIOLATION}|"]
        first = f"{side.title()}: {requests} requests and {answers} answers checked"
        lines = [f"{first}, {violations} violations, 0 skipped."]
        for what, title in (
            (UNLISTED, "not in the description"),
            (REFUSED, "wrong on purpose and refused"),
            (LENIENT, "wrong on purpose and taken"),
            (SPOILT, "answers spoilt on purpose"),
        ):
            lines += [f"  {title}: {count} x {which}" for which, count in self._of(side, what)]
        return lines

    def _of(self, side: str, what: str) -> list[tuple[str, int]]:
        start = f"{side}|{what}|"
        return sorted(
            (k.removeprefix(start), n) for k, n in self.sums.items() if k.startswith(start)
        )
