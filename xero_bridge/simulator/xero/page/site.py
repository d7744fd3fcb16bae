"""The addresses of the playground."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.xero.page import (
    bank_page,
    call_page,
    contact_page,
    credit_page,
    invoice_page,
    list_page,
    login_page,
    order_page,
    payment_page,
    setting_page,
)
from xero_bridge.simulator.xero.page.visit import Page, Visit, slug_of

if TYPE_CHECKING:
    from xero_bridge.simulator.xero.app import XeroSimulator

STYLE = Path(__file__).parents[1] / "templates" / "style.css"
# What may be looked at; the forms of these pages are sent to themselves.
ORGANISATION_PAGES: dict[str, Page] = {
    "": invoice_page.listed,
    "invoices": invoice_page.listed,
    "bills": invoice_page.listed_bills,
    "invoices/new": invoice_page.new,
    "invoices/<invoice_id>": invoice_page.one,
    "payments": payment_page.listed,
    "credit-notes": credit_page.listed,
    "credit-notes/new": credit_page.new,
    "credit-notes/<credit_id>": credit_page.one,
    "bank-transactions": bank_page.listed,
    "bank-transactions/new": bank_page.new,
    "purchase-orders": order_page.listed,
    "purchase-orders/new": order_page.new,
    "purchase-orders/<order_id>": order_page.one,
    "contacts": contact_page.listed,
    "contacts/new": contact_page.new,
    "contacts/<contact_id>": contact_page.one,
    "items": list_page.items,
    "accounts": list_page.accounts,
    "tax-rates": list_page.tax_rates,
    "settings": setting_page.shown,
}
PAGES: dict[str, Page] = {
    "": setting_page.organisations,
    "calls": call_page.listed,
    "organisationlogin/default.aspx": login_page.deep_link,
    "AccountsReceivable/View.aspx": invoice_page.deep_link,
    "AccountsPayable/View.aspx": invoice_page.deep_link,
    "Contacts/View/<contact_id>": contact_page.deep_link,
}
# What only acts.
ORGANISATION_ACTS: dict[str, Page] = {
    "invoices/<invoice_id>/edit": invoice_page.edit,
    "invoices/<invoice_id>/status": invoice_page.change_status,
    "invoices/<invoice_id>/pay": invoice_page.pay,
    "payments/<payment_id>/delete": payment_page.delete,
    "credit-notes/<credit_id>/status": credit_page.change_status,
    "credit-notes/<credit_id>/allocate": credit_page.allocate,
    "credit-notes/<credit_id>/release": credit_page.release,
    "credit-notes/<credit_id>/refund": credit_page.refund,
    "bank-transactions/<transaction_id>/delete": bank_page.delete,
    "purchase-orders/<order_id>/status": order_page.change_status,
    "contacts/<contact_id>/status": contact_page.change_status,
    "contacts/<contact_id>/merge": contact_page.merge,
    "items/new": list_page.new_item,
    "accounts/new": list_page.new_account,
    "accounts/<account_id>/status": list_page.change_account,
    "tax-rates/new": list_page.new_tax_rate,
    "tax-rates/<code>/delete": list_page.delete_tax_rate,
    "settings/locks": setting_page.set_locks,
    "settings/currency": setting_page.add_currency,
    "settings/reset": setting_page.reset,
}
ACTS: dict[str, Page] = {
    "calls/faults": call_page.add_fault,
    "calls/faults/clear": call_page.clear_faults,
    "calls/clock": call_page.move_clock,
    "calls/limits": call_page.set_limits,
}


class Site:
    """Answers a browser that looks at the simulated Xero."""

    def __init__(self, simulator: "XeroSimulator") -> None:
        self._simulator = simulator
        shown = [_rule(path, page) for path, page in PAGES.items()]
        shown += [_rule(f"o/<slug>/{path}", page) for path, page in ORGANISATION_PAGES.items()]
        acts = [_rule(path, page, "POST") for path, page in ACTS.items()]
        acts += [_rule(f"o/<slug>/{path}", act, "POST") for path, act in ORGANISATION_ACTS.items()]
        self._map = Map([*shown, *acts], strict_slashes=False)

    def answer(self, request: Request) -> Response:
        """Answer with a page; what is unknown gets a 404 page."""
        if request.path == "/style.css":
            return Response(STYLE.read_text(), content_type="text/css; charset=utf-8")
        visit = Visit(simulator=self._simulator, request=request)
        if request.method == "POST" and _is_foreign(request):
            return visit.show("missing.html", http=403, what="This form came from another site.")
        try:
            page, found = self._map.bind("simulator").match(request.path, request.method)
        except HTTPException:
            return visit.show("missing.html", http=404, what="There is no such page.")
        values = dict(found)
        if "slug" not in values:
            return _answered(page, visit, values)
        slug = values.pop("slug")
        known = {slug_of(one): one["OrganisationID"] for one in self._simulator.organisations}
        if slug not in known:
            return visit.show("missing.html", http=404, what="There is no such organisation.")
        books = self._simulator.books(known[slug])
        visit = Visit(simulator=self._simulator, request=request, slug=slug, open_books=books)
        return _answered(page, visit, values)


def _rule(path: str, page: Page, *methods: str) -> Rule:
    return Rule(f"/{path}", endpoint=page, methods=methods or ("GET", "POST"))


def _answered(page: Page, visit: Visit, values: dict[str, str]) -> Response:
    try:
        return page(visit, **values)
    except KeyError:
        # A record in the address that is not (or no longer) there.
        return visit.show("missing.html", http=404, what="There is no such record.")


def _is_foreign(request: Request) -> bool:
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.host
