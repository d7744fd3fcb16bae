"""Payments: the same money may be entered on both sides, and Perfex can hardly take one back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from xero_bridge.core.money import exact
from xero_bridge.core.plan import Choice
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.engine.adopting import (
    PAID_ALIKE,
    Unpaired,
    adds_up,
    amount_of,
    drop_settled,
    equal_pairs,
    was_adopted,
)
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import make_action, make_question, seen_basis
from xero_bridge.entities.invoice import Invoice
from xero_bridge.entities.marks import payment_mark, xero_payment_mark
from xero_bridge.entities.payment import Payment

#: Dates of the same money on both sides may be this far apart.
NEAR = timedelta(days=3)

_ENTER = Choice(code="enter", label="It is another payment: enter it in Perfex too")
_SAME = Choice(code="same", label="They are the same money: leave both as they are")
_SEPARATE = Choice(code="separate", label="They are different payments: carry each over")


def pair_payments(draft: Draft, births: Sequence[Mirror]) -> list[Mirror]:
    """Pair payments of linked invoices that have unlinked ones on both sides; the rest comes back.

    No payment is created on either side while both have unpaired ones on the same invoice.
    """
    touched = {invoice for mirror in births if (invoice := _xero_invoice(draft, mirror))}
    groups = _unlinked_by_invoice(draft, touched)
    kept_back: set[Key] = set()
    looked_at = {mirror.key for mirror in births}
    for invoice_id, group in groups.items():
        drop_settled(group, looked_at)
        if group.perfex and group.xero:
            kept_back |= _pair_group(draft, invoice_id, group)
    return [mirror for mirror in births if mirror.key not in kept_back]


def _xero_invoice(draft: Draft, mirror: Mirror) -> str:
    """The Xero id of the payment's invoice, if that is linked."""
    record = mirror.record
    if not isinstance(record, Payment) or mirror.gone or record.closed or not record.invoice:
        return ""
    key = Key(Kind.INVOICE, mirror.key.side, record.invoice)
    if not draft.books.is_linked(key):
        return ""
    if mirror.key.side is Side.XERO:
        return record.invoice
    return draft.books.xero_id(Kind.INVOICE, record.invoice)


def _unlinked_by_invoice(draft: Draft, invoices: set[str]) -> dict[str, Unpaired]:
    groups: dict[str, Unpaired] = defaultdict(Unpaired)
    if not invoices:
        return groups
    for side in Side:
        for mirror in draft.context.store.unlinked(Kind.PAYMENT, side):
            invoice_id = _xero_invoice(draft, mirror)
            if invoice_id in invoices and mirror.key not in draft.taken:
                group = groups[invoice_id]
                (group.perfex if side is Side.PERFEX else group.xero).append(mirror)
    return groups


def _pair_group(draft: Draft, invoice_id: str, group: Unpaired) -> set[Key]:
    everything = {mirror.key for mirror in (*group.perfex, *group.xero)}
    for perfex, xero in _pairs(draft, group):
        _link(draft, perfex, xero)
        group.perfex.remove(perfex)
        group.xero.remove(xero)
    rest = [*group.perfex, *group.xero]
    paired = everything - {mirror.key for mirror in rest}
    if not (group.perfex and group.xero):
        return paired
    if was_adopted(draft, invoice_id) and adds_up(group):
        _match_as_sums(draft, group)
        return everything
    return everything if _ask(draft, invoice_id, group) else paired


def _match_as_sums(draft: Draft, group: Unpaired) -> None:
    """An invoice that was paid alike on both sides: there is nothing to carry over."""
    pairs, rest = equal_pairs(group)
    for perfex, xero in pairs:
        _link(draft, perfex, xero, PAID_ALIKE)
    for mirror in rest:
        draft.leave_out(mirror, PAID_ALIKE)


def _pairs(draft: Draft, group: Unpaired) -> list[tuple[Mirror, Mirror]]:
    """First by marks, then equal amounts that nothing else has; nobody is in two pairs."""
    marked = [(p, x) for p in group.perfex for x in group.xero if _bears_mark(draft, p, x)]
    certain = [pair for pair in marked if _is_alone(pair, marked)]
    taken = {mirror.key for pair in marked for mirror in pair}
    perfex = [mirror for mirror in group.perfex if mirror.key not in taken]
    xero = [mirror for mirror in group.xero if mirror.key not in taken]
    equal = [(p, x) for p in perfex for x in xero if amount_of(p) == amount_of(x)]
    near = [pair for pair in equal if _is_alone(pair, equal) and _is_near(*pair)]
    return [*certain, *near]


