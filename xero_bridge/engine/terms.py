"""Mappings as encoders use them: taxes, accounts, payment modes and currencies, checked on use."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.core.books import AccountTerm, TaxTerm
from xero_bridge.core.errors import Held
from xero_bridge.core.ports import Store
from xero_bridge.core.record import Link
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.account import account_term
from xero_bridge.entities.currency import Currency
from xero_bridge.entities.tax import Tax, rate_of, tax_key, taxes_of

_BANK = "BANK"


class Terms:
    """The reference records and mappings of one connection, loaded once."""

    def __init__(self, store: Store, settings: Settings) -> None:
        """Read accounts, tax rates, currencies and the mappings."""
        self._settings = settings
        self._taxes: dict[str, Tax] = {
            mirror.key.id: mirror.record
            for mirror in store.mirrors_of(Kind.TAX, Side.XERO)
            if isinstance(mirror.record, Tax)
        }
        self._tax_numbers = {
            mirror.key.id: mirror.record.number
            for mirror in store.mirrors_of(Kind.TAX, Side.PERFEX)
            if isinstance(mirror.record, Tax) and mirror.record.number and not mirror.gone
        }
        self._currencies = {
            mirror.key.id
            for mirror in store.mirrors_of(Kind.CURRENCY, Side.XERO)
            if isinstance(mirror.record, Currency) and not mirror.gone
        }
        self._accounts: dict[str, AccountTerm] = {}
        for mirror in store.mirrors_of(Kind.ACCOUNT, Side.XERO):
            if not mirror.gone:
                self._keep_account(account_term(mirror))
        self._tax_links = {link.perfex_id: link for link in store.links_of(Kind.TAX)}
        self._mode_links = {link.perfex_id: link for link in store.links_of(Kind.PAYMENT_MODE)}
        self._categories = {link.perfex_id: link for link in store.links_of(Kind.EXPENSE_CATEGORY)}

    def adopt(self, kind: Kind, perfex_id: str, xero_id: str) -> None:
        """Take a mapping that this plan makes: what needs it comes after it."""
        links = {
            Kind.TAX: self._tax_links,
            Kind.PAYMENT_MODE: self._mode_links,
            Kind.EXPENSE_CATEGORY: self._categories,
        }.get(kind)
        if links is not None and perfex_id not in links:
            links[perfex_id] = Link(kind=kind, perfex_id=perfex_id, xero_id=xero_id)

    def _keep_account(self, term: AccountTerm) -> None:
        self._accounts[term.id] = term
        if term.code:
            self._accounts[term.code] = term

    # --- taxes -------------------------------------------------------------------------------

    def tax(self, key: str) -> TaxTerm:
        """The codes of a tax key, checked: it exists, has the same rate, no compound component."""
        link = self._tax_link(key)
        found = self._checked(key, link.xero_id)
        if not found.for_sales:
            raise Held("tax_not_for_sales", tax=key, xero=found.label)
        return TaxTerm(sales=link.xero_id, purchase=link.roles.purchase, rate=found.rate)

    def purchase_tax(self, key: str) -> TaxTerm:
        """The same for what is bought: the code for purchases, else the one for sales if it may."""
        link = self._tax_link(key)
        code = link.roles.purchase or link.xero_id
        found = self._checked(key, code)
        if not found.for_purchases:
            raise Held("tax_not_for_purchases", tax=key, xero=found.label)
        return TaxTerm(sales=link.xero_id, purchase=code, rate=found.rate)

    def _tax_link(self, key: str) -> Link:
        link = self._tax_links.get(key)
        if link is None or not link.xero_id:
            raise Held("tax_unmapped", tax=key)
        return link

    def _checked(self, key: str, code: str) -> Tax:
        found = self._taxes.get(code)
        if found is None or found.closed:
            raise Held("tax_gone", tax=key, xero=code)
        if found.compound:
            raise Held("tax_compound", tax=key, xero=found.label)
        wanted = rate_of(key)
        if wanted != found.rate:
            raise Held(
                "tax_rate_differs",
                tax=key,
                perfex_rate=wanted,
                xero=found.label,
                xero_rate=found.rate,
            )
        return found

    def tax_rate(self, tax_type: str) -> Decimal | None:
        """EffectiveRate in percent, None where the rate is gone."""
        found = self._taxes.get(tax_type)
        return found.rate if found and not found.closed else None

    def perfex_tax(self, tax_type: str) -> str:
        """The Perfex tax key mapped to a TaxType, for sales or purchases."""
        for key, link in sorted(self._tax_links.items()):
            if tax_type in (link.xero_id, link.roles.purchase):
                return key
        raise Held("perfex_tax_unmapped", xero=tax_type)

    def perfex_tax_ids(self, key: str) -> tuple[str, ...]:
        """The ids of the taxes of a key, in its order."""
        parts = [tax_key([(tax.name, tax.rate)]) for tax in taxes_of(key)]
        gone = [part for part in parts if part not in self._tax_numbers]
        if gone:
            raise Held("perfex_tax_gone", tax=gone[0])
        return tuple(self._tax_numbers[part] for part in parts)

    # --- accounts ----------------------------------------------------------------------------

    def account(self, code_or_id: str, purpose: str) -> AccountTerm:
        """An account that may stand on a document line."""
        if not code_or_id:
            raise Held("account_not_chosen", purpose=purpose)
        term = self._accounts.get(code_or_id)
        if term is None or term.status == "DELETED":
            raise Held("account_missing", purpose=purpose, account=code_or_id)
        named = f"{term.code} {term.name}".strip()
        if term.status != "ACTIVE":
            raise Held("account_archived", purpose=purpose, account=named)
        if term.type == _BANK or (term.system and term.system != "ROUNDING"):
            raise Held("account_system", purpose=purpose, account=named)
        return term

    def category_account(self, category: str, name: str) -> AccountTerm:
        """The account that an expense category books to."""
        link = self._categories.get(category)
        if link is None or not link.xero_id:
            raise Held("expense_category_unmapped", category=category, name=name or category)
        return self.account(link.xero_id, f"account of the expense category {name or category}")

    def category_supplier(self, category: str) -> str:
        """The supplier of a category's expenses that name none, or nothing."""
        link = self._categories.get(category)
        return link.roles.supplier if link else ""

    def perfex_category(self, account: str) -> str:
        """The expense category of an account; several categories on one account: the first."""
        wanted = self._accounts.get(account)
        found = (
            category
            for category, link in sorted(self._categories.items(), key=lambda p: _by_number(p[1]))
            if wanted is not None and self._is_account(link, wanted.id)
        )
        return next(found, "")

    def payment_account(self, mode: str) -> AccountTerm:
        """The account of a payment mode: a bank account or one that takes payments."""
        link = self._mode_links.get(mode)
        if link is None or not link.xero_id:
            raise Held("payment_mode_unmapped", mode=mode)
        term = self._accounts.get(link.xero_id)
        trouble = _payment_trouble(term)
        if term is None or trouble:
            named = f"{term.code} {term.name}".strip() if term else link.xero_id
            raise Held("payment_account_unusable", mode=mode, account=named, why=trouble)
        return msgspec.structs.replace(term, bank_feed=link.roles.bank_feed)

    def perfex_mode(self, account_id: str) -> str:
        """The payment mode of an account; several modes on one account: the first by id."""
        for mode, link in sorted(self._mode_links.items(), key=lambda pair: _by_number(pair[1])):
            if self._is_account(link, account_id):
                return mode
        term = self._accounts.get(account_id)
        raise Held(
            "mode_unmapped", account=f"{term.code} {term.name}".strip() if term else account_id
        )

    def _is_account(self, link: Link, account_id: str) -> bool:
        term = self._accounts.get(link.xero_id)
        return term is not None and term.id == account_id

    def mapped_modes(self) -> tuple[str, ...]:
        """The Perfex payment modes that are mapped to an account."""
        return tuple(sorted(mode for mode, link in self._mode_links.items() if link.xero_id))

    def has_currency(self, code: str) -> bool:
        """Whether Xero lists the currency."""
        return code in self._currencies


def _payment_trouble(term: AccountTerm | None) -> str:
    if term is None:
        return "it does not exist"
    if term.status != "ACTIVE":
        return "it is archived"
    if term.type != _BANK and not term.takes_payments:
        return "it is neither a bank account nor open for payments"
    return ""


def _by_number(link: Link) -> tuple[int, str]:
    return (int(link.perfex_id) if link.perfex_id.isdigit() else 1_000_000, link.perfex_id)
