"""The playground: what a person does on the pages, an app sees through the API."""

import re
from typing import Any

import pytest
import requests

from tests.simulator.xero.client import Api, receipt
from xero_bridge.simulator.common import Server
from xero_bridge.simulator.xero import XeroSimulator

BOOKS = "/o/harbour-mill-ltd"


@pytest.fixture
def page(server: Server) -> "Person":
    return Person(server.url)


class Person:
    """Somebody with a browser."""

    def __init__(self, url: str) -> None:
        self.url = url

    def look(self, path: str, status: int = 200) -> str:
        answer = requests.get(self.url + path, timeout=5)
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"].startswith("text/html")
        return answer.text

    def send(self, path: str, form: dict[str, str] | None = None, status: int = 200) -> str:
        answer = requests.post(self.url + path, data=form, timeout=5)
        assert answer.status_code == status, answer.text
        return answer.text

    def refused(self, path: str, form: dict[str, str]) -> str:
        return self.send(path, form, status=400)


def fields_of(text: str) -> dict[str, str]:
    """Return the fields of the edit form of an invoice as a browser would send them back."""
    form = text.split('/edit">')[1].split("</form>", maxsplit=1)[0]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        if chosen:
            found[name] = chosen[0][0] or chosen[0][1]
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/calls",
        BOOKS,
        f"{BOOKS}/bills",
        f"{BOOKS}/invoices?status=PAID&q=orc&page=1",
        f"{BOOKS}/invoices/new",
        f"{BOOKS}/invoices/new?Type=ACCPAY",
        f"{BOOKS}/payments",
        f"{BOOKS}/contacts",
        f"{BOOKS}/contacts?archived=1&q=petrie",
        f"{BOOKS}/contacts/new",
        f"{BOOKS}/items",
        f"{BOOKS}/accounts",
        f"{BOOKS}/tax-rates",
        f"{BOOKS}/settings",
        "/o/demo-company-uk/invoices",
    ],
)
def test_every_page_can_be_looked_at(page: Person, path: str) -> None:
    text = page.look(path)
    assert '<link rel="stylesheet" href="/style.css">' in text
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize("path", ["/nothing", "/o/nobody/invoices", f"{BOOKS}/invoices/nothing"])
def test_an_unknown_address_is_a_page_that_says_so(page: Person, path: str) -> None:
    assert "There is no such" in page.look(path, status=404)


