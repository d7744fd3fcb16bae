"""Where a person finds a record: its page in Perfex and in Xero."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.ports import Store
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.context import remembered
from xero_bridge.operations.services import Services

_PERFEX = {
    Kind.CUSTOMER: "admin/clients/client",
    Kind.VENDOR: "admin/purchase/vendor",
    Kind.INVOICE: "admin/invoices/list_invoices",
    Kind.CREDIT_NOTE: "admin/credit_notes/list_credit_notes",
    Kind.PAYMENT: "admin/payments/payment",
    Kind.EXPENSE: "admin/expenses/list_expenses",
    Kind.PURCHASE_ORDER: "admin/purchase/purchase_order",
}
#: Paths behind Xero's sign-in page (Xero's guide to deep links); kinds without a page of their own
#: lead to their list.
_XERO = {
    Kind.CUSTOMER: "/Contacts/View/{id}",
    Kind.VENDOR: "/Contacts/View/{id}",
    Kind.ITEM: "/Inventory/",
    Kind.INVOICE: "/AccountsReceivable/View.aspx?InvoiceID={id}",
    Kind.CREDIT_NOTE: "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID={id}",
    Kind.PAYMENT: "/Bank/ViewTransaction.aspx?bankTransactionID={id}",
    Kind.EXPENSE: "/Bank/ViewTransaction.aspx?bankTransactionID={id}",
    Kind.PURCHASE_ORDER: "/Accounts/Payable/PurchaseOrders/View/{id}/",
}
_XERO_API, _XERO_SITE = "api.xero.com", "https://go.xero.com"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The addresses of one connection's records; empty where a record has no page."""

    site_url: str
    xero_site: str
    short_code: str

    def of(self, key: Key | None) -> str:
        """The page of a record in its own system."""
        if key is None or not key.id:
            return ""
        return self._in_perfex(key) if key.side is Side.PERFEX else self._in_xero(key)

    def _in_perfex(self, key: Key) -> str:
        path = _PERFEX.get(key.kind)
        return f"{self.site_url}/{path}/{key.id}" if path and self.site_url else ""

    def _in_xero(self, key: Key) -> str:
        path = _XERO.get(key.kind)
        if not path or not self.short_code:
            return ""
        target = quote(path.format(id=key.id), safe="/")
        code = quote(self.short_code, safe="!")
        login = "organisationlogin/default.aspx"
        return f"{self.xero_site}/{login}?shortcode={code}&redirecturl={target}"


def addresses(services: Services, store: Store) -> Addresses:
    """The addresses of a connection, as far as its sides were read."""
    facts = store.facts()
    site = remembered(facts, "site", Site)
    organisation = remembered(facts, "organisation", Organisation)
    api = urlsplit(services.environment.xero_api_url)
    xero_site = _XERO_SITE if api.hostname == _XERO_API else f"{api.scheme}://{api.netloc}"
    return Addresses(
        site_url=site.url.rstrip("/") if site else "",
        xero_site=xero_site,
        short_code=organisation.short_code if organisation else "",
    )
