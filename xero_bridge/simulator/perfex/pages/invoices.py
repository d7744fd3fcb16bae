"""Staff pages of invoices: list, page with totals and payments, form, and the menu's acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from werkzeug.wrappers import Response

from xero_bridge.simulator.perfex.books import invoices, lines
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.pages import forms
from xero_bridge.simulator.perfex.pages.render import Desk, plain
from xero_bridge.simulator.perfex.staff import Staff

PER_PAGE: Final = 50
BLANK_ROWS: Final = 3
ACTS: Final[dict[str, tuple[Callable[[Staff, int], object], str]]] = {
    "cancel": (Staff.cancel_invoice, "Invoice cancelled."),
    "uncancel": (Staff.uncancel_invoice, "Cancellation taken back."),
    "issue": (Staff.issue_invoice, "Invoice marked as sent."),
}


def index(desk: Desk) -> Response:
    """List invoices, newest first, by status and by a part of number or customer."""
    chosen, text = (desk.request.args.get(name, "").strip() for name in ("status", "q"))
    newest_first = reversed(desk.site.db.rows("invoices"))
    rows = [row for row in newest_first if _kept(desk, row, chosen, text)]
    page = desk.request.args.get("page", "1")
    start = (int(page) - 1 if page.isdigit() and int(page) else 0) * PER_PAGE
    return desk.page(
        "invoices.html",
        rows=rows[start : start + PER_PAGE],
        total=len(rows),
        pages=range(1, -(-len(rows) // PER_PAGE) + 1),
        here=start // PER_PAGE + 1,
        chosen=chosen,
        q=text,
    )


def view(desk: Desk, invoice: int, problem: str = "") -> Response:
    """Show an invoice with lines, totals, payments and its activity."""
    site, row = desk.site, desk.site.db.get("invoices", invoice)
    if row is None:
        return desk.missing(f"invoice {invoice}")
    return desk.page(
        "invoice.html",
        status=400 if problem else 200,
        row=row,
        lines=[(line, lines.taxes(site, line)) for line in lines.of(site, invoice)],
        totals=lines.totals(site, row),
        left=invoices.left_to_pay(site, row),
        payments=site.db.where("invoicepaymentrecords", invoiceid=invoice),
        modes=_modes(desk),
        activity=site.db.where("sales_activity", rel_id=invoice),
        today=site.today().isoformat(),
        problem=problem,
    )


def form(desk: Desk, invoice: int = 0) -> Response:
    """Show the form of a new or existing invoice, and save what is sent."""
    row = desk.site.db.get("invoices", invoice)
    if invoice and row is None:
        return desk.missing(f"invoice {invoice}")
    if not desk.posting:
        return _shown(desk, row, _stored(desk, row), "")
    try:
        identity = _save(desk, row)
    except forms.FormError as error:
        return _shown(desk, row, _sent(desk), str(error))
    return desk.go(f"/admin/invoices/list_invoices/{identity}", "Invoice saved.")


def act(desk: Desk, invoice: int, verb: str) -> Response:
    """Cancel, take a cancellation back, or mark as sent."""
    if desk.site.db.get("invoices", invoice) is None or verb not in ACTS:
        return desk.missing(f"invoice {invoice}")
    do, said = ACTS[verb]
    do(Staff(desk.site), invoice)
    return desk.go(f"/admin/invoices/list_invoices/{invoice}", said)


def copy(desk: Desk, invoice: int) -> Response:
    """Copy an invoice, its notes too."""
    if desk.site.db.get("invoices", invoice) is None:
        return desk.missing(f"invoice {invoice}")
    new = Staff(desk.site).copy_invoice(invoice)
    return desk.go(f"/admin/invoices/list_invoices/{new}", "Invoice copied.")


def delete(desk: Desk, invoice: int) -> Response:
    """Delete an invoice with its payments."""
    if Staff(desk.site).delete_invoice(invoice):
        return desk.go("/admin/invoices", f"Invoice {invoice} deleted.")
    return desk.go("/admin/invoices", "Perfex deletes only the newest invoice here.")


def pay(desk: Desk, invoice: int) -> Response:
    """Record a payment of an invoice."""
    if desk.site.db.get("invoices", invoice) is None:
        return desk.missing(f"invoice {invoice}")
    try:
        amount = forms.number(desk.form, "amount", "Amount")
        issued = forms.day(desk.form, "date", "Date")
        if amount == "0.00":
            raise forms.FormError("A payment needs an amount.")
    except forms.FormError as error:
        return view(desk, invoice, str(error))
    Staff(desk.site).record_payment(
        invoice,
        amount,
        desk.form.get("paymentmode", "1"),
        issued=issued or None,
        note=desk.form.get("note", ""),
        transactionid=desk.form.get("transactionid", ""),
    )
    return desk.go(f"/admin/invoices/list_invoices/{invoice}", "Payment recorded.")


def _kept(desk: Desk, row: Row, status: str, text: str) -> bool:
    if status and row["status"] != status:
        return False
    name = desk.customer_name(row["clientid"]) if text else ""
    return not text or text.lower() in f"{desk.number(row)} {name}".lower()


def _modes(desk: Desk) -> list[tuple[str, str]]:
    """Return the payment modes a person may choose, gateways last."""
    offline = [
        (row["id"] or "", row["name"] or "")
        for row in desk.site.db.rows("payment_modes")
        if row["active"] == "1"
    ]
    return [*offline, *desk.site.settings.gateways]


def _shown(desk: Desk, row: Row | None, filled: dict[str, Any], problem: str) -> Response:
    db = desk.site.db
    clients = [(one["userid"], desk.customer_name(one["userid"])) for one in db.rows("clients")]
    return desk.page(
        "invoice_form.html",
        status=400 if problem else 200,
        row=row,
        filled=filled,
        clients=sorted(clients, key=lambda one: one[1].lower()),
        currencies=db.rows("currencies"),
        taxes=[f"{tax['name']}|{tax['taxrate']}" for tax in db.rows("taxes")],
        items=db.rows("items"),
        problem=problem,
    )


def _stored(desk: Desk, row: Row | None) -> dict[str, Any]:
    """Fill the form from a stored invoice, or with what a new one starts with."""
    staff, today = Staff(desk.site), desk.site.today().isoformat()
    blanks: list[dict[str, Any]] = [{"taxes": []} for _ in range(BLANK_ROWS)]
    if row is None:
        number = str(invoices.next_number(desk.site))
        chosen = desk.request.args.get("customer", "")
        return {"date": today, "number": number, "clientid": chosen, "lines": blanks}
    percent = row["discount_percent"] not in (None, "0.00")
    return {
        **{name: plain(value) for name, value in row.items()},
        "discount_mode": "percent" if percent else "fixed",
        "discount_value": row["discount_percent"] if percent else row["discount_total"],
        "lines": [*staff.line_forms(int(row["id"] or 0)), *blanks],
    }


def _sent(desk: Desk) -> dict[str, Any]:
    """Fill the form with what was sent, so that nothing typed is lost."""
    sent = desk.request.form
    names = ("description", "long_description", "qty", "rate", "unit")
    rows = range(int(sent.get("rows", "0") or 0))
    typed = [
        {name: sent.get(f"{name}-{index}", "") for name in names}
        | {"taxes": sent.getlist(f"tax-{index}")}
        for index in rows
    ]
    return {**desk.form, "lines": typed}


def _save(desk: Desk, row: Row | None) -> int:
    site, staff = desk.site, Staff(desk.site)
    header, rows = forms.invoice_header(desk.form), forms.invoice_lines(desk.request.form)
    identity = int(row["id"] or 0) if row else 0
    draft = row is not None and row["status"] == invoices.Status.DRAFT
    if draft:
        header["number"] = invoices.DRAFT_NUMBER
    elif invoices.number_taken(site, header["number"], header["date"], identity):
        raise forms.FormError(f"Number {header['number']} is already in use in that year.")
    if row is not None:
        staff.edit_invoice(identity, rows, **header)
        return identity
    customer = int(header.pop("clientid"))
    return staff.create_invoice(customer, rows, draft="draft" in desk.form, **header)
