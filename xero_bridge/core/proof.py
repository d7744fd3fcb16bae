"""Proof: what both sides' books add up to, what differs, and whether somebody knows why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Kind, RecordState, Side

#: Reason code of the question about a difference that nothing explains.
UNPROVED = "unproved"


class Verdict(StrEnum):
    """Whether a difference is known, and how."""

    #: It stands on the link: a cent of tax, or what a person accepted.
    DECLARED = "declared"
    #: It follows from something that is shown beside it.
    EXPLAINED = "explained"
    #: A question about it is open.
    QUESTION = "question"
    #: A run carries it over.
    WAITING = "waiting"
    #: A rule keeps the record where it is.
    EXCLUDED = "excluded"
    UNEXPLAINED = "unexplained"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a record stood at the last plan, and whether the next one looks at it again."""

    state: RecordState = RecordState.NEW
    reason: str = ""
    details: dict[str, str] = {}
    dirty: bool = False


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Documents of one currency added up."""

    count: int = 0
    total: Decimal = Decimal()
    tax: Decimal = Decimal()
    due: Decimal = Decimal()

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            count=self.count + other.count,
            total=self.total + other.total,
            tax=self.tax + other.tax,
            due=self.due + other.due,
        )

    def __sub__(self, other: Sums) -> Sums:
        return Sums(
            count=self.count - other.count,
            total=self.total - other.total,
            tax=self.tax - other.tax,
            due=self.due - other.due,
        )

    @property
    def is_zero(self) -> bool:
        """Whether there is nothing at all in it."""
        return not (self.count or self.total or self.tax or self.due)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document is counted."""

    kind: Kind
    #: First day of its month; None for records without a date.
    month: date | None = None
    currency: str = ""
    #: Perfex id of the customer or vendor; `xero:` and the Xero id where it has none.
    party: str = ""


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """The documents of one place, as both sides have them."""

    place: Place
    perfex: Sums = Sums()
    xero: Sums = Sums()
    #: Differences (Perfex less Xero) that are declared.
    declared: Sums = Sums()
    #: Differences that a question, a run under way or another record explains.
    explained: Sums = Sums()

    @property
    def unexplained(self) -> Sums:
        """What is left of the difference."""
        return self.perfex - self.xero - self.declared - self.explained

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            place=self.place,
            perfex=self.perfex + other.perfex,
            xero=self.xero + other.xero,
            declared=self.declared + other.declared,
            explained=self.explained + other.explained,
        )


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One difference of one document: which side says what, and whether somebody knows why."""

    place: Place
    perfex_id: str = ""
    xero_id: str = ""
    label: str = ""
    dated: date | None = None
    #: `total`, `tax`, `amount_due`, `status`, `date`, `currency`, the name of a facet,
    #: `only_in_perfex`, `only_in_xero`, `mark_twice` or `mark_unlinked`.
    part: str
    #: The same for a person.
    words: str
    perfex: str = ""
    xero: str = ""
    #: Perfex less Xero, where the difference is money.
    gap: Decimal | None = None
    verdict: Verdict = Verdict.UNEXPLAINED
    #: Reason code of the explanation, with the values of its sentence.
    reason: str = ""
    details: dict[str, str] = {}

    @property
    def is_open(self) -> bool:
        """Whether nothing explains it."""
        return self.verdict is Verdict.UNEXPLAINED

    @property
    def side(self) -> Side:
        """The side by which its record is found: Perfex where it has it."""
        return Side.PERFEX if self.perfex_id else Side.XERO


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was compared, by place, and all that differs."""

    balances: tuple[Balance, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def unexplained(self) -> tuple[Finding, ...]:
        """The differences that nothing explains."""
        return tuple(finding for finding in self.findings if finding.is_open)

    @property
    def proved(self) -> bool:
        """Whether every difference is known."""
        return not self.unexplained


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A document's money as its side shows it; None where that side does not tell."""

    total: Decimal | None = None
    tax: Decimal | None = None
    due: Decimal | None = None
    paid: Decimal | None = None
    credited: Decimal | None = None

    def sums(self) -> Sums:
        """The document alone, added up."""
        zero = Decimal()
        return Sums(count=1, total=self.total or zero, tax=self.tax or zero, due=self.due or zero)


def figures(record: Record) -> Figures:
    """The money of a record, by the names that all kinds use for it."""
    money = record.money
    return Figures(
        total=money.amount if money else None,
        tax=_amount(record, "total_tax"),
        due=_amount(record, "amount_due"),
        paid=_amount(record, "paid"),
        credited=_amount(record, "credited"),
    )


def _amount(record: Record, name: str) -> Decimal | None:
    value = getattr(record, name, None)
    return value if isinstance(value, Decimal) else None


def is_closed(mirror: Mirror) -> bool:
    """Whether the side no longer counts the record."""
    return mirror.gone or mirror.record.closed


def is_apart(perfex: Mirror, xero: Mirror) -> bool:
    """Whether two linked records differ in money, currency, date or in being counted at all.

    What only one side tells is no difference.
    """
    if is_closed(perfex) or is_closed(xero):
        return is_closed(perfex) is not is_closed(xero)
    pairs = zip(_told(perfex.record), _told(xero.record), strict=True)
    return any(ours != theirs for ours, theirs in pairs if None not in (ours, theirs))


def _told(record: Record) -> tuple[object, ...]:
    money, shown = record.money, figures(record)
    currency = money.currency if money else ""
    return (shown.total, shown.tax, shown.due, currency or None, record.dated)


def month_of(day: date | None) -> date | None:
    """The first day of a date's month."""
    return day.replace(day=1) if day else None


def gathered(balances: Iterable[Balance], *, by_party: bool = False) -> list[Balance]:
    """Balances by kind, month and currency (and party), in that order."""
    found: dict[Place, Balance] = {}
    for balance in balances:
        place = balance.place
        if not by_party:
            place = msgspec.structs.replace(place, party="")
        known = found.get(place, Balance(place=place))
        found[place] = known + balance
    return sorted(found.values(), key=_order)


def _order(balance: Balance) -> tuple[int, date, str, str]:
    place = balance.place
    return (
        list(Kind).index(place.kind),
        place.month or date.min,
        place.currency,
        place.party,
    )
