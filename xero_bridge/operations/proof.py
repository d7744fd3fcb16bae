"""Proof for people: both books compared to the cent from what was last read, without any call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import msgspec

from xero_bridge.core.proof import Balance, Finding, Place, Sums, Verdict, gathered
from xero_bridge.core.reasons import advice, headline
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.placing import PARTIES, XERO_PARTY
from xero_bridge.engine.stored import stored
from xero_bridge.operations.addresses import Addresses, addresses
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.proved import proof_of
from xero_bridge.operations.rows import store_of
from xero_bridge.operations.services import Services
from xero_bridge.store.repository import SqlStore


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Documents of a kind, month and currency (and of one customer, where that was asked for)."""

    kind: Kind
    #: First day of the month; None for records without a date.
    month: date | None
    currency: str
    #: Perfex id of the customer, and its name; empty for all of them together.
    party: str
    customer: str
    perfex: Sums
    xero: Sums
    declared: Sums
    explained: Sums
    unexplained: Sums
    #: Differences of documents that nothing explains.
    open: int

    @property
    def agrees(self) -> bool:
        """Whether nothing is left unexplained."""
        return self.unexplained.is_zero and not self.open


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One difference of one document, in words."""

    kind: Kind
    month: date | None
    currency: str
    party: str
    customer: str
    label: str
    dated: date | None
    perfex_id: str
    xero_id: str
    part: str
    words: str
    perfex: str
    xero: str
    gap: Decimal | None
    verdict: Verdict
    #: What explains it, and what to do.
    why: str
    advice: str
    #: Its pages in both systems, where they have one.
    perfex_url: str
    xero_url: str

    @property
    def key(self) -> Key:
        """By which record the bridge shows it."""
        side = Side.PERFEX if self.perfex_id else Side.XERO
        return Key(self.kind, side, self.perfex_id or self.xero_id)


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Records of one side that a rule keeps there: they take no part in the comparison."""

    kind: Kind
    side: Side
    why: str
    count: int
    #: Currency -> sum.
    money: dict[str, Decimal]


