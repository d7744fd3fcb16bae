"""Where documents are counted: sums of both sides by kind, month, currency and customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from xero_bridge.core.ports import Store
from xero_bridge.core.proof import (
    Balance,
    Figures,
    Finding,
    Place,
    Sums,
    Verdict,
    figures,
    is_closed,
    month_of,
)
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.judging import Case

#: Kinds by which documents are grouped.
PARTIES = (Kind.CUSTOMER, Kind.VENDOR)
#: Parts that are added up, by the name of their sum.
_SUMMED = {"total": "total", "tax": "tax", "amount_due": "due"}
_NOTHING = Sums()
#: Opens the id of a party that Perfex does not have.
XERO_PARTY = "xero:"


@dataclass(kw_only=True)
class Ledger:
    """The sums of both sides, document by document."""

    store: Store
    balances: dict[Place, Balance] = field(default_factory=dict)
    #: Party and currency of documents that others belong to (the invoice of a payment).
    homes: dict[Key, tuple[str, str]] = field(default_factory=dict)

    def add(self, case: Case, findings: Sequence[Finding]) -> None:
        """Count the records of a case, and what explains their difference."""
        if case.link is None:
            self._add_alone(case, findings)
        elif case.perfex and case.xero:
            self._add_pair(case, case.perfex, case.xero, findings)

    def _add_alone(self, case: Case, findings: Sequence[Finding]) -> None:
        """A record that a rule keeps on its side takes no part in the comparison."""
        (mirror,), verdict = case.mirrors, findings[0].verdict
        place = self.place(case, mirror)
        if verdict is Verdict.EXCLUDED:
            return
        own = figures(mirror.record).sums()
        side = mirror.key.side
        self._put(place, side, own)
        self._explain(place, verdict, own if side is Side.PERFEX else _NOTHING - own)

    def _add_pair(
        self, case: Case, perfex: Mirror, xero: Mirror, findings: Sequence[Finding]
    ) -> None:
        places = [self.place(case, mirror) for mirror in (perfex, xero)]
        ours, theirs = _sums(perfex, xero)
        self._put(places[0], Side.PERFEX, ours)
        self._put(places[1], Side.XERO, theirs)
        if places[0] != places[1]:
            verdict = _moved(findings)
            self._explain(places[0], verdict, ours)
            self._explain(places[1], verdict, _NOTHING - theirs)
            return
        for finding in findings:
            self._explain(places[0], finding.verdict, _gap(finding, ours - theirs))

    def _put(self, place: Place, side: Side, sums: Sums) -> None:
        extra = (
            Balance(place=place, perfex=sums)
            if side is Side.PERFEX
            else Balance(place=place, xero=sums)
        )
        self._add(extra)

    def _explain(self, place: Place, verdict: Verdict, gap: Sums) -> None:
        if verdict is Verdict.UNEXPLAINED or gap.is_zero:
            return
        if verdict is Verdict.DECLARED:
            self._add(Balance(place=place, declared=gap))
        else:
            self._add(Balance(place=place, explained=gap))

    def _add(self, extra: Balance) -> None:
        known = self.balances.get(extra.place)
        self.balances[extra.place] = known + extra if known else extra

    # --- places ------------------------------------------------------------------------------

    def place(self, case: Case, mirror: Mirror) -> Place:
        """Where a record is counted: in its own month and currency, with its customer."""
        party, currency = self._home(case, mirror)
        record, money = mirror.record, mirror.record.money
        if money is None:
            return Place(kind=case.entity.kind)
        return Place(
            kind=case.entity.kind,
            month=month_of(record.dated),
            currency=money.currency or currency,
            party=party,
        )

    def _home(self, case: Case, mirror: Mirror) -> tuple[str, str]:
        key, fellow = mirror.key, case.perfex
        if key in self.homes:
            return self.homes[key]
        party, currency = self._of_parents(case, mirror)
        if fellow is not None and fellow.key != key and not self._changed_hands(case):
            # Several customers may share one contact: a pair belongs to its Perfex customer.
            party = self._home(case, fellow)[0]
        if case.xero is not None and not currency:
            other = case.xero.record.money
            currency = other.currency if other else ""
        if mirror.record.money is not None:
            self.homes[key] = (party, mirror.record.money.currency or currency)
        return party, currency

    def _changed_hands(self, case: Case) -> bool:
        return any(case.has(part) for part in case.entity.parents)

    def _of_parents(self, case: Case, mirror: Mirror) -> tuple[str, str]:
        side = mirror.key.side
        for name, kind in case.entity.parents.items():
            id_ = getattr(mirror.record, name, "")
            if kind in PARTIES and id_:
                return self._party(kind, side, id_), ""
            if id_:
                return self.homes.get(Key(kind, side, id_), ("", ""))
        return "", ""

    def _party(self, kind: Kind, side: Side, id_: str) -> str:
        if side is Side.PERFEX:
            return id_
        key = Key(kind, side, id_)
        if key not in self.homes:
            link = self.store.links(kind, side, [id_]).get(id_)
            self.homes[key] = (link.perfex_id if link else f"{XERO_PARTY}{id_}", "")
        return self.homes[key][0]


def _sums(perfex: Mirror, xero: Mirror) -> tuple[Sums, Sums]:
    """What both records add; a figure that one side does not tell is taken from the other."""
    ours, theirs = figures(perfex.record), figures(xero.record)
    return (
        _NOTHING if is_closed(perfex) else _filled(ours, theirs).sums(),
        _NOTHING if is_closed(xero) else _filled(theirs, ours).sums(),
    )


def _filled(own: Figures, other: Figures) -> Figures:
    return Figures(
        total=own.total if own.total is not None else other.total,
        tax=own.tax if own.tax is not None else other.tax,
        due=own.due if own.due is not None else other.due,
    )


def _gap(finding: Finding, whole: Sums) -> Sums:
    """What a finding does to the sums; a record closed on one side is missing whole."""
    if finding.part == "status":
        return whole
    name = _SUMMED.get(finding.part)
    return Sums(**{name: finding.gap or Decimal()}) if name else _NOTHING  # type: ignore[arg-type]


def _moved(findings: Iterable[Finding]) -> Verdict:
    """The verdict on a record that both sides count at different places."""
    verdicts = [finding.verdict for finding in findings if finding.part not in _SUMMED]
    if not verdicts or Verdict.UNEXPLAINED in verdicts:
        return Verdict.UNEXPLAINED
    return Verdict.DECLARED if set(verdicts) == {Verdict.DECLARED} else Verdict.EXPLAINED
