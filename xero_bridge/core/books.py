"""What encoders and the planner look up: settings, mappings, accounts, locks, parents' ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

import msgspec

from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """The Xero organisation of this minute (GET /Organisation)."""

    id: str
    name: str
    base_currency: str
    country: str = ""
    version: str = ""
    short_code: str = ""
    is_demo: bool = False
    class_: str = ""
    #: Binds everyone except advisers.
    period_lock: date | None = None
    #: Binds everyone.
    year_lock: date | None = None

    @property
    def lock(self) -> date | None:
        """The later of both lock dates: documents dated on or before it are closed."""
        return max((day for day in (self.period_lock, self.year_lock) if day), default=None)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The Perfex site as its API shows it."""

    url: str
    #: Version of the REST API module, e.g. `3.0.3`; `2.x` where it tells none.
    version: str
    base_currency: str = ""
    time_zone: str = ""
    capabilities: frozenset[str] = frozenset()
    #: ISO code -> Perfex currency id.
    currencies: dict[str, str] = {}
    #: Perfex country id -> short name, and two-letter code -> country id.
    countries: dict[str, str] = {}
    country_codes: dict[str, str] = {}


class TaxTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A mapped tax: Xero's codes for a Perfex tax (or set of taxes, or `none`)."""

    sales: str
    purchase: str = ""
    #: EffectiveRate in percent of the sales code.
    rate: Decimal = Decimal(0)
    #: Why it cannot be used (reason code), empty when it can.
    trouble: str = ""
    #: What the trouble's sentence needs, e.g. the two rates.
    note: str = ""


class AccountTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A Xero account as encoders need it."""

    id: str
    code: str
    name: str
    type: str
    class_: str
    status: str
    tax_type: str = ""
    currency: str = ""
    takes_payments: bool = False
    system: str = ""
    #: Of the account of a payment mode: the bank's own lines arrive there by themselves.
    bank_feed: bool = False


class InvoiceState(msgspec.Struct, frozen=True, kw_only=True):
    """How a sales invoice stands in Xero."""

    label: str = ""
    #: Xero's Status; empty where the invoice was not read yet.
    status: str = ""
    #: What is left to pay.
    left: Decimal = Decimal()
    issued: date | None = None


class Books(Protocol):
    """Look-ups for encoders.

    Raises `Held` where a person must choose, `Waiting` where a parent is missing.
    """

    settings: Settings
    organisation: Organisation
    site: Site

    def xero_id(self, kind: Kind, perfex_id: str) -> str:
        """The Xero id of a linked Perfex record; raises `Waiting`."""

    def perfex_id(self, kind: Kind, xero_id: str) -> str:
        """The Perfex id of a linked Xero record; raises `Waiting` with the Xero id."""

    def tax(self, key: str) -> TaxTerm:
        """The Xero tax of a Perfex tax key (`none`, `VAT|20.00`, `ECO|2.50+VAT|20.00`).

        Raises `Held` when it is unmapped or the mapping is broken.
        """

    def purchase_tax(self, key: str) -> TaxTerm:
        """The Xero tax of a Perfex tax key on what is bought; `purchase` is its TaxType.

        Raises `Held` when it is unmapped, or cannot stand on purchases.
        """

    def tax_rate(self, tax_type: str) -> Decimal | None:
        """EffectiveRate in percent of a Xero TaxType; None where it is gone or unknown."""

    def perfex_tax(self, tax_type: str) -> str:
        """The Perfex tax key of a Xero TaxType; raises `Held`."""

    def account(self, code_or_id: str, purpose: str) -> AccountTerm:
        """An active Xero account by code or AccountID; raises `Held` naming the purpose."""

    def perfex_tax_ids(self, key: str) -> tuple[str, ...]:
        """The ids that Perfex gives the taxes of a key; raises `Held` for one that it lacks."""

    def paid_from(self, payments: Sequence[str]) -> str:
        """AccountID of the account that the first known of these Xero payments took, or nothing."""

    def category_account(self, category: str, name: str) -> AccountTerm:
        """The Xero account of a Perfex expense category; raises `Held` calling it `name`."""

    def category_supplier(self, category: str) -> str:
        """Name of the supplier that a person gave an expense category, or nothing."""

    def perfex_category(self, account: str) -> str:
        """The Perfex expense category of a Xero account (code or AccountID), or nothing."""

    def contact(self, name: str) -> str:
        """ContactID of the only active Xero contact of that name; raises `Held`."""

    def payment_account(self, mode: str) -> AccountTerm:
        """The account of a Perfex payment mode; raises `Held` when unmapped or not usable."""

    def perfex_mode(self, account_id: str) -> str:
        """The Perfex payment mode of a Xero account (AccountID); raises `Held`."""

    def currency_enabled(self, code: str) -> bool:
        """Whether the organisation is subscribed to the currency."""

    def payment_modes(self) -> tuple[str, ...]:
        """The Perfex payment modes that are mapped, else all that are known."""

    def number_prefixes(self) -> frozenset[str]:
        """What stands before the digits of the numbers that Perfex has given its invoices."""

    def document_currency(self, kind: Kind, perfex_id: str) -> str:
        """ISO code of a Perfex document's currency; empty where it was not read yet."""

    def invoice_state(self, xero_id: str) -> InvoiceState:
        """How a Xero invoice stood when it was last read."""

    def record_url(self, kind: Kind, perfex_id: str) -> str:
        """The Perfex address of a record: the mark on invoices."""
