"""The address that apps use to lead a person to a record: signed in to the right organisation."""

import re

from werkzeug.wrappers import Response

from xero_bridge.simulator.xero.page.visit import Visit, slug_of

# Xero's own addresses, and where the playground has the same thing. Payments have no page each.
_PAGES = (
    (r"/AccountsReceivable/ViewCreditNote\.aspx\?creditNoteID=([0-9a-f-]{36})", "credit-notes/{}"),
    (r"/Accounts(?:Receivable|Payable)/\w+\.aspx\?InvoiceID=([0-9a-f-]{36})", "invoices/{}"),
    (r"/Accounts/Payable/PurchaseOrders/View/([0-9a-f-]{36})/?", "purchase-orders/{}"),
    (r"/Contacts/View/([0-9a-f-]{36})/?", "contacts/{}"),
    (r"/Bank/ViewTransaction\.aspx\?bankTransactionID=([0-9a-f-]{36})", "payments"),
    (r"/Inventory/?", "items"),
    (r"/Dashboard/?", ""),
)


def deep_link(visit: Visit) -> Response:
    """Lead to the record of the organisation with that short code."""
    code = visit.request.args.get("shortcode", "")
    target = visit.request.args.get("redirecturl", "")
    for organisation in visit.simulator.organisations:
        if organisation["ShortCode"] == code:
            address = f"/o/{slug_of(organisation)}/{_page(target)}"
            return Response(status=303, headers={"Location": address})
    raise KeyError(code)


def _page(target: str) -> str:
    for pattern, page in _PAGES:
        found = re.fullmatch(pattern, target, re.IGNORECASE)
        if found:
            return page.format(*(part.lower() for part in found.groups()))
    raise KeyError(target)
