"""Staff pages of the small lists: taxes and payment modes; and the overview."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from werkzeug.wrappers import Response

from xero_bridge.simulator.perfex.pages import forms
from xero_bridge.simulator.perfex.pages.render import STATUSES, Desk
from xero_bridge.simulator.perfex.staff import Staff


def overview(desk: Desk) -> Response:
    """Show counts and sums of the site."""
    rows = desk.site.db.rows("invoices")
    states = [
        (code, name, [row for row in rows if row["status"] == code])
        for code, name in STATUSES.items()
    ]
    base = desk.site.base_currency()
    sums = [
        (code, name, len(found), _sum(row["total"] for row in found if row["currency"] == base))
        for code, name, found in states
    ]
    counts = {
        name: desk.site.db.count(table)
        for name, table in (
            ("customers", "clients"),
            ("items", "items"),
            ("payments", "invoicepaymentrecords"),
        )
    }
    return desk.page("overview.html", sums=sums, counts=counts, base=base)


def taxes(desk: Desk) -> Response:
    """List the taxes; add or change one."""
    problem = _saved_tax(desk) if desk.posting else ""
    if desk.posting and not problem:
        return desk.go("/admin/taxes", "Tax saved.")
    return desk.page("taxes.html", rows=desk.site.db.rows("taxes"), problem=problem)


def modes(desk: Desk) -> Response:
    """List the payment modes; add or change one."""
    problem = _saved_mode(desk) if desk.posting else ""
    if desk.posting and not problem:
        return desk.go("/admin/paymentmodes", "Payment mode saved.")
    rows, gateways = desk.site.db.rows("payment_modes"), desk.site.settings.gateways
    return desk.page("modes.html", rows=rows, gateways=gateways, problem=problem)


def delete_tax(desk: Desk, tax: int) -> Response:
    """Delete a tax; lines that bear its name keep it."""
    Staff(desk.site).delete("taxes", tax)
    return desk.go("/admin/taxes", "Tax deleted.")


def _sum(amounts: Iterable[str | None]) -> Decimal:
    return sum((Decimal(amount or 0) for amount in amounts), Decimal(0))


def _saved_tax(desk: Desk) -> str:
    try:
        name = forms.needed(desk.form, "name", "Name")
        rate = forms.number(desk.form, "taxrate", "Rate")
    except forms.FormError as error:
        return str(error)
    _store(desk, "taxes", {"name": name, "taxrate": rate})
    return ""


def _saved_mode(desk: Desk) -> str:
    try:
        name = forms.needed(desk.form, "name", "Name")
    except forms.FormError as error:
        return str(error)
    _store(desk, "payment_modes", {"name": name, "active": desk.form.get("active", "0")})
    return ""


def _store(desk: Desk, table: str, columns: dict[str, str]) -> None:
    staff, identity = Staff(desk.site), desk.form.get("id", "")
    if identity:
        staff.edit(table, identity, **columns)
    else:
        staff.create(table, **columns)