def _bears_mark(draft: Draft, perfex: Mirror, xero: Mirror) -> bool:
    """Whether one was made from the other and still has its amount."""
    tag = draft.books.settings.site_tag
    made_from_perfex = bool(xero.mark) and xero.mark == payment_mark(tag, perfex.key.id)
    made_from_xero = bool(perfex.mark) and perfex.mark == xero_payment_mark(tag, xero.key.id)
    return (made_from_perfex or made_from_xero) and amount_of(perfex) == amount_of(xero)


def _is_alone(pair: tuple[Mirror, Mirror], pairs: Sequence[tuple[Mirror, Mirror]]) -> bool:
    return all(
        sum(one.key == other[place].key for other in pairs) == 1 for place, one in enumerate(pair)
    )


def _is_near(perfex: Mirror, xero: Mirror) -> bool:
    here, there = perfex.record.dated, xero.record.dated
    return here is not None and there is not None and abs(here - there) <= NEAR


def _link(draft: Draft, perfex: Mirror, xero: Mirror, reason: str = "same_record") -> None:
    draft.taken.update((perfex.key, xero.key))
    draft.actions.append(make_action(Kind.PAYMENT, Verb.LINK, Side.XERO, reason, perfex, xero))


def _ask(draft: Draft, invoice_id: str, group: Unpaired) -> bool:
    """One question per invoice. False: the person said that each is to be carried over.

    The same sum on both sides may be one payment of which Xero has a fee apart.
    """
    rest = [*group.perfex, *group.xero]
    question = make_question(
        Kind.INVOICE,
        "payments_on_both",
        *_invoice(draft, invoice_id),
        choices=(*([_SAME] if adds_up(group) else []), _SEPARATE, LEAVE),
        details={side.value: _listed(rest, side) for side in Side},
        candidates=tuple(rest),
        basis=seen_basis(*rest),
    )
    answer = draft.ask(question, *rest)
    if answer is None:
        return True
    if answer.code == _SEPARATE.code:
        return False
    if answer.code == _SAME.code:
        _match_as_sums(draft, group)
        return True
    for mirror in rest:
        draft.leave_out(mirror, "person_excluded")
    return True


def _invoice(draft: Draft, xero_id: str) -> Iterator[Mirror]:
    """Both mirrors of a linked invoice."""
    store = draft.context.store
    perfex_id = draft.books.perfex_id(Kind.INVOICE, xero_id)
    yield from store.mirrors(Kind.INVOICE, Side.PERFEX, [perfex_id]).values()
    yield from store.mirrors(Kind.INVOICE, Side.XERO, [xero_id]).values()


def _listed(payments: Sequence[Mirror], side: Side) -> str:
    return ", ".join(
        f"{amount_of(mirror):.2f} on {mirror.record.dated}"
        for mirror in payments
        if mirror.key.side is side
    )


def payment_words(draft: Draft, payment: Mirror) -> str:
    """A payment with the number of its invoice: what a person has to recognise."""
    record = payment.record
    assert isinstance(record, Payment)
    store, side = draft.context.store, payment.key.side
    invoice = store.mirrors(Kind.INVOICE, side, [record.invoice]).get(record.invoice)
    return f"{record.label} on {invoice.record.label}" if invoice else record.label


def payment_currency(draft: Draft, payment: Mirror) -> str:
    """The currency of a payment: Perfex does not tell it, the payment's invoice does."""
    record = payment.record
    assert isinstance(record, Payment)
    if record.currency or payment.key.side is Side.XERO:
        return record.currency
    return draft.books.document_currency(Kind.INVOICE, record.invoice)


def unlinked_payments_on(draft: Draft, payment: Mirror) -> list[Mirror]:
    """Open Xero payments without a link on the same invoice as this one."""
    record = payment.record
    assert isinstance(record, Payment)
    return [
        other
        for other in draft.context.store.unlinked(Kind.PAYMENT, Side.XERO)
        if isinstance(other.record, Payment)
        and other.record.invoice == record.invoice
        and not other.record.closed
        and other.key not in draft.taken
    ]


