"""What invoices come to and what they may name (checklist rows 27 to 29 and 34 to 36)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.xero import XeroSimulator


def line(quantity: object, price: object, **more: Any) -> dict[str, Any]:
    return {
        "Description": "Work",
        "Quantity": quantity,
        "UnitAmount": price,
        "AccountCode": "200",
        **more,
    }


@pytest.fixture
def nz(xero: XeroSimulator, api: Api) -> Api:
    """An organisation in New Zealand, where the worked examples of 15 % live."""
    tenant = xero.add_organisation("Harbour Joinery", version="NZ", base_currency="NZD")
    token = xero.issue_token(tenant)["access_token"]
    api.session.headers.update({"Authorization": f"Bearer {token}", "xero-tenant-id": tenant})
    return api


def figures(invoice: Any) -> tuple[Any, ...]:
    return tuple(invoice[name] for name in ("SubTotal", "TotalTax", "Total"))


def new(api: Api, *lines: dict[str, Any], **more: Any) -> Any:
    body = sale(*lines, Contact={"Name": "Figures Ltd"}, **more)
    return api.save("PUT", "Invoices", body, params={"unitdp": "4"})


def refused(api: Api, *lines: dict[str, Any], **more: Any) -> list[str]:
    return api.refused("PUT", "Invoices", sale(*lines, **more))


def test_tax_is_rounded_per_line_and_then_added(nz: Api) -> None:
    invoice = new(nz, line(3, "45.50"), line(1, "19.99"))
    assert [one["TaxAmount"] for one in invoice["LineItems"]] == [
        Decimal("20.48"),
        Decimal(3),
    ]
    assert figures(invoice) == (Decimal("156.49"), Decimal("23.48"), Decimal("179.97"))


def test_inclusive_lines_give_up_their_tax(nz: Api) -> None:
    invoice = new(nz, line(1, "541.25"), LineAmountTypes="Inclusive")
    assert figures(invoice) == (Decimal("470.65"), Decimal("70.60"), Decimal("541.25"))


def test_notax_lines_bear_none_whatever_their_type_says(api: Api) -> None:
    invoice = new(api, line(1, 100, TaxType="OUTPUT2"), LineAmountTypes="NoTax")
    assert figures(invoice) == (100, 0, 100)
    assert invoice["LineItems"][0]["TaxType"] == "NONE"


def test_a_line_without_tax_type_takes_the_tax_of_its_account(api: Api) -> None:
    assert figures(new(api, line(1, 100)))[1] == 20
    assert figures(new(api, line(1, 100, AccountCode="210")))[1] == 0
    assert figures(new(api, line(1, 100, TaxType="NONE")))[1] == 0


@pytest.mark.parametrize(
    ("price", "places", "shown", "total"),
    [("0.125", "2", "0.13", "130.00"), ("0.125", "4", "0.125", "125.00")],
)
def test_unit_prices_keep_four_places_only_with_unitdp(
    api: Api, price: str, places: str, shown: str, total: str
) -> None:
    body = sale(line(1000, price, TaxType="NONE"))
    invoice = api.save("PUT", "Invoices", body, params={"unitdp": places})
    assert invoice["LineItems"][0]["UnitAmount"] == Decimal(shown)
    assert invoice["Total"] == Decimal(total)


def test_a_read_without_unitdp_rounds_the_price_it_shows(api: Api) -> None:
    number = new(api, line(1000, "0.1255", TaxType="NONE"))["InvoiceNumber"]
    assert api.get(f"Invoices/{number}")[0]["LineItems"][0]["UnitAmount"] == Decimal("0.13")
    (exact,) = api.get(f"Invoices/{number}", unitdp="4")
    assert exact["LineItems"][0]["UnitAmount"] == Decimal("0.1255")
    assert exact["Total"] == Decimal("125.5")


def test_half_a_cent_goes_up(api: Api) -> None:
    assert figures(new(api, line("0.33", "12.50"))) == (
        Decimal("4.13"),
        Decimal("0.83"),
        Decimal("4.96"),
    )
    assert new(api, line(1, "-10"), line(1, "12.45", TaxType="RROUTPUT"))["LineItems"][1][
        "TaxAmount"
    ] == Decimal("0.62")
    assert new(api, line(1, "0.50", TaxType="RROUTPUT"))["TotalTax"] == Decimal("0.03")


def test_a_percent_discount_is_rounded_after_it_is_taken(api: Api) -> None:
    invoice = new(api, line(3, "33.33", DiscountRate="12.5", TaxType="NONE"))
    assert invoice["LineItems"][0]["LineAmount"] == Decimal("87.49")
    assert (invoice["IsDiscounted"], invoice["TotalDiscount"]) == (True, Decimal("12.5"))


def test_an_amount_discount_is_taken_from_the_line(api: Api) -> None:
    invoice = new(api, line(2, 50, DiscountAmount="12.34", TaxType="NONE"))
    assert invoice["Total"] == Decimal("87.66")


def test_a_wrong_line_amount_is_refused_with_both_figures(api: Api) -> None:
    (message,) = refused(api, line(1, 100, LineAmount="1.00"))
    assert message == "The line total 1.00 does not match the expected line total 100.00"


def test_two_of_quantity_price_and_amount_suffice(api: Api) -> None:
    by_amount = {"Description": "x", "AccountCode": "200", "TaxType": "NONE"}
    invoice = new(
        api,
        {**by_amount, "Quantity": 3, "LineAmount": "10.00"},
        {**by_amount, "UnitAmount": 4, "LineAmount": "10.00"},
        {**by_amount, "LineAmount": "10.00"},
    )
    shown = [(one["Quantity"], one["UnitAmount"]) for one in invoice["LineItems"]]
    assert shown == [(3, Decimal("3.3333")), (Decimal("2.5"), 4), (1, 10)]
    assert invoice["Total"] == 30


def test_a_line_of_text_only_is_worth_nothing(api: Api) -> None:
    invoice = new(api, line(1, 100), {"Description": "Thank you for your custom"})
    assert invoice["Total"] == 120
    assert invoice["LineItems"][1]["LineAmount"] == 0


def test_a_given_tax_amount_overrides_the_computed_one(api: Api) -> None:
    invoice = new(api, line(1, 100, TaxAmount="19.99"))
    assert figures(invoice) == (100, Decimal("19.99"), Decimal("119.99"))


def test_two_taxes_on_a_line_are_one_rate_of_two_components(api: Api) -> None:
    (rate,) = api.get("TaxRates/TAX001")
    assert rate["EffectiveRate"] == Decimal("22.5")
    assert [one["Rate"] for one in rate["TaxComponents"]] == [20, Decimal("2.5")]
    assert new(api, line(1, "99.99", TaxType="TAX001"))["TotalTax"] == Decimal("22.5")


def test_an_item_fills_what_the_line_leaves_out(api: Api) -> None:
    invoice = api.invoice(LineItems=[{"ItemCode": "cons-hr", "Quantity": 2}])
    (shown,) = invoice["LineItems"]
    assert shown["Description"] == "Consulting, per hour"
    assert (shown["UnitAmount"], shown["AccountCode"], shown["TaxType"]) == (95, "200", "OUTPUT2")
    assert invoice["Total"] == 228


def test_an_approved_invoice_of_nothing_is_paid(api: Api) -> None:
    invoice = new(api, line(1, 10), line(1, -10))
    assert (invoice["Status"], invoice["Total"], invoice["AmountDue"]) == ("PAID", 0, 0)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            [line(-1, 5)],
            "The quantity value '-1.0000' is invalid. Quantity must not be less than zero.",
        ),
        ([line(1, -5)], "The total of the document must not be less than zero."),
        (
            [line(1, 5, AccountCode="999")],
            "Account code '999' is not a valid code for this document.",
        ),
        (
            [line(1, 5, AccountCode="090")],
            "Account code '090' is not a valid code for this document.",
        ),
        (
            [line(1, 5, AccountCode="610")],
            "Account code '610' is not a valid code for this document.",
        ),
        (
            [line(1, 5, AccountCode="240")],
            (
                "Account code '240' has been archived, or has been deleted. "
                "Each line item must reference a valid account."
            ),
        ),
        (
            [line(1, 5, TaxType="INPUT2")],
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
        ),
        (
            [line(1, 5, TaxType="OUTPUT")],
            "The TaxType code OUTPUT does not exist or cannot be used for this type of transaction.",
        ),
        (
            [line(1, 5, TaxType="VAT99")],
            "The TaxType code VAT99 does not exist or cannot be used for this type of transaction.",
        ),
        ([line(1, "1.123456789")], "Account must be valid."),
        ([line(1, 5, ItemCode="NOPE")], "Item code 'NOPE' is not valid."),
        ([line(1, 5, Description="x" * 4001)], "Description must be 4000 characters or less."),
        ([line("99999999", "99999")], "The line amount is too large."),
        ([line(1, 5, DiscountRate=101)], "Discount rate must be between 0 and 100."),
        ([{"Description": "x", "Quantity": 1, "UnitAmount": 1}], "Account code must be specified"),
        ([{"Description": "x", "UnitAmount": 1}], "Quantity and UnitAmount must be specified"),
    ],
)
def test_a_wrong_line_is_refused_with_its_message(
    api: Api, lines: list[dict[str, Any]], message: str
) -> None:
    assert message in refused(api, *lines)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Type": None}, "Invoice Type must be specified"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        (
            {"Contact": {"ContactID": "11111111-2222-4333-8444-555555555555"}},
            "A Contact must be specified for this type of transaction",
        ),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Status": "VOIDED"}, "Invoice not of valid status for creation"),
        ({"CurrencyCode": "CHF"}, "Organisation is not subscribed to currency CHF"),
        ({"DueDate": None}, "Due date must be specified"),
        ({"Url": "shop/1"}, "Url must be a valid absolute url"),
        (
            {"InvoiceNumber": "RÉ-1"},
            "The invoice number must be 255 printable ASCII characters or less.",
        ),
        (
            {"Date": "2024-12-31"},
            "The document date cannot be before the period lock date",
        ),
    ],
)
def test_a_wrong_header_is_refused_with_its_message(
    api: Api, fields: dict[str, Any], message: str
) -> None:
    assert api.refused("PUT", "Invoices", sale(**fields)) == [message]


def test_both_lock_dates_speak_each_with_its_own_words(api: Api) -> None:
    assert api.refused("PUT", "Invoices", sale(Date="2023-03-31")) == [
        "The document date cannot be before the period lock date",
        (
            "The document date cannot be before the end of year lock date, "
            "currently set at 31 March 2023"
        ),
    ]
    assert api.invoice(Date="2025-01-01")["Status"] == "AUTHORISED"


def test_a_bill_takes_no_discount_and_may_repeat_its_number(api: Api) -> None:
    work = line(1, 100, AccountCode="429")
    bill = sale(work, Type="ACCPAY", InvoiceNumber="B-1")
    first, second = (api.save("PUT", "Invoices", bill) for _ in range(2))
    assert first["InvoiceID"] != second["InvoiceID"]
    discounted = {**work, "DiscountRate": 5}
    assert refused(api, discounted, Type="ACCPAY") == [
        "Discounts can only be applied to sales invoices and quotes."
    ]


@pytest.mark.beyond_description
def test_a_draft_may_be_incomplete(api: Api) -> None:
    body = sale({"Description": "To be said"}, Status="DRAFT", DueDate=None)
    draft = api.save("PUT", "Invoices", body)
    assert (draft["Status"], draft["Total"]) == ("DRAFT", 0)


def test_a_sales_number_is_unique_even_after_its_invoice_is_void(api: Api) -> None:
    invoice = api.invoice(InvoiceNumber="S-1")
    assert refused(api, InvoiceNumber="s-1") == ["Invoice # must be unique."]
    api.save("POST", f"Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"})
    assert refused(api, InvoiceNumber="S-1") == ["Invoice # must be unique."]


def test_a_number_used_twice_in_one_batch_is_refused_the_second_time(api: Api) -> None:
    batch = {"Invoices": [sale(InvoiceNumber="S-2"), sale(InvoiceNumber="S-2")]}
    answer = api.call("PUT", "Invoices", batch, params={"summarizeErrors": "false"})
    states = [one["StatusAttributeString"] for one in answer.json()["Invoices"]]
    assert states == ["OK", "ERROR"]


def test_a_bare_post_with_a_known_number_overwrites_that_invoice(api: Api) -> None:
    invoice = api.invoice(InvoiceNumber="S-3")
    after = api.save("POST", "Invoices", sale(InvoiceNumber="S-3", Reference="overwritten"))
    assert after["InvoiceID"] == invoice["InvoiceID"]
    assert after["Reference"] == "overwritten"


def test_missing_numbers_are_the_next_free_ones(api: Api) -> None:
    assert api.invoice()["InvoiceNumber"] == "INV-0001"
    api.invoice(InvoiceNumber="INV-0002")
    assert api.invoice()["InvoiceNumber"] == "INV-0003"


def test_a_foreign_invoice_takes_the_day_rate_unless_one_is_given(api: Api) -> None:
    assert api.invoice()["CurrencyRate"] == 1
    assert api.invoice(CurrencyCode="EUR")["CurrencyRate"] == Decimal("1.17")
    given = api.invoice(CurrencyCode="USD", CurrencyRate="1.2345678")
    assert given["CurrencyRate"] == Decimal("1.234568")


@pytest.mark.beyond_description
def test_a_missing_date_is_today(api: Api) -> None:
    assert api.invoice(Date=None)["DateString"] == "2026-08-03T00:00:00"


def test_the_contact_supplies_account_and_tax_where_the_line_has_none(api: Api) -> None:
    contact = api.contact(
        SalesDefaultAccountCode="210", AccountsReceivableTaxType="ZERORATEDOUTPUT"
    )
    invoice = api.invoice(
        Contact={"ContactID": contact["ContactID"]},
        LineItems=[{"Description": "x", "Quantity": 1, "UnitAmount": 10}],
    )
    assert invoice["LineItems"][0]["AccountCode"] == "210"
    assert invoice["TotalTax"] == 0
