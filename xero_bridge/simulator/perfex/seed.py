"""What a site holds at its start: the reference lists, and on wish some months of business."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from typing import Any, Final

from xero_bridge.simulator.perfex import seed_more
from xero_bridge.simulator.perfex.books import invoices
from xero_bridge.simulator.perfex.books.money import two_places
from xero_bridge.simulator.perfex.site import Settings, Site
from xero_bridge.simulator.perfex.staff import Staff

# Tables that an administrator of the demo site has allowed.
DEMO_TABLES: Final = frozenset(
    {
        "tbltaxes",
        "tblpayment_modes",
        "tblcurrencies",
        "tblcustomer_groups",
        "tblitem_tax",
        "tblpur_vendor",
        "tblpur_contacts",
        "tblpur_orders",
        "tblpur_order_detail",
    }
)
MODES: Final = ("1", "2", "stripe")


def plant(site: Site, name: str | None) -> None:
    """Fill an empty site; raise ValueError for a seed that does not exist."""
    if name not in (None, "demo"):
        raise ValueError(f"There is no seed {name!r}; choose None or 'demo'.")
    _plant_basics(site)
    if name == "demo":
        _plant_demo(site)


def demo_settings() -> Settings:
    """Return the options of the demo site."""
    return Settings(custom_tables=set(DEMO_TABLES))


def impossible_invoices() -> dict[int, str]:
    """Return the invoices of the demo that Xero cannot hold: id and reason."""
    return {note["invoice"]: note["why"] for note in _read("notes.json")["impossible_invoices"]}


def _plant_basics(site: Site) -> None:
    for table, rows in _read("basics.json").items():
        for row in rows:
            site.db.insert(table, row)
    site.set_option("next_invoice_number", "1")


def _plant_demo(site: Site) -> None:
    staff, today = Staff(site), site.today()
    francs = {"symbol": "CHF", "name": "CHF", "decimal_separator": ".", "placement": "before"}
    staff.create("currencies", **francs, thousand_separator="'", isdefault=0)
    staff.create("customfields", fieldto="invoice", name="PO number", slug="po", type="input")
    for number, form in enumerate(_read("customers.json"), 1):
        _customer(site, staff, form, today - timedelta(days=440 - 7 * number))
    for form in _read("items.json"):
        group = {"Services": 1, "Goods": 2}[form.pop("group")]
        staff.create_item(**form, group_id=group)
    forms = _read("invoices.json")
    for form in forms:
        _invoice(site, staff, form, today)
    site.set_option("next_invoice_number", str(max(form.get("number", 0) for form in forms) + 1))
    seed_more.plant(site, _read)
    site.outbox.clear()


def _customer(site: Site, staff: Staff, form: Mapping[str, Any], since: date) -> None:
    countries = {row["iso2"]: row["country_id"] for row in site.db.rows("countries")}
    currencies = {row["name"]: row["id"] for row in site.db.rows("currencies")}
    country, created = countries[form["country"]], f"{since} 09:14:55"
    identity = staff.create_customer(
        form["company"],
        vat=form["vat"],
        address=form["street"],
        city=form["city"],
        zip=form["zip"],
        country=country,
        billing_street=form["street"],
        billing_city=form["city"],
        billing_zip=form["zip"],
        billing_country=country,
        default_currency=currencies.get(form.get("currency"), 0),
        active=form.get("active", "1"),
        groups_in=form.get("groups", []),
    )
    staff.edit_customer(identity, datecreated=created)
    if form["contact"]:
        first, last, email = form["contact"]
        contact = staff.create_contact(identity, first, last, email)
        staff.edit_contact(contact, datecreated=created)


def _invoice(site: Site, staff: Staff, form: Mapping[str, Any], today: date) -> None:
    issued = today - timedelta(days=form["days"])
    identity = staff.create_invoice(
        form["customer"],
        form["lines"],
        draft=form.get("draft", False),
        number=form.get("number", 0),
        date=issued.isoformat(),
        duedate=(issued + timedelta(days=form["due"])).isoformat(),
        allowed_payment_modes=list(MODES),
        **_header(form),
    )
    stamps = {"datecreated": f"{issued} 10:02:31", **form.get("stored", {})}
    own = {name: form[name] for name in ("prefix",) if name in form}
    staff.edit("invoices", identity, **stamps, **own)
    invoices.settle(site, identity)
    if "po" in form:
        staff.set_custom_field("invoice", identity, 1, form["po"])
    for days, amount, mode in form.get("pay", ()):
        _payment(site, staff, identity, today - timedelta(days=days), amount, mode)
    if form.get("cancelled"):
        staff.cancel_invoice(identity)


def _header(form: Mapping[str, Any]) -> dict[str, Any]:
    """Translate what a seeded invoice says of discount, adjustment, notes and recurrence."""
    kind, mode, amount = form.get("discount", ("", "fixed", "0.00"))
    recurring = {"recurring": form["recurring"]} if "recurring" in form else {}
    parent = {"is_recurring_from": form["child_of"]} if "child_of" in form else {}
    return {
        "discount_type": kind,
        "discount_percent": amount if mode == "percent" else "0.00",
        "discount_total": amount if mode == "fixed" else "0.00",
        "adjustment": form.get("adjustment", "0.00"),
        "clientnote": form.get("note", ""),
        **recurring,
        **parent,
    }


def _payment(  # A payment keeps the moment of its entry apart from its date.
    site: Site, staff: Staff, invoice: int, issued: date, amount: str, mode: str
) -> None:
    row = site.db.get("invoices", invoice) or {}
    left = invoices.left_to_pay(site, row)
    shares = {"all": left, "half": left / 2}
    text = two_places(shares[amount]) if amount in shares else two_places(Decimal(amount))
    reference = f"BACS-{1000 + invoice}" if mode == "1" else ""
    identity = staff.record_payment(
        invoice, text, mode, issued=issued, transactionid=reference or f"ch_{invoice:06d}"
    )
    staff.edit("invoicepaymentrecords", identity, daterecorded=f"{issued} 14:20:05")


def _read(name: str) -> Any:
    text = resources.files("xero_bridge.simulator.perfex.seeds").joinpath(name).read_text("utf-8")
    return json.loads(text)