def may_enter_perfex(draft: Draft, payment: Mirror) -> bool:
    """Whether a Xero payment may be entered in Perfex now: it settled, and it fits what is owed."""
    record = payment.record
    assert isinstance(record, Payment)
    facts = draft.context.store.facts()
    if facts.get("receipts_agreed") and payment.first_seen_at >= draft.context.started_at:
        draft.wait(payment, "waits_for_poll")
        return False
    perfex_id = draft.books.perfex_id(Kind.INVOICE, record.invoice)
    if _stands_beside_a_deleted_one(draft, payment, perfex_id):
        return False
    left = _left_to_pay(draft, perfex_id)
    if left is not None and record.amount > left:
        _ask_about_excess(draft, payment, left)
        return False
    entering = draft.entering.get(perfex_id, Decimal(0))
    draft.entering[perfex_id] = entering + record.amount
    return True


@exact()
def _left_to_pay(draft: Draft, perfex_id: str) -> Decimal | None:
    """What the Perfex invoice takes yet, after its payments and those of this plan.

    The invoice itself may have been read before its last payments: Perfex does not touch it then.
    """
    found = draft.context.store.mirrors(Kind.INVOICE, Side.PERFEX, [perfex_id]).get(perfex_id)
    if found is None or not isinstance(found.record, Invoice):
        return None
    paid = sum((amount_of(one) for one in draft.perfex_payments.get(perfex_id, ())), Decimal(0))
    spoken_for = draft.entering.get(perfex_id, Decimal(0))
    return found.record.total - (found.record.credited or Decimal(0)) - paid - spoken_for


def _ask_about_excess(draft: Draft, payment: Mirror, left: Decimal) -> None:
    details = {"amount": f"{amount_of(payment):.2f}", "left": f"{left:.2f}"}
    question = make_question(
        Kind.PAYMENT, "exceeds_left_to_pay", payment, choices=(LEAVE,), details=details
    )
    if draft.ask(question, payment) is not None:
        draft.leave_out(payment, "person_excluded")


def _stands_beside_a_deleted_one(draft: Draft, payment: Mirror, perfex_id: str) -> bool:
    """Whether another payment of the invoice was deleted in Xero and still stands in Perfex.

    The new one may replace it: entered in Perfex as well, the invoice would be paid twice.
    """
    deleted = _deleted_in_xero(draft, perfex_id)
    if not deleted:
        return False
    if any(_is_undecided(draft, standing, mirror) for standing, mirror in deleted):
        draft.wait(payment, "waits_for_replacement")
        return True
    question = make_question(
        Kind.PAYMENT,
        "payment_beside_deleted",
        payment,
        choices=(_ENTER, LEAVE),
        details={"deleted": ", ".join(mirror.record.label for _key, mirror in deleted)},
    )
    answer = draft.ask(question, payment)
    if answer is not None and answer.code == _ENTER.code:
        return False
    if answer is not None:
        draft.leave_out(payment, "person_excluded")
    return True


def _is_undecided(draft: Draft, standing: Key, deleted: Mirror) -> bool:
    """Whether a person or this plan is about to say what becomes of the deleted payment."""
    asked = {**draft.asked, **draft.questions}.values()
    if any(deleted.key in one.about and draft.answer_to(one) is None for one in asked):
        return True
    # It gets another link in this plan, or none.
    return any(action.on(Side.PERFEX) == standing for action in draft.actions)


def _deleted_in_xero(draft: Draft, perfex_id: str) -> list[tuple[Key, Mirror]]:
    """Payments that stand in Perfex, with what they are linked to and was deleted in Xero."""
    ids = [mirror.key.id for mirror in draft.perfex_payments.get(perfex_id, ())]
    links = draft.context.store.links(Kind.PAYMENT, Side.PERFEX, ids)
    standing = {link.xero_id: Key(Kind.PAYMENT, Side.PERFEX, id_) for id_, link in links.items()}
    found = draft.context.store.mirrors(Kind.PAYMENT, Side.XERO, standing)
    return [
        (standing[id_], mirror)
        for id_, mirror in found.items()
        if mirror.gone or mirror.record.closed
    ]