def test_the_style_comes_from_the_simulator_itself(server: Server) -> None:
    answer = requests.get(f"{server.url}/style.css", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in answer.text


def test_acting_needs_a_form_and_one_of_this_site(page: Person, server: Server) -> None:
    page.look(f"{BOOKS}/settings/locks", status=404)
    answer = requests.post(
        f"{server.url}{BOOKS}/settings/locks",
        headers={"Origin": "https://elsewhere.example"},
        timeout=5,
    )
    assert answer.status_code == 403


def test_an_invoice_edited_on_its_page_is_read_through_the_api(page: Person, api: Api) -> None:
    invoice = api.invoice(Reference="before")
    path = f"{BOOKS}/invoices/{invoice['InvoiceID']}"
    form = fields_of(page.look(path))
    assert form["line-0-Description"] == "Joinery"
    form |= {"Reference": "after", "line-0-Quantity": "3", "line-1-Description": "Screws"}
    form |= {"line-1-Quantity": "2", "line-1-UnitAmount": "0.50", "line-1-AccountCode": "200"}
    assert "Saved." in page.send(f"{path}/edit", form)
    (after,) = api.get(f"Invoices/{invoice['InvoiceID']}")
    assert after["Reference"] == "after"
    assert [str(line["LineAmount"]) for line in after["LineItems"]] == ["300.0", "1.0"]
    assert after["LineItems"][0]["LineItemID"] == invoice["LineItems"][0]["LineItemID"]


def test_saving_an_unchanged_form_changes_no_figure(page: Person, api: Api) -> None:
    line = {"Description": "x", "Quantity": "1.75", "UnitAmount": "38.1255", "AccountCode": "200"}
    invoice = api.invoice(LineItems=[{**line, "DiscountRate": "12.5"}], unitdp="4")
    path = f"{BOOKS}/invoices/{invoice['InvoiceID']}"
    page.send(f"{path}/edit", fields_of(page.look(path)))
    (after,) = api.get(f"Invoices/{invoice['InvoiceID']}", unitdp="4")
    assert after["LineItems"][0].items() <= invoice["LineItems"][0].items()
    assert after["Total"] == invoice["Total"]


def test_a_discount_and_a_line_can_be_taken_off(page: Person, api: Api) -> None:
    line = {"Description": "x", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}
    invoice = api.invoice(LineItems=[{**line, "DiscountRate": 50}, line])
    path = f"{BOOKS}/invoices/{invoice['InvoiceID']}"
    form = fields_of(page.look(path)) | {"line-0-DiscountRate": "", "line-1-Description": ""}
    page.send(f"{path}/edit", form)
    (after,) = api.get(f"Invoices/{invoice['InvoiceID']}")
    assert [str(one["LineAmount"]) for one in after["LineItems"]] == ["10.0"]
    assert after["IsDiscounted"] is False


def test_the_page_obeys_the_same_rules_and_shows_their_words(page: Person, api: Api) -> None:
    invoice = api.invoice()
    path = f"{BOOKS}/invoices/{invoice['InvoiceID']}"
    form = fields_of(page.look(path)) | {"line-0-AccountCode": "999"}
    text = page.refused(f"{path}/edit", form)
    assert "Account code &#39;999&#39; is not a valid code for this document." in text
    assert page.refused(f"{path}/status", {"Status": "DELETED"}).count('role="alert"') == 1


def test_a_payment_is_recorded_and_deleted_on_the_page(
    page: Person, api: Api, xero: XeroSimulator
) -> None:
    invoice = api.invoice()
    (bank,) = xero.books().accounts.find("code", "090")
    path = f"{BOOKS}/invoices/{invoice['InvoiceID']}"
    form = {"Date": "2026-08-05", "Amount": "120.00", "Reference": "at the desk"}
    text = page.send(f"{path}/pay", {"AccountID": bank["AccountID"], **form})
    assert "PAID" in text
    (payment,) = api.get("Payments", where=f'Invoice.InvoiceID==guid("{invoice["InvoiceID"]}")')
    assert (payment["Amount"], payment["Reference"]) == (120, "at the desk")
    assert "exceeds" in page.refused(f"{path}/pay", {"AccountID": bank["AccountID"], **form})
    assert "at the desk" in page.look(f"{BOOKS}/payments")
    page.send(f"{BOOKS}/payments/{payment['PaymentID']}/delete")
    (after,) = api.get(f"Invoices/{invoice['InvoiceID']}")
    assert (after["Status"], after["AmountDue"]) == ("AUTHORISED", 120)


def test_a_part_paid_invoice_offers_only_what_may_change(page: Person, api: Api) -> None:
    invoice = api.invoice()
    api.pay(invoice, "20.00")
    path = f"{BOOKS}/invoices/{invoice['InvoiceID']}"
    text = page.look(path)
    assert re.search(r'name="line-0-Quantity"[^>]*disabled', text)
    assert 'value="VOIDED"' not in text
    line = {
        "line-0-LineItemID": invoice["LineItems"][0]["LineItemID"],
        "line-0-Description": "Better words",
    }
    page.send(f"{path}/edit", {"Reference": "x", "DueDate": "2026-09-09", **line})
    (after,) = api.get(f"Invoices/{invoice['InvoiceID']}")
    assert (after["Reference"], after["LineItems"][0]["Description"]) == ("x", "Better words")
    assert after["Total"] == 120


def test_an_invoice_is_approved_and_voided_on_its_page(page: Person, api: Api) -> None:
    invoice = api.invoice(Status="DRAFT")
    path = f"{BOOKS}/invoices/{invoice['InvoiceID']}"
    assert "Approve" in page.look(path)
    page.send(f"{path}/status", {"Status": "AUTHORISED"})
    assert "VOIDED" in page.send(f"{path}/status", {"Status": "VOIDED"})
    assert 'name="Status"' not in page.look(path)


def test_a_new_invoice_is_written_on_the_page(page: Person, api: Api) -> None:
    form = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "Contact": "City Limousines",
        "Date": "2026-08-03",
        "DueDate": "2026-08-10",
        "InvoiceNumber": "",
        "Reference": "by hand",
        "CurrencyCode": "GBP",
        "LineAmountTypes": "Exclusive",
        "line-0-Description": "A ride",
        "line-0-Quantity": "1",
        "line-0-UnitAmount": "50",
        "line-0-AccountCode": "200",
    }
    assert "Created." in page.send(f"{BOOKS}/invoices/new", form)
    (made,) = api.get("Invoices", searchTerm="by hand")
    assert (made["InvoiceNumber"], made["Total"]) == ("INV-0001", 60)
    wrong = page.refused(f"{BOOKS}/invoices/new", {**form, "line-0-AccountCode": ""})
    assert "Account code must be specified" in wrong
    assert "A ride" in wrong