class ProofView(msgspec.Struct, frozen=True, kw_only=True):
    """Both books compared."""

    connection: str
    made_at: datetime
    proved: bool
    sentence: str
    lines: tuple[Line, ...]
    differences: tuple[Told, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def unexplained(self) -> tuple[Told, ...]:
        """The differences that nothing explains."""
        return tuple(told for told in self.differences if told.verdict is Verdict.UNEXPLAINED)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the books is compared; nothing named means everything."""

    kinds: frozenset[Kind] = frozenset()
    month: date | None = None
    currency: str = ""
    #: One line per customer.
    by_party: bool = False
    party: str = ""

    def has(self, place: Place) -> bool:
        """Whether a document of this place is looked at."""
        return (
            (not self.kinds or place.kind in self.kinds)
            and (self.month is None or place.month == self.month)
            and (not self.currency or place.currency == self.currency)
            and (not self.party or place.party == self.party)
        )


EVERYTHING = Wanted()


def prove(services: Services, name: str, wanted: Wanted = EVERYTHING) -> ProofView:
    """Compare the stored copies of both sides; calls neither. Raises `NotAccepted`."""
    store = store_of(services, name)
    proof = proof_of(services, store)
    if proof is None:
        raise NotAccepted(f"Nothing of {name} was read yet: run `sync` first.")
    findings = [finding for finding in proof.findings if wanted.has(finding.place)]
    balances = [balance for balance in proof.balances if wanted.has(balance.place)]
    labels = _Labels(store)
    lines = _lines(labels, balances, findings, by_party=wanted.by_party)
    differences = _told(labels, addresses(services, store), findings)
    return ProofView(
        connection=name,
        made_at=services.clock.now(),
        proved=all(line.agrees for line in lines) and not any(f.is_open for f in findings),
        sentence=_sentence(lines, findings),
        lines=lines,
        differences=differences,
        left_out=_left_out(findings),
    )


def was_read(services: Services, name: str) -> bool:
    """Whether there is anything to compare."""
    return stored(store_of(services, name)) is not None


def wanted_month(text: str) -> date | None:
    """The first day of `2026-11`; None for no text. Raises `NotAccepted`."""
    if not text:
        return None
    try:
        return datetime.strptime(f"{text}-01 +0000", "%Y-%m-%d %z").date()
    except ValueError:
        raise NotAccepted(f"{text!r} is no month: write it as 2026-11.", field="month") from None


# --- parts ---------------------------------------------------------------------------------------


class _Labels:
    """Names of customers and vendors, looked up once."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    def of(self, party: str) -> str:
        """The name of a party; its id where the name is not known."""
        if party and party not in self._known:
            self._known[party] = self._look_up(party)
        return self._known.get(party, "")

    def _look_up(self, party: str) -> str:
        side = Side.XERO if party.startswith(XERO_PARTY) else Side.PERFEX
        id_ = party.removeprefix(XERO_PARTY)
        for kind in PARTIES:
            found = self._store.mirrors(kind, side, [id_]).get(id_)
            if found is not None:
                return found.record.label or id_
        return id_


def _lines(
    labels: _Labels, balances: Iterable[Balance], findings: Sequence[Finding], *, by_party: bool
) -> tuple[Line, ...]:
    open_at: dict[Place, int] = {}
    for finding in findings:
        place = _place(finding.place, by_party=by_party)
        open_at[place] = open_at.get(place, 0) + finding.is_open
    found = gathered(balances, by_party=by_party)
    known = {balance.place for balance in found}
    # A mark alone may be wrong where nothing is counted.
    found += [Balance(place=place) for place, n in open_at.items() if n and place not in known]
    lines = [_line(labels, balance, open_at.get(balance.place, 0)) for balance in found]
    if by_party:
        lines.sort(key=lambda line: line.customer.casefold())
    return tuple(lines)


def _place(place: Place, *, by_party: bool) -> Place:
    return place if by_party else msgspec.structs.replace(place, party="")


def _line(labels: _Labels, balance: Balance, open_: int) -> Line:
    place = balance.place
    return Line(
        kind=place.kind,
        month=place.month,
        currency=place.currency,
        party=place.party,
        customer=labels.of(place.party),
        perfex=balance.perfex,
        xero=balance.xero,
        declared=balance.declared,
        explained=balance.explained,
        unexplained=balance.unexplained,
        open=open_,
    )


#: The order in which differences are shown: what a person has to look at first.
_ORDER = (
    *(Verdict.UNEXPLAINED, Verdict.QUESTION, Verdict.WAITING),
    *(Verdict.EXPLAINED, Verdict.EXCLUDED, Verdict.DECLARED),
)


def _told(labels: _Labels, pages: Addresses, findings: Iterable[Finding]) -> tuple[Told, ...]:
    """All differences but those of records that a rule keeps on their side."""
    shown = [finding for finding in findings if not _is_left_out(finding)]
    shown.sort(key=lambda f: (_ORDER.index(f.verdict), -abs(f.gap or Decimal()), f.label))
    return tuple(_one(labels, pages, finding) for finding in shown)


def _one(labels: _Labels, pages: Addresses, finding: Finding) -> Told:
    kind = finding.place.kind
    return Told(
        kind=kind,
        month=finding.place.month,
        currency=finding.place.currency,
        party=finding.place.party,
        customer=labels.of(finding.place.party),
        label=finding.label,
        dated=finding.dated,
        perfex_id=finding.perfex_id,
        xero_id=finding.xero_id,
        part=finding.part,
        words=finding.words,
        perfex=finding.perfex,
        xero=finding.xero,
        gap=finding.gap,
        verdict=finding.verdict,
        why=headline(finding.reason, _details(finding)) if finding.reason else "",
        advice=advice(finding.reason, _details(finding)) if finding.reason else "",
        perfex_url=pages.of(Key(kind, Side.PERFEX, finding.perfex_id)),
        xero_url=pages.of(Key(kind, Side.XERO, finding.xero_id)),
    )


def _details(finding: Finding) -> Mapping[str, str]:
    what = f"{finding.words}: {finding.perfex} in Perfex, {finding.xero} in Xero"
    return {"what": what.replace("\n", ", "), **finding.details}


def _is_left_out(finding: Finding) -> bool:
    return finding.verdict is Verdict.EXCLUDED and finding.part.startswith("only_in_")


def _left_out(findings: Iterable[Finding]) -> tuple[LeftOut, ...]:
    groups: dict[tuple[Kind, Side, str], tuple[int, dict[str, Decimal]]] = {}
    for finding in filter(_is_left_out, findings):
        why = headline(finding.reason, finding.details)
        group = (finding.place.kind, finding.side, why)
        count, money = groups.get(group, (0, {}))
        if finding.gap is not None:
            currency = finding.place.currency
            money[currency] = money.get(currency, Decimal()) + abs(finding.gap)
        groups[group] = (count + 1, money)
    return tuple(
        LeftOut(kind=kind, side=side, why=why, count=count, money=money)
        for (kind, side, why), (count, money) in sorted(groups.items(), key=lambda g: -g[1][0])
    )


def _sentence(lines: Sequence[Line], findings: Sequence[Finding]) -> str:
    open_ = [finding for finding in findings if finding.is_open]
    waiting = sum(1 for f in findings if f.verdict in (Verdict.QUESTION, Verdict.WAITING))
    if open_:
        documents = len({(f.place.kind, f.perfex_id, f.xero_id) for f in open_})
        words = "1 document differs" if documents == 1 else f"{documents:,} documents differ"
        return f"{words} and nothing explains it."
    if not all(line.agrees for line in lines):
        return "The sums differ and nothing explains it."
    if not lines:
        return "There is nothing to compare yet."
    if waiting:
        words = "1 difference waits" if waiting == 1 else f"{waiting:,} differences wait"
        return f"Every difference is known; {words} for a run or for you."
    return "Both books agree to the cent."
