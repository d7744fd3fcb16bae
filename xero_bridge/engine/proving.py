"""Prove: compare all records from the mirrors, and say of every difference why it is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from xero_bridge.core.differences import Difference, differences
from xero_bridge.core.entity import Entity
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.ports import Store
from xero_bridge.core.proof import Finding, Proof, Verdict, is_closed
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Births, Direction, Kind, Side
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.judging import Case, Judge, Why
from xero_bridge.engine.marks import stray_marks
from xero_bridge.engine.placing import Ledger

T = TypeVar("T")
#: Pairs that are in memory at a time.
_CHUNK = 500
#: Facets that hold the id of a reference record.
_REFERRED = {("mode", Side.PERFEX): Kind.PAYMENT_MODE, ("mode", Side.XERO): Kind.ACCOUNT}


@dataclass(kw_only=True)
class Prover:
    """Compares records and explains what differs. Reads the store, changes nothing."""

    store: Store
    entities: Mapping[Kind, Entity]
    books: LedgerBooks
    judge: Judge = field(init=False)
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        """Read what is known about differences."""
        self.judge = Judge(store=self.store, books=self.books)
        self.ledger = Ledger(store=self.store)

    def prove(self) -> Proof:
        """Everything: linked pairs, records of one side, marks."""
        findings: list[Finding] = []
        for entity in self.provable():
            for case, found in self._cases(entity):
                findings += found
                self.ledger.add(case, found)
            findings += self.strays(entity)
        balances = tuple(self.ledger.balances.values())
        return Proof(balances=balances, findings=tuple(findings))

    def provable(self) -> list[Entity]:
        """The kinds that both sides have and that are not switched off."""
        return [
            entity
            for entity in self.entities.values()
            if entity.kind not in REFERENCE_KINDS
            and entity.perfex is not None
            and entity.xero is not None
            and self.books.direction(entity) is not Direction.OFF
        ]

    def _cases(self, entity: Entity) -> Iterator[tuple[Case, list[Finding]]]:
        for links in _chunks(self.store.links_of(entity.kind)):
            yield from self.judged(self.compare(entity, links))
        for side in Side:
            unlinked = self.store.unlinked(entity.kind, side)
            yield from self.judged([_alone(entity, one) for one in unlinked if not is_closed(one)])

    # --- comparing ---------------------------------------------------------------------------

    def compare(self, entity: Entity, links: Sequence[Link]) -> list[Case]:
        """The pairs of these links, with what differs; those not read on a side are left out."""
        mirrors = {
            side: self.store.mirrors(entity.kind, side, [link.id_on(side) for link in links])
            for side in Side
        }
        self._prefetch(entity, mirrors[Side.PERFEX].values())
        pairs = (
            (link, mirrors[Side.PERFEX].get(link.perfex_id), mirrors[Side.XERO].get(link.xero_id))
            for link in links
        )
        return [
            self._compared(entity, link, perfex, xero)
            for link, perfex, xero in pairs
            if perfex and xero
        ]

    def _prefetch(self, entity: Entity, mirrors: Iterable[Mirror]) -> None:
        held = list(mirrors)
        for name, kind in entity.parents.items():
            self.books.prefetch(kind, Side.PERFEX, [getattr(m.record, name) for m in held])

    def _compared(self, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> Case:
        wanted, trouble = self._wanted(entity, perfex, xero)
        found = differences(entity, perfex, xero, wanted)
        if trouble is not None:
            found.append(Difference(part="uncompared", words="lines"))
        named = tuple(self._named(entity, each) for each in found)
        return Case(
            entity=entity, link=link, perfex=perfex, xero=xero, differences=named, trouble=trouble
        )

    def _wanted(
        self, entity: Entity, perfex: Mirror, xero: Mirror
    ) -> tuple[Mapping[str, object], Why | None]:
        """The Perfex record's facets as Xero would show them, or why nobody can say."""
        is_needed = not (is_closed(perfex) or is_closed(xero)) and perfex.record.money is not None
        if entity.shown_on_xero is None or not is_needed:
            return {}, None
        try:
            return entity.shown_on_xero(perfex.record, self.books), None
        except (Held, Waiting) as error:
            details = {name: str(value) for name, value in error.details.items()}
            return {}, Why(Verdict.EXPLAINED, error.reason, details)

    def _named(self, entity: Entity, difference: Difference) -> Difference:
        """With the names of the records instead of their ids."""
        part = difference.part
        if part not in entity.parents and (part, Side.PERFEX) not in _REFERRED:
            return difference
        perfex, xero = difference.told[part]
        return _renamed(
            difference,
            self._label(entity, part, Side.PERFEX, perfex),
            self._label(entity, part, Side.XERO, xero),
        )

    def _label(self, entity: Entity, part: str, side: Side, id_: str) -> str:
        kind = _REFERRED.get((part, side)) or entity.parents[part]
        found = self.store.mirrors(kind, side, [id_]).get(id_)
        return found.record.label or id_ if found else id_

    # --- judging -----------------------------------------------------------------------------

    def judged(self, cases: Sequence[Case]) -> list[tuple[Case, list[Finding]]]:
        """Each case with its findings, in the order of its differences."""
        self.judge.look_up(cases)
        return [(case, self._findings(case)) for case in cases]

    def _findings(self, case: Case) -> list[Finding]:
        if not case.differences:
            return []
        if case.link is None:
            return [self._finding(case, case.differences[0], self._why_alone(case))]
        whys = self.judge.verdicts(case)
        return [
            self._finding(case, difference, why)
            for difference, why in zip(case.differences, whys, strict=True)
        ]

    def _finding(self, case: Case, difference: Difference, why: Why) -> Finding:
        record = case.shown
        return Finding(
            place=self.ledger.place(case, case.mirrors[0]),
            perfex_id=case.perfex.key.id if case.perfex else "",
            xero_id=case.xero.key.id if case.xero else "",
            label=record.label,
            dated=record.dated,
            part=difference.part,
            words=difference.words,
            perfex=difference.perfex,
            xero=difference.xero,
            gap=difference.gap,
            verdict=why.verdict,
            reason=why.reason,
            details={"label": record.label, **why.details},
        )

    def _why_alone(self, case: Case) -> Why:
        """Why a record stands on one side only."""
        known = self.judge.circumstances(case.keys)
        if known is not None:
            return known
        (mirror,), entity = case.mirrors, case.entity
        side = mirror.key.side
        rule = self._rule(entity, mirror)
        if rule:
            return Why(Verdict.EXCLUDED, rule, self._rule_details(entity))
        if self.books.births(entity, side) is Births.IGNORE:
            return Why(Verdict.EXCLUDED, "births_ignore", self._rule_details(entity))
        return Why(Verdict.UNEXPLAINED, "only_here", {"side": side.capitalize()})

    def _rule(self, entity: Entity, mirror: Mirror) -> str:
        try:
            return entity.excluded(mirror, self.books)
        except (Held, Waiting) as error:
            return error.reason

    def _rule_details(self, entity: Entity) -> dict[str, str]:
        return {"start_date": str(self.books.settings.start_date), "plural": entity.plural}

    def strays(self, entity: Entity) -> list[Finding]:
        """Marks that two records bear, or one that is linked to nothing."""
        mirrors = self.store.strays(entity.kind)
        if not mirrors:
            return []
        cases = [_case(entity, mirror, _MARK) for mirror in mirrors]
        self.judge.look_up(cases)
        found = stray_marks(self.store, self.judge, self.books, entity, mirrors)
        by_key = {case.keys[0]: case for case in cases}
        return [self._finding(by_key[key], each, why) for key, each, why in found]


_MARK = Difference(part="mark", words="mark")


def _alone(entity: Entity, mirror: Mirror) -> Case:
    """A record of one side, as a case with one difference."""
    side, money = mirror.key.side, mirror.record.money
    told = f"{money.amount:.2f}" if money else mirror.record.label
    sign = 1 if side is Side.PERFEX else -1
    difference = Difference(
        part=f"only_in_{side}",
        words=f"only in {side.capitalize()}",
        perfex=told if side is Side.PERFEX else "",
        xero=told if side is Side.XERO else "",
        gap=money.amount * sign if money else None,
    )
    return _case(entity, mirror, difference)


def _case(entity: Entity, mirror: Mirror, difference: Difference) -> Case:
    return Case(
        entity=entity,
        perfex=mirror if mirror.key.side is Side.PERFEX else None,
        xero=mirror if mirror.key.side is Side.XERO else None,
        differences=(difference,),
    )


def _renamed(difference: Difference, perfex: str, xero: str) -> Difference:
    return Difference(
        part=difference.part,
        words=difference.words,
        perfex=perfex,
        xero=xero,
        gap=difference.gap,
        told=difference.told,
    )


def _chunks(links: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(links)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
