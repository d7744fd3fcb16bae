"""Our durable signs inside records that the bridge made: they name the record of the other side."""

from __future__ import annotations

import re

from xero_bridge.core.vocabulary import Kind

_PATHS = {
    Kind.INVOICE: "admin/invoices/list_invoices",
    Kind.CREDIT_NOTE: "admin/credit_notes/list_credit_notes",
    Kind.EXPENSE: "admin/expenses/list_expenses",
}


def customer_mark(tag: str, perfex_id: str) -> str:
    """ContactNumber of a contact made from a Perfex customer: `PX-C-41`."""
    return f"{tag}-C-{perfex_id}"


def vendor_mark(tag: str, perfex_id: str) -> str:
    """ContactNumber of a contact made from a Perfex vendor: `PX-V-5`."""
    return f"{tag}-V-{perfex_id}"


def order_mark(tag: str, perfex_id: str) -> str:
    """Reference of a Xero purchase order made from a Perfex one: `PX-PO-12`."""
    return f"{tag}-PO-{perfex_id}"


def item_mark(tag: str, perfex_id: str) -> str:
    """Code of an item made from a Perfex item without a SKU: `PX-I-9`."""
    return f"{tag}-I-{perfex_id}"


def payment_mark(tag: str, perfex_id: str) -> str:
    """Reference of a Xero payment made from a Perfex one: `PX-PAY-551`."""
    return f"{tag}-PAY-{perfex_id}"


def credit_note_mark(tag: str, perfex_id: str) -> str:
    """Reference of a Xero credit note made from a Perfex one: `PX-CN-17`."""
    return f"{tag}-CN-{perfex_id}"


def refund_mark(tag: str, perfex_id: str) -> str:
    """Reference of the Xero payment made from the refund of a credit in Perfex: `PX-RF-3`."""
    return f"{tag}-RF-{perfex_id}"


def xero_payment_mark(tag: str, payment_id: str) -> str:
    """Transaction id of a Perfex payment made from a Xero one: `PX-XP-` and its whole PaymentID."""
    return f"{tag}-XP-{payment_id.replace('-', '').lower()}"


def xero_expense_mark(tag: str, xero_id: str) -> str:
    """In the note of a Perfex expense made from Xero: `PX-0f3c5a9e12ab-1`, from the Xero id.

    The number is that of the part, where a document became several expenses.
    """
    document, _, part = xero_id.partition(".")
    return f"{tag}-{document.replace('-', '').lower()[:12]}-{part or 1}"


def expense_mark_in(note: str, tag: str) -> str:
    """Our mark in the note of a Perfex expense, or nothing."""
    found = re.search(rf"\b{re.escape(tag)}-[0-9a-f]{{12}}-\d+\b", note)
    return found[0] if found else ""


def xero_invoice_mark(tag: str, invoice_id: str) -> str:
    """In the admin note of a Perfex invoice made from a Xero one: `PX-XI-` and its InvoiceID."""
    return f"{tag}-XI-{invoice_id.replace('-', '').lower()}"


def noted_mark(note: str, tag: str, letters: str) -> str:
    """The first mark of this tag and sort in a note, else nothing."""
    found = re.search(rf"{re.escape(tag)}-{letters}-\w+", note)
    return found[0] if found else ""


def record_url(site_url: str, kind: Kind, perfex_id: str) -> str:
    """The address of a document in Perfex: the Url of the Xero document made from it."""
    return f"{site_url.rstrip('/')}/{_PATHS[kind]}/{perfex_id}"


def mark_in(text: str | None, tag: str, letters: str) -> str:
    """The text if it is a mark of this tag and sort (`C`, `V`, `I`, `PAY`, `XP`), else nothing."""
    written = (text or "").strip()
    return written if re.fullmatch(rf"{re.escape(tag)}-{letters}-\w+", written) else ""


def url_mark(url: str | None, site_url: str) -> str:
    """The address if it leads to this Perfex site, else nothing."""
    return url if url and site_url and url.startswith(f"{site_url.rstrip('/')}/") else ""
