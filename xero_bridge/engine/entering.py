"""Whether the other side takes a new document now: its parent must be open over there."""

from __future__ import annotations

from xero_bridge.core.record import Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.closing import ACCEPTED_GONE
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import content_basis, make_question
from xero_bridge.engine.overpaying import may_leave
from xero_bridge.engine.payments import may_enter_perfex
from xero_bridge.entities.invoice import Invoice
from xero_bridge.entities.payment import Payment


def may_enter(draft: Draft, mirror: Mirror, target: Side) -> bool:
    """Whether the record may be created on that side now; otherwise it waits or is asked about."""
    match mirror.record:
        case Payment() as payment if target is Side.PERFEX:
            return _stands_in_perfex(draft, mirror, payment) and may_enter_perfex(draft, mirror)
        case Payment() as payment:
            return _invoice_takes_payments(draft, mirror, payment)
        case _ if target is Side.XERO:
            return _contact_takes_documents(draft, mirror)
        case _:
            return True


def _stands_in_perfex(draft: Draft, mirror: Mirror, payment: Payment) -> bool:
    """A customer gets no receipt for an invoice that was cancelled or deleted in Perfex."""
    perfex_id = draft.books.perfex_id(Kind.INVOICE, payment.invoice)
    found = draft.context.store.mirrors(Kind.INVOICE, Side.PERFEX, [perfex_id]).get(perfex_id)
    if found is None or not (found.gone or found.record.closed):
        return True
    link = draft.context.store.links(Kind.INVOICE, Side.XERO, [payment.invoice])[payment.invoice]
    if ACCEPTED_GONE in link.declared:
        draft.leave_out(mirror, "parent_left_out", {"kind": Kind.INVOICE.value})
        return False
    status = "deleted" if found.gone else "cancelled"
    details = {"invoice": found.record.label, "status": status}
    _ask(draft, mirror, "perfex_invoice_closed", details)
    return False


def _invoice_takes_payments(draft: Draft, mirror: Mirror, payment: Payment) -> bool:
    """One that is not approved yet will take them later; one that is void never will."""
    xero_id = draft.books.xero_id(Kind.INVOICE, payment.invoice)
    found = draft.context.store.mirrors(Kind.INVOICE, Side.XERO, [xero_id]).get(xero_id)
    label, status = "", str(draft.context.settings.invoice_status)
    if found is not None and isinstance(found.record, Invoice):
        label, status = found.record.label, found.record.side_status
    details = {"label": label, "status": status}
    if status in {"DRAFT", "SUBMITTED"}:
        draft.wait(mirror, "invoice_not_open", details)
        return False
    if status in {"VOIDED", "DELETED"}:
        _ask(draft, mirror, "invoice_void", details)
        return False
    return may_leave(draft, mirror, payment, found)


def _contact_takes_documents(draft: Draft, mirror: Mirror) -> bool:
    """Xero takes no document for an archived contact, be it a customer's or a vendor's."""
    for name, kind in draft.entity(mirror.key.kind).parents.items():
        if draft.entity(kind).closed_in_xero == "archived_in_xero":
            archived = _archived(draft, kind, getattr(mirror.record, name))
            if archived:
                _ask(draft, mirror, "contact_archived", {"contact": archived})
                return False
    return True


def _archived(draft: Draft, kind: Kind, perfex_id: str) -> str:
    """The name of its contact where that is archived, else empty."""
    xero_id = draft.books.xero_id(kind, perfex_id)
    if xero_id and xero_id not in draft.archived:
        found = draft.context.store.mirrors(kind, Side.XERO, [xero_id]).get(xero_id)
        draft.archived[xero_id] = found.record.label if found and found.record.closed else ""
    return draft.archived.get(xero_id, "")


def _ask(draft: Draft, mirror: Mirror, reason: str, details: dict[str, str]) -> None:
    question = make_question(
        mirror.key.kind,
        reason,
        mirror,
        choices=(LEAVE,),
        details=details,
        basis=content_basis(mirror),
    )
    if draft.ask(question, mirror) is not None:
        draft.leave_out(mirror, "person_excluded")
