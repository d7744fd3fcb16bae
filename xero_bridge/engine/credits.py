"""Credits applied in Xero that Perfex does not know: one question per invoice."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.core.money import format_cents
from xero_bridge.core.plan import Side3
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Kind
from xero_bridge.engine.bases import ACCEPTED
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import make_question
from xero_bridge.entities.invoice import Invoice

_DECLARED = f"{ACCEPTED}credited"


def ask_about_credits(draft: Draft, link: Link, perfex: Mirror, xero: Mirror) -> tuple[Link, bool]:
    """One question per invoice about credit notes, prepayments and overpayments applied in Xero.

    The link comes back with what a person accepted; True: they have not answered yet. Never a
    payment in Perfex: nobody paid anything. The question closes when Perfex shows the same credits.
    """
    ours, theirs = perfex.record, xero.record
    if not isinstance(ours, Invoice) or not isinstance(theirs, Invoice):
        return link, False
    here, there = _credited(ours), _credited(theirs)
    if there > here:  # Linked credit notes are asked about themselves.
        here = max(here - draft.applied_by_notes(perfex.key), Decimal())
        there = max(there - draft.applied_by_notes(xero.key), Decimal())
    known = (format_cents(here), format_cents(there))
    if there <= here or link.declared.get(_DECLARED) == known:
        return link, False
    question = make_question(
        Kind.INVOICE,
        "credited_in_xero",
        perfex,
        xero,
        choices=(LEAVE,),
        details={"credit": f"{format_cents(there - here)} {theirs.currency}"},
        rows=(_row("credits applied", here, there), _row("amount due", *_due(ours, theirs))),
        basis="|".join(known),
    )
    if draft.ask(question, perfex, xero) is None:
        return link, True
    link = msgspec.structs.replace(link, declared={**link.declared, _DECLARED: known})
    draft.rebased.append(link)
    return link, False


def _credited(invoice: Invoice) -> Decimal:
    """Perfex tells it by what is left to pay, which goes below nothing where too much was paid."""
    return max(invoice.credited or Decimal(), Decimal())


def _due(ours: Invoice, theirs: Invoice) -> tuple[Decimal, Decimal]:
    return ours.amount_due or Decimal(), theirs.amount_due or Decimal()


def _row(words: str, perfex: Decimal, xero: Decimal) -> Side3:
    return Side3(facet=words, perfex=format_cents(perfex), xero=format_cents(xero), sensitive=True)
