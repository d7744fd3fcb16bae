"""An app leads a person to a record by way of Xero's sign-in page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import requests

from xero_bridge.simulator.common import Server
from xero_bridge.simulator.xero import XeroSimulator


def sent_to(server: Server, code: str, target: str) -> requests.Response:
    login = f"{server.url}/organisationlogin/default.aspx"
    return requests.get(f"{login}?shortcode={quote(code)}&redirecturl={quote(target)}", timeout=20)


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/AccountsReceivable/View.aspx?InvoiceID={invoice}", "/invoices/{invoice}"),
        ("/AccountsPayable/Edit.aspx?InvoiceID={invoice}", "/invoices/{invoice}"),
        ("/Contacts/View/{contact}", "/contacts/{contact}"),
        ("/Bank/ViewTransaction.aspx?bankTransactionID={invoice}", "/payments"),
        ("/Inventory/", "/items"),
    ],
)
def test_a_record_is_shown_in_its_organisation(
    server: Server, xero: XeroSimulator, target: str, page: str
) -> None:
    books = xero.books()
    ids = {
        "invoice": str(books.invoices.values()[0]["InvoiceID"]),
        "contact": str(books.contacts.values()[0]["ContactID"]),
    }
    answer = sent_to(server, str(books.organisation["ShortCode"]), target.format(**ids))
    assert answer.status_code == 200
    assert answer.url.endswith(page.format(**ids))


def test_another_organisation_or_an_unknown_address_is_no_page(
    server: Server, xero: XeroSimulator
) -> None:
    code = str(xero.books().organisation["ShortCode"])
    assert sent_to(server, "!none", "/Inventory/").status_code == 404
    assert sent_to(server, code, "https://elsewhere.example/").status_code == 404
