"""Values that a side trims, escapes, rounds or reorders, and how staff enter and edit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tests.scenarios import buying, crediting, spending
from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side

#: Texts as Perfex's database may hold them: its forms escape some, hosts and imports do not.
TEXTS = (
    "Fish & Chips",
    "Fish &amp; Chips &lt;Ltd&gt; &quot;Q&quot; &#039;x&#039;",
    "Twice &amp;amp; escaped &amp;nbsp; here",
    "Line one<br />\r\nLine two<br>Line three",
    "Line one\nLine two\r\n\r\nLine four",
    "   blanks around   ",
    "double  blanks   inside",
    "tab\tand no-break\xa0space",
    "emoji \U0001fab5 and \U0001d4b3",
    "\u05e2\u05d1\u05e8\u05d9\u05ea \u202eright to left\u202c",
    "nul\x00bell\x07escape\x1b[0m",
    "next\x85line and separator\u2028here",
    "zero\u200bwidth\ufeff and soft\xadhyphen",
    "cafe\u0301 and caf\u00e9",
    "VAT|20+ECO|2.50",
    '{"json": [1, "<script>"]}',
    "x" * 191,
    "w " * 140 + "end",
    "\u00e9" * 255 + " tail",
)

#: Line taxes as modules and people write them; the bridge knows one form.
LINE_TAXES = ("VAT|20", "VAT|20.0", "VAT|20.00", None)
PRICES = ("0.01", "33.33", "1234567.89", "0.10")


@dataclass(frozen=True, kw_only=True)
class Story:
    """How records of a kind come about with these texts, and an edit of something else in each."""

    make: Callable[[World], list[str]]
    edit: Callable[[World, str], object]
    #: Whether the edit is written to the other side: neither API changes a payment.
    follows: bool = True


def _customers(world: World) -> list[str]:
    made = []
    for number, text in enumerate(TEXTS):
        columns = dict.fromkeys(("vat", "city", "address", "billing_street", "website"), text)
        customer = world.perfex.staff.create_customer(f"{number} {text}", **columns)
        world.perfex.staff.create_contact(customer, text, text, f"a{number}@b.example")
        made.append(str(customer))
    return made


def _vendors(world: World) -> list[str]:
    buying.allow_tables(world)
    world.sync()
    made = []
    for number, text in enumerate(TEXTS):
        columns = dict.fromkeys(("vat", "city", "address", "billing_street"), text)
        vendor = world.perfex.staff.purchases.create_vendor(f"{number} {text}", **columns)
        world.perfex.staff.purchases.create_contact(vendor, text, text, f"v{number}@b.example")
        made.append(str(vendor))
    return made


def _item(world: World, name: str, price: str, text: str) -> int:
    return world.perfex.staff.create_item(name, price, long_description=text, unit=text[:40])


def _items(world: World) -> list[str]:
    return [
        str(_item(world, f"{number} {text}", PRICES[number % len(PRICES)], text))
        for number, text in enumerate(TEXTS)
    ]


def _invoices(world: World) -> list[str]:
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    return [str(_invoice(world, number, text)) for number, text in enumerate(TEXTS)]


def _invoice(world: World, number: int, text: str) -> int:
    price, tax = PRICES[number % len(PRICES)], LINE_TAXES[number % len(LINE_TAXES)]
    rows = [line(price, text, tax=tax) | {"long_description": text}, line("10.00", text)]
    return world.perfex.staff.create_invoice(
        world.customer, rows, clientnote=text, adminnote=text, terms=text
    )


def _credit_notes(world: World) -> list[str]:
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    return [
        str(crediting.credit_note(world, "33.33", text, adminnote=text, terms=text))
        for text in TEXTS
    ]


def _payments(world: World) -> list[str]:
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    return [
        str(
            world.perfex.staff.record_payment(
                world.bill("100.00"), "33.33", "1", note=text, transactionid=text
            )
        )
        for text in TEXTS
    ]


def _payments_in_xero(world: World) -> list[str]:
    """Xero's payments cannot be edited: it is their Perfex copies that are edited later."""
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    invoices = [world.bill("100.00") for _ in TEXTS]
    world.sync()
    for invoice, text in zip(invoices, TEXTS, strict=True):
        world.pay_in_xero(world.number(invoice), "33.33", "2026-11-20", reference=text[:255])
    world.sync()
    world.approve("receipts")
    return [str(number) for number in range(1, len(TEXTS) + 1)]


# --- born in Xero ----------------------------------------------------------------------------------


def _customers_in_xero(world: World) -> list[str]:
    world.change_settings(
        direction={"customer": Direction.TWO_WAY}, births={"customer.xero": Births.CREATE}
    )
    world.perfex.settings.custom_tables |= {"tblcustomer_groups"}
    made = []
    for number, text in enumerate(TEXTS):
        name = "".join(c for c in f"{number} {text}" if c not in "<>")[:250]
        body = {"Name": name, "TaxNumber": text[:50], "FirstName": text[:50], "LastName": "Lee"}
        found = world.xero_call("PUT", "Contacts", {"Contacts": [body]})["Contacts"]
        made.append(str(found[0]["ContactID"]))
    return made


def _items_in_xero(world: World) -> list[str]:
    world.change_settings(
        direction={"item": Direction.TWO_WAY}, births={"item.xero": Births.CREATE}
    )
    made = []
    for number, text in enumerate(TEXTS):
        price = PRICES[number % len(PRICES)]
        details = {"UnitPrice": price, "AccountCode": "200", "TaxType": "OUTPUT2"}
        body = {"Code": f"I{number}", "Name": f"{number} {text}"[:50], "Description": text}
        sent = {"Items": [{**body, "SalesDetails": details}]}
        made.append(str(world.xero_call("PUT", "Items?unitdp=4", sent)["Items"][0]["ItemID"]))
    return made


