"""The parts of a contact: which fields it has, how they are read, checked and kept."""

import re
from typing import Any

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input

LONGEST = {
    "Name": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "TaxNumber": 50,
    "CompanyNumber": 50,
    "BankAccountDetails": 500,
    "SalesDefaultAccountCode": 10,
    "PurchasesDefaultAccountCode": 10,
    "AccountsReceivableTaxType": 50,
    "AccountsPayableTaxType": 50,
}
ADDRESS = {
    "AddressLine1": 500,
    "AddressLine2": 500,
    "AddressLine3": 500,
    "AddressLine4": 500,
    "City": 255,
    "Region": 255,
    "PostalCode": 50,
    "Country": 50,
    "AttentionTo": 255,
}
ALWAYS_SHOWN = ("City", "Region", "PostalCode", "Country")
PHONE = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
ADDRESS_TYPES = ("STREET", "POBOX")
PHONE_TYPES = ("DDI", "DEFAULT", "FAX", "MOBILE")
LINE_TYPES = ("INCLUSIVE", "EXCLUSIVE", "NONE")
TERM_TYPES = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")
MOST_PERSONS = 5
# Umlauts and other signs beyond ASCII are refused.
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def empty() -> Record:
    """Return the empty slots that every contact has."""
    return {
        "Addresses": {kind: {} for kind in ADDRESS_TYPES},
        "Phones": {kind: {} for kind in PHONE_TYPES},
        "ContactPersons": [],
    }


def read(raw: Input) -> Record:
    """Read the fields that were sent; slots of addresses and phones are merged later by type."""
    sent: Record = {name: raw.text(name) for name in LONGEST if raw.has(name)}
    if "Name" in sent:
        sent["Name"] = " ".join(sent["Name"].split())
    for name in ("SalesDefaultLineAmountType", "PurchasesDefaultLineAmountType"):
        if raw.has(name):
            sent[name] = raw.choice(name, LINE_TYPES, name)
    if raw.has("DefaultCurrency"):
        sent["DefaultCurrency"] = (raw.text("DefaultCurrency") or "").upper()
    if (persons := raw.children("ContactPersons")) is not None:
        sent["ContactPersons"] = [_person(person) for person in persons]
    if terms := raw.child("PaymentTerms"):
        sent["PaymentTerms"] = _terms(terms)
    return sent


def merged_slots(contact: Record, raw: Input) -> Record:
    """Return the address and phone slots after the sent ones replaced those of their type."""
    addresses, phones = dict(contact["Addresses"]), dict(contact["Phones"])
    for address in raw.children("Addresses") or []:
        kind = address.choice("AddressType", ADDRESS_TYPES, "AddressType") or "POBOX"
        addresses[kind] = {name: text for name in ADDRESS if (text := address.text(name))}
    for phone in raw.children("Phones") or []:
        kind = phone.choice("PhoneType", PHONE_TYPES, "PhoneType") or "DEFAULT"
        phones[kind] = {name: text for name in PHONE if (text := phone.text(name))}
    return {"Addresses": addresses, "Phones": phones}


def _person(raw: Input) -> Record:
    names = ("FirstName", "LastName", "EmailAddress")
    person: Record = {name: raw.text(name) or "" for name in names}
    return {**person, "IncludeInEmails": bool(raw.flag("IncludeInEmails"))}


def _terms(raw: Input) -> Record:
    terms: Record = {}
    for side in ("Bills", "Sales"):
        if term := raw.child(side):
            days = term.number("Day")
            kind = term.choice("Type", TERM_TYPES, "PaymentTermType")
            terms[side] = {"Day": int(days or 0), "Type": kind or TERM_TYPES[0]}
    return terms


def problems(books: Books, contact: Record) -> list[str]:
    """Return what is wrong with the fields of a contact, each in Xero's words."""
    found = [
        f"{name} must be {longest} characters or less."
        for name, longest in LONGEST.items()
        if len(contact.get(name) or "") > longest
    ]
    found += _slot_problems(contact)
    emails = [contact.get("EmailAddress"), *(p["EmailAddress"] for p in contact["ContactPersons"])]
    if any(email and not EMAIL.fullmatch(email) for email in emails):
        found.append("Email address must be valid.")
    if re.search(r"[<>]", contact.get("Name") or ""):
        found.append("The contact name contains invalid characters.")
    if len(contact["ContactPersons"]) > MOST_PERSONS:
        found.append("A contact can have at most 5 contact persons.")
    currency = contact.get("DefaultCurrency")
    if currency and currency not in books.currencies:
        found.append(f"Organisation is not subscribed to currency {currency}")
    return found


def _slot_problems(contact: Record) -> list[str]:
    slots = [(ADDRESS, slot) for slot in contact["Addresses"].values()]
    slots += [(PHONE, slot) for slot in contact["Phones"].values()]
    found = [
        f"{name} must be {longest[name]} characters or less."
        for longest, slot in slots
        for name, text in slot.items()
        if len(text) > longest[name]
    ]
    countries = [slot.get("Country", "") for slot in contact["Addresses"].values()]
    if any(re.search(r"[0-9]", country) for country in countries):
        found.append("Country must contain letters only.")
    return found


def shown_addresses(contact: Record) -> list[Record]:
    """Return both address slots, empty texts included."""
    return [
        {"AddressType": kind, **dict.fromkeys(ALWAYS_SHOWN, ""), **contact["Addresses"][kind]}
        for kind in ADDRESS_TYPES
    ]


def shown_phones(contact: Record) -> list[Record]:
    """Return the four phone slots, empty texts included."""
    return [
        {"PhoneType": kind, **dict.fromkeys(PHONE, ""), **contact["Phones"][kind]}
        for kind in PHONE_TYPES
    ]


def shown_fields(contact: Record) -> dict[str, Any]:
    """Return the plain fields that have a value."""
    names = (
        *LONGEST,
        "SalesDefaultLineAmountType",
        "PurchasesDefaultLineAmountType",
        "DefaultCurrency",
    )
    return {name: contact[name] for name in names if contact.get(name)}
