"""Staff pages of credit notes: the list, one with what it was used for, applying, refunding."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from werkzeug.wrappers import Response

from xero_bridge.simulator.perfex.books import credit, credit_notes, invoices, lines
from xero_bridge.simulator.perfex.credit_staff import CREDITABLE
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.pages import forms
from xero_bridge.simulator.perfex.pages.payments import mode_names
from xero_bridge.simulator.perfex.pages.render import Desk
from xero_bridge.simulator.perfex.staff import Staff

HOME = "/admin/credit_notes"
STATES = {"1": "Open", "2": "Closed", "3": "Void"}


def index(desk: Desk) -> Response:
    """List credit notes, newest first; add one of a single line."""
    problem = _guarded(lambda: _add(desk)) if desk.posting else ""
    if desk.posting and not problem:
        return desk.go(HOME, "Credit note added.")
    site = desk.site
    rows = [(row, _number(desk, row), credit.remaining(site, row)) for row in _newest(desk)]
    return desk.page(
        "credit_notes.html",
        status=400 if problem else 200,
        rows=rows,
        states=STATES,
        customers=site.db.rows("clients"),
        taxes=site.db.rows("taxes"),
        problem=problem,
        form=desk.form,
    )


def view(desk: Desk, note: int, problem: str = "") -> Response:
    """Show a credit note with its lines, applied credits and refunds."""
    site, row = desk.site, desk.site.db.get("creditnotes", note)
    if row is None:
        return desk.missing(f"credit note {note}")
    applied = site.db.where("credits", credit_id=note)
    return desk.page(
        "credit_note.html",
        status=400 if problem else 200,
        row=row,
        title=_number(desk, row),
        states=STATES,
        lines=[(line, lines.taxes(site, line)) for line in lines.of(site, note, "credit_note")],
        left=credit.remaining(site, row),
        applied=[(one, site.db.get("invoices", one["invoice_id"])) for one in applied],
        refunds=site.db.where("creditnote_refunds", credit_note_id=note),
        open_invoices=_open_invoices(desk, row),
        modes=mode_names(desk),
        problem=problem,
    )


def apply(desk: Desk, note: int) -> Response:
    """Apply a part of a credit note to an invoice."""

    def act() -> None:
        invoice = int(forms.needed(desk.form, "invoice", "Invoice"))
        amount = forms.number(desk.form, "amount", "Amount")
        Staff(desk.site).credits.apply(note, invoice, amount)

    return _acted(desk, note, act, "Credit applied.")


def refund(desk: Desk, note: int) -> Response:
    """Pay a part of a credit note back."""

    def act() -> None:
        amount = forms.number(desk.form, "amount", "Amount")
        Staff(desk.site).credits.refund(note, amount, desk.form.get("mode", "1"))

    return _acted(desk, note, act, "Refund recorded.")


def void(desk: Desk, note: int) -> Response:
    """Mark a credit note as void."""
    return _acted(desk, note, lambda: Staff(desk.site).credits.void(note), "Credit note is void.")


def take_back(desk: Desk, applied: int) -> Response:
    """Remove an applied credit."""
    row = desk.site.db.get("credits", applied)
    if row is None:
        return desk.missing(f"applied credit {applied}")
    Staff(desk.site).credits.take_back(applied)
    return desk.go(f"{HOME}/list_credit_notes/{row['credit_id']}", "Credit taken back.")


def delete(desk: Desk, note: int) -> Response:
    """Delete a credit note, unless something of it was applied."""
    if desk.site.db.get("creditnotes", note) is None:
        return desk.missing(f"credit note {note}")
    if not Staff(desk.site).credits.delete(note):
        return view(desk, note, "A credit note that was applied cannot be deleted.")
    return desk.go(HOME, "Credit note deleted.")


def _acted(desk: Desk, note: int, act: Callable[[], object], said: str) -> Response:
    if desk.site.db.get("creditnotes", note) is None:
        return desk.missing(f"credit note {note}")
    problem = _guarded(act)
    if problem:
        return view(desk, note, problem)
    return desk.go(f"{HOME}/list_credit_notes/{note}", said)


def _guarded(act: Callable[[], object]) -> str:
    try:
        act()
    except ValueError as error:
        return str(error)
    return ""


def _add(desk: Desk) -> None:
    form = desk.form
    line = {
        "description": forms.needed(form, "description", "Description"),
        "qty": forms.number(form, "qty", "Quantity", "1"),
        "rate": forms.number(form, "rate", "Rate"),
        "taxes": desk.request.form.getlist("tax"),
    }
    customer = int(forms.needed(form, "clientid", "Customer"))
    Staff(desk.site).credits.create(customer, [line], reference_no=form.get("reference_no", ""))


def _newest(desk: Desk) -> list[Row]:
    return desk.site.db.rows("creditnotes")[::-1]


def _number(desk: Desk, row: Row) -> str:
    return credit_notes.display_number(desk.site, row)


def _open_invoices(desk: Desk, note: Row) -> list[tuple[Row, Decimal]]:
    """Return the customer's invoices that take credits, with what is left to pay."""
    return [
        (row, invoices.left_to_pay(desk.site, row))
        for row in desk.site.db.where("invoices", clientid=note["clientid"])
        if row["status"] in CREDITABLE and row["currency"] == note["currency"]
    ]