def test_a_document_shows_the_calls_that_changed_it(page: Person, api: Api) -> None:
    invoice = api.invoice()
    api.call("PUT", "Payments", receipt(invoice, "1.00"))
    text = page.look(f"{BOOKS}/invoices/{invoice['InvoiceID']}")
    assert "PUT /api.xro/2.0/Invoices" in text
    assert "PUT /api.xro/2.0/Payments" in text


def test_a_contact_is_made_renamed_archived_and_restored(page: Person, api: Api) -> None:
    assert "Created." in page.send(f"{BOOKS}/contacts/new", {"Name": "Page Ltd"})
    (made,) = api.get("Contacts", searchTerm="Page Ltd")
    path = f"{BOOKS}/contacts/{made['ContactID']}"
    page.send(path, {"Name": "Renamed Ltd", "EmailAddress": "a@x.example"})
    page.send(f"{path}/status", {"ContactStatus": "ARCHIVED"})
    (after,) = api.get(f"Contacts/{made['ContactID']}")
    assert (after["Name"], after["ContactStatus"]) == ("Renamed Ltd", "ARCHIVED")
    page.send(f"{path}/status", {"ContactStatus": "ACTIVE"})
    assert api.get(f"Contacts/{made['ContactID']}")[0]["ContactStatus"] == "ACTIVE"
    wrong = page.refused(f"{BOOKS}/contacts/new", {"Name": "renamed ltd"})
    assert "already assigned" in wrong


def test_a_restored_contact_may_not_share_a_name(page: Person, api: Api) -> None:
    contact = api.contact("Twin Ltd")
    path = f"{BOOKS}/contacts/{contact['ContactID']}"
    page.send(f"{path}/status", {"ContactStatus": "ARCHIVED"})
    api.contact("Twin Ltd")
    page.refused(f"{path}/status", {"ContactStatus": "ACTIVE"})


