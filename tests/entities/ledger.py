"""Books for encoders: a UK organisation with the mappings that a test asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from xero_bridge.core.books import AccountTerm, InvoiceState, Organisation, Site, TaxTerm
from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.record import Key, Mirror, Record
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.entities.marks import record_url
from xero_bridge.entities.tax import rate_of, taxes_of
from xero_bridge.entities.wire import read

SITE = "https://crm.example.test"
NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)

XERO_LOOKUPS = Lookups(base_currency="GBP", site_url=SITE)
PERFEX_LOOKUPS = Lookups(
    currencies={"0": "GBP", "2": "GBP", "3": "EUR"},
    countries={"235": "United Kingdom", "55": "Côte d'Ivoire"},
    base_currency="GBP",
    site_url=SITE,
)
SETTINGS = Settings(sales_account="200", rounding_account="860", discount_account="260")

ORGANISATION = Organisation(id="org", name="Org", base_currency="GBP")
PERFEX = Site(url=SITE, version="3.0.3", base_currency="GBP", currencies={"GBP": "2", "EUR": "3"})

TAX_TYPES = {
    "none": "NONE",
    "VAT|20.00": "OUTPUT2",
    "VAT|5.00": "RROUTPUT",
    "ECO|2.50": "TAX001",
    "ECO|2.50+VAT|20.00": "TAX002",
    "Zero|0.00": "ZERORATEDOUTPUT",
}


PURCHASE_TYPES = {
    "none": "NONE",
    "VAT|20.00": "INPUT2",
    "VAT|5.00": "RRINPUT",
    "ECO|2.50": "TAX003",
    "ECO|2.50+VAT|20.00": "TAX004",
    "Zero|0.00": "ZERORATEDINPUT",
}


def account(code: str, name: str, type: str = "REVENUE", currency: str = "") -> AccountTerm:
    return AccountTerm(
        currency=currency,
        id=f"account-{code or name}",
        code=code,
        name=name,
        type=type,
        class_=type,
        status="ACTIVE",
    )


ACCOUNTS = [
    account("200", "Sales"),
    account("260", "Discounts"),
    account("860", "Cents"),
    account("429", "General Expenses", "OVERHEADS"),
    account("493", "Travel", "OVERHEADS"),
    account("", "Shop till", "BANK", "GBP"),
    account("091", "Euro bank", "BANK", "EUR"),
]


@dataclass(kw_only=True)
class Ledger:
    """Implements `core.books.Books` over plain dictionaries."""

    settings: Settings = SETTINGS
    organisation: Organisation = ORGANISATION
    site: Site = PERFEX
    ids: dict[tuple[Kind, str], str] = field(default_factory=dict)
    taxes: dict[str, str] = field(default_factory=lambda: dict(TAX_TYPES))
    #: EffectiveRates of further TaxTypes, beside those that are mapped.
    rates: dict[str, Decimal] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=lambda: {"1": "account-Shop till"})
    #: Xero payments -> AccountID.
    payments: dict[str, str] = field(default_factory=dict)
    #: Expense category -> account.
    categories: dict[str, str] = field(default_factory=lambda: {"4": "429", "1": "493"})
    #: Expense category -> supplier.
    suppliers: dict[str, str] = field(default_factory=dict)
    #: Names of Xero contacts -> ContactID.
    contacts: dict[str, str] = field(default_factory=lambda: {"Sundry Suppliers": "contact-sundry"})
    currencies: tuple[str, ...] = ("GBP", "EUR")
    #: How Xero invoices stand.
    invoices: dict[str, InvoiceState] = field(default_factory=dict)
    #: Currencies of Perfex documents that are not in pounds.
    documents: dict[tuple[Kind, str], str] = field(default_factory=dict)

    def xero_id(self, kind: Kind, perfex_id: str) -> str:
        try:
            return self.ids[kind, perfex_id]
        except KeyError:
            raise Waiting(kind, perfex_id) from None

    def perfex_id(self, kind: Kind, xero_id: str) -> str:
        found = {value: key for (of, key), value in self.ids.items() if of is kind}
        if xero_id not in found:
            raise Waiting(kind, xero_id)
        return found[xero_id]

    def tax(self, key: str) -> TaxTerm:
        if key not in self.taxes:
            raise Held("tax_unmapped", tax=key)
        return TaxTerm(sales=self.taxes[key], rate=rate_of(key))

    def purchase_tax(self, key: str) -> TaxTerm:
        if key not in self.taxes:
            raise Held("tax_unmapped", tax=key)
        return TaxTerm(sales="", purchase=PURCHASE_TYPES[key], rate=rate_of(key))

    def tax_rate(self, tax_type: str) -> Decimal | None:
        mapped = {of: rate_of(key) for key, of in self.taxes.items()}
        return {**self.rates, **mapped}.get(tax_type)

    def perfex_tax(self, tax_type: str) -> str:
        found = {of: key for key, of in (*PURCHASE_TYPES.items(), *self.taxes.items())}
        if tax_type not in found:
            raise Held("perfex_tax_unmapped", xero=tax_type)
        return found[tax_type]

    def account(self, code_or_id: str, purpose: str) -> AccountTerm:
        if not code_or_id:
            raise Held("account_not_chosen", purpose=purpose)
        for term in ACCOUNTS:
            if code_or_id in (term.code, term.id):
                return term
        raise Held("account_missing", purpose=purpose, account=code_or_id)

    def perfex_tax_ids(self, key: str) -> tuple[str, ...]:
        return tuple(f"id of {tax.name}|{tax.rate}" for tax in taxes_of(key))

    def paid_from(self, payments: Sequence[str]) -> str:
        return next((self.payments[one] for one in payments if one in self.payments), "")

    def category_account(self, category: str, name: str) -> AccountTerm:
        if category not in self.categories:
            raise Held("expense_category_unmapped", category=category, name=name)
        return self.account(self.categories[category], f"account of the expense category {name}")

    def category_supplier(self, category: str) -> str:
        return self.suppliers.get(category, "")

    def perfex_category(self, account: str) -> str:
        found = {code: category for category, code in self.categories.items()}
        return found.get(account, "")

    def contact(self, name: str) -> str:
        if name not in self.contacts:
            raise Held("supplier_unknown", supplier=name)
        return self.contacts[name]

    def payment_account(self, mode: str) -> AccountTerm:
        if mode not in self.modes:
            raise Held("payment_mode_unmapped", mode=mode)
        return self.account(self.modes[mode], "payment account")

    def perfex_mode(self, account_id: str) -> str:
        found = {account: mode for mode, account in self.modes.items()}
        if account_id not in found:
            raise Held("mode_unmapped", account=account_id)
        return found[account_id]

    def currency_enabled(self, code: str) -> bool:
        return code in self.currencies

    def payment_modes(self) -> tuple[str, ...]:
        return tuple(sorted(self.modes))

    def number_prefixes(self) -> frozenset[str]:
        return frozenset({"INV-"})

    def document_currency(self, kind: Kind, perfex_id: str) -> str:
        return self.documents.get((kind, perfex_id), "GBP")

    def invoice_state(self, xero_id: str) -> InvoiceState:
        return self.invoices.get(xero_id, InvoiceState())

    def record_url(self, kind: Kind, perfex_id: str) -> str:
        return record_url(self.site.url, kind, perfex_id)


def decoded(kind: Kind, side: Side, raw: bytes, lookups: Lookups | None = None) -> Decoded:
    """A record read the way the clients read it."""
    codec = ENTITIES[kind].codec(side)
    assert codec is not None
    return read(codec, raw, lookups or (PERFEX_LOOKUPS if side is Side.PERFEX else XERO_LOOKUPS))


def mirror(kind: Kind, side: Side, record: Record, id: str = "1") -> Mirror:
    return Mirror(key=Key(kind, side, id), record=record, version=1, first_seen_at=NOW, seen_at=NOW)
