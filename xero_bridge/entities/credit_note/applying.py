"""Credit set against invoices: each application of Perfex becomes an allocation of Xero's note.

Both sides may differ in what they had before they were linked, so what changed in Perfex is carried
over, never the whole list: other allocations are a bookkeeper's.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Json, Payload
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.money import exact, format_cents
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.credit_note.record import Applied, CreditNote, sums_of
from xero_bridge.entities.document import header

_FACET = frozenset({"applied"})
_ZERO = Decimal()


class _Gap(msgspec.Struct, frozen=True, kw_only=True):
    """What one invoice's credit is to become."""

    #: The invoice's Perfex and Xero id.
    perfex_id: str
    xero_id: str
    goal: Decimal
    #: Xero's allocations to it.
    allocations: tuple[Applied, ...]
    #: What Perfex added since both sides agreed; negative where it took back.
    delta: Decimal

    @property
    @exact()
    def has(self) -> Decimal:
        return sum((one.amount for one in self.allocations), _ZERO)

    @property
    @exact()
    def missing(self) -> Decimal:
        return max(min(self.delta, self.goal - self.has), _ZERO)

    @property
    @exact()
    def excess(self) -> Decimal:
        return max(min(-self.delta, self.has - self.goal), _ZERO)


def taken_back(encoding: Encoding, books: Books) -> Payload | None:
    """The removal of one allocation that Perfex took back, None where there is none."""
    if not encoding.facets >= _FACET:
        return None
    gap = next((gap for gap in _gaps(encoding, books)[0] if gap.excess), None)
    if gap is None:
        return None
    gone = _to_remove(gap)
    payload = Payload(
        body={},
        path=f"CreditNotes/{encoding.target_id}/Allocations/{gone.id}",
        removes=True,
    )
    return _carrying(payload, encoding, books, gap.perfex_id, _without(gap, gone))


def applied(encoding: Encoding, books: Books) -> Payload | None:
    """The next allocation, None where all stand; raises Held or Waiting where none can be made."""
    if not encoding.facets >= _FACET:
        return None
    gaps, waiting = _gaps(encoding, books)
    troubles: list[Held | Waiting] = [*waiting]
    for gap in gaps:
        if not gap.missing:
            continue
        trouble = _trouble(gap, encoding, books)
        if trouble is None:
            return _allocation(gap, encoding, books)
        troubles.append(trouble)
    if troubles:
        raise troubles[0]
    return None


def _allocation(gap: _Gap, encoding: Encoding, books: Books) -> Payload:
    days = [one.on for one in _note(encoding.source).applied if one.invoice == gap.perfex_id]
    last = max((day for day in days if day), default=None)
    body: Json = {"Amount": gap.missing, "Invoice": {"InvoiceID": gap.xero_id}}
    if last:
        body["Date"] = last.isoformat()
    path = f"CreditNotes/{encoding.target_id}/Allocations"
    payload = Payload(body={"Allocations": [body]}, path=path, adds=True)
    return _carrying(payload, encoding, books, gap.perfex_id, gap.goal)


def _trouble(gap: _Gap, encoding: Encoding, books: Books) -> Held | None:
    """Why Xero would not take the allocation now."""
    target = _note(encoding.target)
    told = {"label": target.label, "amount": format_cents(gap.missing)}
    if target.side_status in {"DRAFT", "SUBMITTED"}:
        return Held("credit_not_open", status=target.side_status, **told)
    if target.left is not None and gap.missing > target.left:
        return Held("credit_spent", left=format_cents(target.left), **told)
    if not gap.xero_id:
        return None
    invoice = books.invoice_state(gap.xero_id)
    told |= {"invoice": invoice.label, "status": invoice.status}
    if invoice.status in {"DRAFT", "SUBMITTED"}:
        return Held("credited_invoice_not_open", **told)
    if invoice.status in {"VOIDED", "DELETED"} or gap.missing > invoice.left:
        return Held("credit_exceeds", left=format_cents(invoice.left), **told)
    # Xero books an allocation on the later day of both documents.
    days = [day for day in (target.issued, invoice.issued) if day]
    return header.locked(target.label, max(days, default=None), books)


def _gaps(encoding: Encoding, books: Books) -> tuple[tuple[_Gap, ...], tuple[Waiting, ...]]:
    """The invoices whose credit changed in Perfex; those on one side only wait."""
    goal, before = sums_of(_note(encoding.source)), _before(encoding, books)
    gaps: list[_Gap] = []
    waiting: list[Waiting] = []
    for perfex_id in sorted(goal.keys() | before.keys()):
        delta = goal.get(perfex_id, _ZERO) - before.get(perfex_id, _ZERO)
        try:
            xero_id = books.xero_id(Kind.INVOICE, perfex_id)
        except Waiting as error:
            waiting += [error] if delta > 0 else []
            continue
        allocations = [one for one in _note(encoding.target).applied if one.invoice == xero_id]
        gaps.append(
            _Gap(
                perfex_id=perfex_id,
                xero_id=xero_id,
                goal=goal.get(perfex_id, _ZERO),
                allocations=tuple(allocations),
                delta=delta,
            )
        )
    return tuple(gaps), tuple(waiting)


def _before(encoding: Encoding, books: Books) -> Mapping[str, Decimal]:
    """What was applied when both sides agreed; what Xero shows, where a person chose Perfex."""
    if isinstance(encoding.base, CreditNote):
        return sums_of(encoding.base)
    found: dict[str, Decimal] = {}
    for xero_id, amount in sums_of(_note(encoding.target)).items():
        try:
            found[books.perfex_id(Kind.INVOICE, xero_id)] = amount
        except Waiting:
            continue  # Set against an invoice that Perfex does not have: it stays.
    return found


def _to_remove(gap: _Gap) -> Applied:
    """The allocation that is too much: the one of that very amount, else the smallest."""
    same = (one for one in gap.allocations if one.amount == gap.excess)
    return next(same, min(gap.allocations, key=lambda one: one.amount))


@exact()
def _without(gap: _Gap, gone: Applied) -> Decimal:
    """What Perfex and Xero agree on once the allocation is gone: too little of it is added anew."""
    rest = gap.has - gone.amount
    return rest if rest < gap.goal else max(gap.goal, gap.goal - gap.delta - gone.amount)


def _carrying(
    payload: Payload, encoding: Encoding, books: Books, invoice: str, amount: Decimal
) -> Payload:
    """The payload of a step after which this much stands against the invoice.

    It says what it carries, where it leaves something of the facets undone.
    """
    note = _note(encoding.source)
    after = {**_before(encoding, books), invoice: amount}
    after = {id_: amount for id_, amount in after.items() if amount}
    done = after == sums_of(note)
    if done and encoding.facets == _FACET:
        return payload
    rows = tuple(Applied(invoice=id_, amount=amount) for id_, amount in sorted(after.items()))
    carried = note if done else replace(note, applied=rows)
    return replace(payload, carried=carried, covers=_FACET)


def _note(record: object) -> CreditNote:
    assert isinstance(record, CreditNote)
    return record