def test_accounts_rates_items_and_currencies_are_kept_on_their_pages(
    page: Person, api: Api
) -> None:
    page.send(
        f"{BOOKS}/accounts/new",
        {"Code": "777", "Name": "Courses", "Type": "REVENUE", "TaxType": "NONE"},
    )
    (account,) = [one for one in api.get("Accounts") if one.get("Code") == "777"]
    page.send(f"{BOOKS}/accounts/{account['AccountID']}/status", {"Status": "ARCHIVED"})
    rate = {"Name": "Half", "component-1": "VAT", "rate-1": "10", "ReportTaxType": "OUTPUT"}
    page.send(f"{BOOKS}/tax-rates/new", rate)
    assert api.get("TaxRates/TAX002")[0]["EffectiveRate"] == 10
    page.send(f"{BOOKS}/tax-rates/TAX002/delete")
    page.send(f"{BOOKS}/items/new", {"Code": "NEW-1", "Name": "New", "UnitPrice": "12.50"})
    page.send(f"{BOOKS}/settings/currency", {"Code": "AUD", "Description": "Australian Dollar"})
    (account,) = api.get(f"Accounts/{account['AccountID']}")
    assert account["Status"] == "ARCHIVED"
    assert api.get("TaxRates/TAX002")[0]["Status"] == "DELETED"
    assert str(api.get("Items/NEW-1")[0]["SalesDetails"]["UnitPrice"]) == "12.5"
    assert "AUD" in {one["Code"] for one in api.get("Currencies")}
    for path, form in (
        ("accounts/new", {"Code": "777", "Name": "Again", "Type": "REVENUE"}),
        ("tax-rates/new", {"Name": ""}),
        ("items/new", {"Code": "NEW-2", "AccountCode": "999"}),
        ("settings/currency", {"Code": "POUND"}),
        ("settings/locks", {"PeriodLockDate": "soon"}),
    ):
        assert 'role="alert"' in page.refused(f"{BOOKS}/{path}", form)


def test_a_lock_date_set_on_the_page_binds_the_api(page: Person, api: Api) -> None:
    page.send(f"{BOOKS}/settings/locks", {"PeriodLockDate": "2026-08-03"})
    (organisation,) = api.get("Organisation")
    assert organisation["PeriodLockDate"] == "/Date(1785715200000+0000)/"
    assert "EndOfYearLockDate" not in organisation
    assert api.call("PUT", "Contacts", {"Name": "Fine"}).ok
    answer = api.call("PUT", "Invoices", {"Type": "ACCREC", "Contact": {"Name": "Fine"}})
    assert "lock date" in answer.text


def test_an_organisation_is_reset_on_its_page(page: Person, api: Api) -> None:
    page.send(f"{BOOKS}/settings/reset")
    assert api.call("GET", "Organisation").status_code == 403
    assert "Harbour &amp; Mill Ltd" in page.look("/")


def test_faults_clock_and_limits_are_switched_on_the_page(
    page: Person, api: Api, xero: XeroSimulator
) -> None:
    text = page.send(
        "/calls/faults", {"kind": "500-before", "method": "GET", "path": "Items", "count": "2"}
    )
    assert "500-before" in text
    assert api.call("GET", "Items").status_code == 500
    page.send("/calls/faults/clear")
    assert api.call("GET", "Items").status_code == 200
    before = xero.clock.now()
    page.send("/calls/clock", {"minutes": "5"})
    assert (xero.clock.now() - before).total_seconds() == 300
    page.send("/calls/limits", {"day": "3000"})
    assert xero.limiter.limits.day == 3000
    for path, form in (
        ("/calls/faults", {"kind": "slow", "count": "x"}),
        ("/calls/clock", {"minutes": "soon"}),
        ("/calls/limits", {"day": "many"}),
    ):
        assert 'role="alert"' in page.refused(path, form)


@pytest.mark.parametrize("kind", ["invoice", "contact"])
def test_links_in_the_style_of_xero_lead_to_the_page(page: Person, api: Api, kind: str) -> None:
    made: Any = api.invoice() if kind == "invoice" else api.contact()
    path = (
        f"/AccountsReceivable/View.aspx?InvoiceID={made['InvoiceID'].upper()}"
        if kind == "invoice"
        else f"/Contacts/View/{made['ContactID']}"
    )
    expected = made.get("InvoiceNumber") or made["Name"]
    assert expected in page.look(path)
    page.look(path.replace(path[-6:], "ffffff"), status=404)


def test_text_from_records_cannot_become_markup(page: Person, api: Api) -> None:
    invoice = api.invoice(Reference="<script>alert(1)</script>")
    text = page.look(f"{BOOKS}/invoices/{invoice['InvoiceID']}")
    assert "<script>" not in text
