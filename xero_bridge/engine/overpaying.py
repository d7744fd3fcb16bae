"""More paid in Perfex than is due in Xero: a person says what becomes of the rest."""

from __future__ import annotations

from decimal import Decimal

from xero_bridge.core.money import exact, format_cents
from xero_bridge.core.plan import Choice, Side3
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import make_question
from xero_bridge.entities.invoice import Invoice
from xero_bridge.entities.payment import Payment

_PAY_DUE = Choice(code="pay_due", label="Pay what is due; I enter the rest as an overpayment")


def may_leave(draft: Draft, mirror: Mirror, payment: Payment, invoice: Mirror | None) -> bool:
    """Whether a Perfex payment fits what its invoice has due in Xero, or a part of it was agreed.

    `invoice` is the Xero invoice; None: it is made in this plan.
    """
    due = _due(draft, payment, invoice)
    if due is None or payment.amount <= due:
        _take(draft, payment, payment.amount)
        return True
    if invoice is not None and _gives_credit_back(draft, payment, invoice):
        draft.wait(mirror, "waits_for_credit", {"invoice": invoice.record.label})
        return False
    share = _agreed(draft, mirror, payment, max(due, Decimal(0)), invoice)
    if not share:
        return False
    draft.shares[mirror.key] = share
    _take(draft, payment, share)
    return True


def _take(draft: Draft, payment: Payment, amount: Decimal) -> None:
    taken = draft.leaving.get(payment.invoice, Decimal(0))
    draft.leaving[payment.invoice] = taken + amount


@exact()
def _due(draft: Draft, payment: Payment, invoice: Mirror | None) -> Decimal | None:
    """What is due in Xero after this plan's edits and payments; None where nothing tells it."""
    ours = draft.context.store.mirrors(Kind.INVOICE, Side.PERFEX, [payment.invoice])
    perfex = ours[payment.invoice].record if payment.invoice in ours else None
    if not isinstance(perfex, Invoice):
        return None
    taken = draft.leaving.get(payment.invoice, Decimal(0))
    if invoice is None:
        return perfex.total - taken
    xero = invoice.record
    if not isinstance(xero, Invoice) or xero.amount_due is None:
        return None
    edited = perfex.total - xero.total if _is_edited(draft, payment) else Decimal(0)
    return xero.amount_due + edited - taken


def _gives_credit_back(draft: Draft, payment: Payment, invoice: Mirror) -> bool:
    """Whether Xero still sets credit of ours against the invoice that Perfex has taken back."""
    ours = Key(Kind.INVOICE, Side.PERFEX, payment.invoice)
    return draft.applied_by_notes(ours) < draft.applied_by_notes(invoice.key)


def _is_edited(draft: Draft, payment: Payment) -> bool:
    """Whether this plan writes another total to the Xero invoice."""
    return any(
        action.kind is Kind.INVOICE
        and action.verb is Verb.UPDATE
        and action.side is Side.XERO
        and action.perfex_id == payment.invoice
        and action.facets & {"lines", "total"}
        for action in draft.actions
    )


def _agreed(
    draft: Draft, mirror: Mirror, payment: Payment, due: Decimal, invoice: Mirror | None
) -> Decimal:
    """How much of the payment a person wants sent; zero: none of it, or they have not said yet."""
    rest = payment.amount - due
    label = invoice.record.label if invoice else ""
    details = {"amount": payment.amount, "due": due, "rest": rest}
    question = make_question(
        Kind.PAYMENT,
        "overpaid_in_perfex",
        mirror,
        choices=(*([_PAY_DUE] if due else []), LEAVE),
        details={"invoice": label, **{name: format_cents(one) for name, one in details.items()}},
        rows=tuple(_to_enter(draft, mirror, payment, rest)),
        basis=f"{mirror.key}|{payment.amount}|{due}",
    )
    answer = draft.ask(question, mirror)
    if answer is None:
        return Decimal(0)
    if answer.code != _PAY_DUE.code:
        draft.leave_out(mirror, "person_excluded")
        return Decimal(0)
    draft.used_answers.append(question.key)
    return due


def _to_enter(draft: Draft, mirror: Mirror, payment: Payment, rest: Decimal) -> list[Side3]:
    """The overpayment as it is entered in Xero: money received of the customer."""
    account = draft.books.payment_account(payment.mode)
    values = {
        "overpayment": format_cents(rest),
        "bank account": f"{account.code} {account.name}".strip(),
        "date": payment.paid_on.isoformat(),
        "reference": payment.reference or f"payment {mirror.key.id}",
    }
    return [Side3(facet=name, xero=value, sensitive=True) for name, value in values.items()]