def _invoices_in_xero(world: World) -> list[str]:
    """It is their Perfex copies that are edited later."""
    world.change_settings(births={"invoice.xero": Births.CREATE})
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    world.sync()
    (contact,) = world.xero_contacts()
    for number, text in enumerate(TEXTS):
        row = {"Description": text, "Quantity": 1, "UnitAmount": PRICES[number % len(PRICES)]}
        body = {
            "Type": "ACCREC",
            "Status": "AUTHORISED",
            "InvoiceNumber": f"X-{number}",
            "Reference": text[:255],
            "Contact": {"ContactID": contact["ContactID"]},
            "Date": "2026-11-19",
            "DueDate": "2026-12-19",
            "LineItems": [{**row, "AccountCode": "200", "TaxType": "OUTPUT2"}],
        }
        world.xero_call("PUT", "Invoices?unitdp=4", {"Invoices": [body]})
    return [str(number) for number in range(1, len(TEXTS) + 1)]


def _expenses_in_xero(world: World) -> list[str]:
    spending.prepare(world)
    start: object = date(2026, 11, 1)
    world.change_settings(
        expense_rule="accounts", start_date=str(start) if world.database else start
    )
    return [
        spending.enter_in_xero(
            world, Reference=text[:255], LineItems=[spending.a_line(Description=text)]
        )
        for text in TEXTS
    ]


# --- bought ----------------------------------------------------------------------------------------


def _expenses(world: World) -> list[str]:
    spending.prepare(world)
    return [
        str(spending.spend(world, expense_name=text, note=text, reference_no=text))
        for text in TEXTS
    ]


def _orders(world: World) -> list[str]:
    buying.set_up_buying(world)
    buying.buyers(world).create_vendor("Ridgeway Timber Supplies")
    world.sync()
    return [
        str(
            buying.order(
                world,
                buying.boards(item_name=text, description=text),
                buying.boards("33.33", "3"),
                vendornote=text,
                terms=text,
            )
        )
        for text in TEXTS
    ]


# --- edits -----------------------------------------------------------------------------------------


def _edit_contact(world: World, one: str) -> None:
    phone = {"PhoneType": "DEFAULT", "PhoneNumber": "20 5550", "PhoneCountryCode": "44"}
    world.xero_call("POST", f"Contacts/{one}", {"Phones": [phone]})


def _edit_item_in_xero(world: World, one: str) -> None:
    found = world.xero_call("GET", f"Items/{one}?unitdp=4")["Items"][0]
    details = {**found["SalesDetails"], "UnitPrice": "5.55"}
    body = {"Code": found["Code"], "SalesDetails": details}
    world.xero_call("POST", f"Items/{one}?unitdp=4", body)


def _edit_spent(world: World, one: str) -> None:
    world.xero_call("POST", f"BankTransactions/{one}?unitdp=4", {"Date": "2026-11-18"})


def _edit_expense(world: World, one: str) -> None:
    world.perfex.staff.purchases.edit_expense(int(one), amount="81.00")


def _edit_order(world: World, one: str) -> None:
    buying.buyers(world).edit_order(int(one), delivery_date="2026-12-24")


def _edit_customer(world: World, one: str) -> None:
    world.perfex.staff.edit_customer(int(one), phonenumber="+44 20 5550")


def _edit_vendor(world: World, one: str) -> None:
    world.perfex.staff.purchases.edit_vendor(int(one), phonenumber="+44 20 5550")


def _edit_item(world: World, one: str) -> None:
    world.perfex.staff.edit("items", one, rate="5.55")


def _edit_credit_note(world: World, one: str) -> None:
    world.perfex.staff.credits.edit(int(one), date="2026-11-18")


def _edit_invoice(world: World, one: str) -> None:
    world.perfex.staff.edit_invoice(int(one), duedate="2026-12-24")


def _edit_payment(world: World, one: str) -> None:
    world.perfex.staff.edit_payment(int(one), note="banked")


#: Every kind that the bridge writes has its story here, by the side that it is made on; a new kind
#: brings its own.
STORIES: Mapping[tuple[Kind, Side], Story] = {
    (Kind.CUSTOMER, Side.PERFEX): Story(make=_customers, edit=_edit_customer),
    (Kind.CUSTOMER, Side.XERO): Story(make=_customers_in_xero, edit=_edit_contact),
    (Kind.VENDOR, Side.PERFEX): Story(make=_vendors, edit=_edit_vendor),
    (Kind.ITEM, Side.PERFEX): Story(make=_items, edit=_edit_item),
    (Kind.ITEM, Side.XERO): Story(make=_items_in_xero, edit=_edit_item_in_xero),
    (Kind.EXPENSE, Side.PERFEX): Story(make=_expenses, edit=_edit_expense),
    (Kind.EXPENSE, Side.XERO): Story(make=_expenses_in_xero, edit=_edit_spent),
    (Kind.PURCHASE_ORDER, Side.PERFEX): Story(make=_orders, edit=_edit_order),
    (Kind.INVOICE, Side.PERFEX): Story(make=_invoices, edit=_edit_invoice),
    (Kind.INVOICE, Side.XERO): Story(make=_invoices_in_xero, edit=_edit_invoice),
    (Kind.CREDIT_NOTE, Side.PERFEX): Story(make=_credit_notes, edit=_edit_credit_note),
    (Kind.PAYMENT, Side.PERFEX): Story(make=_payments, edit=_edit_payment, follows=False),
    (Kind.PAYMENT, Side.XERO): Story(make=_payments_in_xero, edit=_edit_payment, follows=False),
}
