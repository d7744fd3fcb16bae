"""A new organisation: its currencies, tax rates and chart of accounts."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from xero_bridge.simulator.common import Record, SimClock, Store
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.resource.account import CLASS_OF
from xero_bridge.simulator.xero.resource.tax_rate import CLASSES

# Records that come with an organisation bear this date, as in Xero's demo data.
LONG_AGO = datetime(2010, 3, 18, 2, 29, 16, tzinfo=UTC)
CURRENCY_NAMES = {
    "GBP": "British Pound",
    "EUR": "Euro",
    "USD": "United States Dollar",
    "NZD": "New Zealand Dollar",
    "AUD": "Australian Dollar",
}
# Code, name, type, default tax, system account.
ACCOUNTS = (
    ("090", "Business Bank Account", "BANK", "NONE", ""),
    ("200", "Sales", "REVENUE", "OUTPUT2", ""),
    ("210", "Sales zero rated", "REVENUE", "ZERORATEDOUTPUT", ""),
    ("260", "Other Revenue", "REVENUE", "OUTPUT2", ""),
    ("270", "Interest Income", "OTHERINCOME", "NONE", ""),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "INPUT2", ""),
    ("400", "Advertising & Marketing", "OVERHEADS", "INPUT2", ""),
    ("404", "Bank Fees", "OVERHEADS", "NONE", ""),
    ("408", "Cleaning", "OVERHEADS", "INPUT2", ""),
    ("412", "Consulting", "OVERHEADS", "INPUT2", ""),
    ("420", "Entertainment", "OVERHEADS", "INPUT2", ""),
    ("429", "General Expenses", "OVERHEADS", "INPUT2", ""),
    ("445", "Light, Power, Heating", "OVERHEADS", "RRINPUT", ""),
    ("449", "Motor Vehicle Expenses", "OVERHEADS", "INPUT2", ""),
    ("461", "Printing & Stationery", "OVERHEADS", "INPUT2", ""),
    ("469", "Rent", "OVERHEADS", "EXEMPTINPUT", ""),
    ("489", "Telephone & Internet", "OVERHEADS", "INPUT2", ""),
    ("493", "Travel", "OVERHEADS", "ZERORATEDINPUT", ""),
    ("610", "Accounts Receivable", "CURRENT", "NONE", "DEBTORS"),
    ("630", "Inventory", "INVENTORY", "NONE", ""),
    ("720", "Computer Equipment", "FIXED", "INPUT2", ""),
    ("800", "Accounts Payable", "CURRLIAB", "NONE", "CREDITORS"),
    ("820", "VAT", "CURRLIAB", "NONE", "GST"),
    ("840", "Historical Adjustment", "CURRLIAB", "NONE", "HISTORICAL"),
    ("860", "Rounding", "CURRLIAB", "NONE", "ROUNDING"),
    ("880", "Owner Drawings", "EQUITY", "NONE", ""),
    ("960", "Retained Earnings", "EQUITY", "NONE", "RETAINEDEARNINGS"),
    ("970", "Owner Funds Introduced", "EQUITY", "NONE", ""),
)
Rate: TypeAlias = tuple[str, str, str, str, bool, bool]
# TaxType, name, percent, what it reports as, whether it suits sales, whether purchases.
UK_RATES: tuple[Rate, ...] = (
    ("OUTPUT2", "20% (VAT on Income)", "20", "OUTPUT", True, False),
    ("RROUTPUT", "5% (VAT on Income)", "5", "OUTPUT", True, False),
    ("ZERORATEDOUTPUT", "Zero Rated Income", "0", "OUTPUT", True, False),
    ("EXEMPTOUTPUT", "Exempt Income", "0", "EXEMPTOUTPUT", True, False),
    ("ECZROUTPUT", "Zero Rated EC Goods Income", "0", "ECOUTPUT", True, False),
    ("ECZROUTPUTSERVICES", "Zero Rated EC Services", "0", "ECOUTPUTSERVICES", True, False),
    ("INPUT2", "20% (VAT on Expenses)", "20", "INPUT", False, True),
    ("RRINPUT", "5% (VAT on Expenses)", "5", "INPUT", False, True),
    ("ZERORATEDINPUT", "Zero Rated Expenses", "0", "INPUT", False, True),
    ("EXEMPTINPUT", "Exempt Expenses", "0", "EXEMPTINPUT", False, True),
    ("REVERSECHARGES", "Reverse Charge Expenses (20%)", "0", "REVERSECHARGES", False, True),
    ("NONE", "No VAT", "0", "NONE", True, True),
)
NZ_RATES: tuple[Rate, ...] = (
    ("OUTPUT2", "15% GST on Income", "15", "OUTPUT", True, False),
    ("INPUT2", "15% GST on Expenses", "15", "INPUT", False, True),
    ("ZERORATED", "Zero Rated", "0", "EXEMPTOUTPUT", True, False),
    ("NONE", "No GST", "0", "NONE", True, True),
)
TIME_ZONES = {"UK": "GMTSTANDARDTIME", "NZ": "NEWZEALANDSTANDARDTIME"}
COUNTRIES = {"UK": "GB", "NZ": "NZ"}


def open_books(
    store: Store,
    books_of: Callable[[str], Books],
    name: str,
    clock: SimClock,
    *,
    tenant: str | None = None,
    version: str = "UK",
    base_currency: str = "GBP",
    currencies: tuple[str, ...] = (),
) -> str:
    """Add an organisation with a standard chart and return its tenantId; UK or NZ."""
    tenant = tenant or str(uuid5(NAMESPACE_URL, f"https://simulator.example/{name}"))
    created = {"CreatedDateUTC": clock.now().replace(microsecond=0)}
    described = _organisation(tenant, name, version, base_currency)
    store.table("organisations").put(tenant, {**described, **created})
    books = books_of(tenant)
    for code in dict.fromkeys((base_currency, *currencies)):
        described = {"Code": code, "Description": CURRENCY_NAMES.get(code, code)}
        books.currencies.put(code, described)
    for rate in UK_RATES if version == "UK" else NZ_RATES:
        add_rate(books, rate)
    for account in ACCOUNTS:
        add_account(books, *account)
    return tenant


def own_id(books: Books, name: str) -> str:
    """Return the id of a record that comes with the organisation; always the same."""
    return str(uuid5(UUID(books.tenant), name))


def add_account(
    books: Books, code: str, name: str, kind: str, tax: str, system: str = "", **extra: object
) -> str:
    """Add an account as if it had always been there; an unknown default tax becomes NONE."""
    account: Record = {
        "AccountID": own_id(books, f"account/{name}"),
        "Code": code or None,
        "Name": name,
        "Status": "ACTIVE",
        "Type": kind,
        "Class": CLASS_OF[kind],
        "TaxType": tax if tax in books.tax_rates else "NONE",
        "EnablePaymentsToAccount": False,
        "ShowInExpenseClaims": False,
        "SystemAccount": system,
        "UpdatedDateUTC": LONG_AGO,
    }
    if kind == "BANK":
        account |= {"CurrencyCode": books.base_currency, "BankAccountType": "BANK"}
        account["BankAccountNumber"] = ""
    books.accounts.put(account["AccountID"], {**account, **extra})
    return str(account["AccountID"])


def add_rate(books: Books, rate: Rate) -> None:
    """Add a system tax rate."""
    code, name, percent, report, sells, buys = rate
    effective = Decimal(percent)
    component = {"Name": "VAT", "Rate": effective, "IsCompound": False, "IsNonRecoverable": False}
    record = {
        "TaxType": code,
        "Name": name,
        "Status": "ACTIVE",
        "ReportTaxType": report,
        "TaxComponents": [component],
        **dict.fromkeys(CLASSES.values(), True),
        "CanApplyToExpenses": buys,
        "CanApplyToRevenue": sells,
        "DisplayTaxRate": effective,
        "EffectiveRate": effective,
        "_system": True,
    }
    books.tax_rates.put(code, record)


def _organisation(tenant: str, name: str, version: str, base_currency: str) -> Record:
    return {
        "OrganisationID": tenant,
        "Name": name,
        "LegalName": name,
        "PaysTax": True,
        "Version": version,
        "OrganisationType": "COMPANY",
        "OrganisationEntityType": "COMPANY",
        "BaseCurrency": base_currency,
        "CountryCode": COUNTRIES.get(version, "GB"),
        "IsDemoCompany": False,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 3,
        "SalesTaxBasis": "ACCRUALS",
        "SalesTaxPeriod": "QUARTERLY",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        "Timezone": TIME_ZONES.get(version, "UTC"),
        "ShortCode": f"!{tenant[:5]}",
        "Edition": "BUSINESS",
        "Class": "COMPREHENSIVE",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
        "_BrandingThemeID": str(uuid5(NAMESPACE_URL, f"{tenant}/theme")),
    }
