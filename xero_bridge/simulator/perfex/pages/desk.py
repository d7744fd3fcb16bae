"""Which staff page stands at which address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.common import Faults
from xero_bridge.simulator.perfex.pages import (
    credit_notes,
    customers,
    invoices,
    items,
    lists,
    machine,
    payments,
    purchases,
)
from xero_bridge.simulator.perfex.pages.render import FOLDER, Desk
from xero_bridge.simulator.perfex.site import Site

Page: TypeAlias = Callable[..., Response]

READ: Final[dict[str, Page]] = {
    "/admin": lists.overview,
    "/admin/clients": customers.index,
    "/admin/clients/client": customers.form,
    "/admin/clients/client/<int:customer>": customers.form,
    "/admin/invoice_items": items.index,
    "/admin/invoices": invoices.index,
    "/admin/invoices/list_invoices": invoices.index,
    "/admin/invoices/list_invoices/<int:invoice>": invoices.view,
    "/admin/invoices/invoice": invoices.form,
    "/admin/invoices/invoice/<int:invoice>": invoices.form,
    "/admin/payments": payments.index,
    "/admin/payments/payment/<int:payment>": payments.view,
    "/admin/credit_notes": credit_notes.index,
    "/admin/credit_notes/list_credit_notes/<int:note>": credit_notes.view,
    "/admin/expenses": purchases.expenses,
    "/admin/purchase/vendors": purchases.vendors,
    "/admin/purchase/purchase_order": purchases.orders,
    "/admin/taxes": lists.taxes,
    "/admin/paymentmodes": lists.modes,
    "/admin/outbox": machine.outbox,
}
WRITE: Final[dict[str, Page]] = {
    "/admin/clients/client": customers.form,
    "/admin/clients/client/<int:customer>": customers.form,
    "/admin/clients/delete/<int:customer>": customers.delete,
    "/admin/invoice_items": items.save,
    "/admin/invoice_items/<int:item>": items.save,
    "/admin/invoice_items/delete/<int:item>": items.delete,
    "/admin/invoices/invoice": invoices.form,
    "/admin/invoices/invoice/<int:invoice>": invoices.form,
    "/admin/invoices/copy/<int:invoice>": invoices.copy,
    "/admin/invoices/delete/<int:invoice>": invoices.delete,
    "/admin/invoices/pay/<int:invoice>": invoices.pay,
    "/admin/invoices/<any(cancel,uncancel,issue):verb>/<int:invoice>": invoices.act,
    "/admin/payments/payment/<int:payment>": payments.view,
    "/admin/payments/delete/<int:payment>": payments.delete,
    "/admin/credit_notes": credit_notes.index,
    "/admin/credit_notes/apply/<int:note>": credit_notes.apply,
    "/admin/credit_notes/refund/<int:note>": credit_notes.refund,
    "/admin/credit_notes/void/<int:note>": credit_notes.void,
    "/admin/credit_notes/delete/<int:note>": credit_notes.delete,
    "/admin/credit_notes/take_back/<int:applied>": credit_notes.take_back,
    "/admin/expenses": purchases.expenses,
    "/admin/expenses/delete/<int:expense>": purchases.delete_expense,
    "/admin/purchase/vendors": purchases.vendors,
    "/admin/purchase/purchase_order": purchases.orders,
    "/admin/purchase/decide/<int:order>": purchases.decide,
    "/admin/taxes": lists.taxes,
    "/admin/taxes/delete/<int:tax>": lists.delete_tax,
    "/admin/paymentmodes": lists.modes,
    "/admin/outbox/empty": machine.empty_outbox,
}
SWITCHES: Final[dict[tuple[str, str], Page]] = {
    ("GET", "/admin/api_log"): machine.log,
    ("POST", "/admin/api_log"): machine.add_fault,
    ("POST", "/admin/api_log/clear"): machine.clear_faults,
}
ADDRESSES: Final = Map(
    [Rule(path, endpoint=page, methods=["GET"]) for path, page in READ.items()]
    + [Rule(path, endpoint=page, methods=["POST"]) for path, page in WRITE.items()],
    strict_slashes=False,
)


def answer(site: Site, faults: Faults, request: Request) -> Response:
    """Answer a request for a staff page."""
    desk = Desk(site, request)
    path = request.path.rstrip("/")
    if path in ("", "/index.php"):
        return redirect(f"{request.script_root}/admin", 302)
    if path == "/style.css":
        return Response((FOLDER / "style.css").read_text("utf-8"), content_type="text/css")
    if (request.method, path) in SWITCHES:
        return SWITCHES[request.method, path](desk, faults)
    try:
        page, arguments = ADDRESSES.bind_to_environ(request.environ).match()
    except HTTPException:
        return desk.missing(f"page {request.path}")
    with site.db.transaction():
        shown: Response = page(desk, **arguments)
        return shown
