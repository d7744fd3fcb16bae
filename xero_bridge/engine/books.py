"""The books as planner and encoders see them: settings, mappings, accounts, parents' ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import msgspec

from xero_bridge.core.books import AccountTerm, InvoiceState, Organisation, Site, TaxTerm
from xero_bridge.core.entity import Encoder, Encoding, Entity, Payload
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.ports import Store
from xero_bridge.core.record import Key, Link
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.engine.contacts import Contacts
from xero_bridge.engine.terms import Terms
from xero_bridge.entities.document.record import prefix_of
from xero_bridge.entities.invoice import Invoice


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """The outcome of trying to encode a record."""

    payload: Payload | None = None
    #: Records born in the same plan that must be linked first.
    parents: tuple[Key, ...] = ()
    #: Why it cannot be encoded.
    error: Held | Waiting | None = None

    @property
    def ok(self) -> bool:
        """Whether there is something to send."""
        return self.error is None

    @property
    def digest(self) -> str:
        """Hash of what would be sent: a refusal holds while this stays the same."""
        return digest_of(self.payload) if self.payload else ""


def digest_of(payload: Payload) -> str:
    """Hash of a payload: its body, and where it goes if not to the path of its kind."""
    body = msgspec.json.encode(payload.body, order="sorted")
    return hashlib.sha256(body + payload.path.encode()).hexdigest()[:32]


class Desk(Protocol):
    """What books are opened on: a run, or a look at what is stored."""

    @property
    def store(self) -> Store:
        """The memory of the connection."""

    @property
    def settings(self) -> Settings:
        """Its settings."""

    @property
    def organisation(self) -> Organisation:
        """The Xero organisation as last read."""

    @property
    def site(self) -> Site:
        """The Perfex site as last read."""

    def direction(self, entity: Entity) -> Direction:
        """The direction chosen for a kind, or its default."""


class LedgerBooks:
    """Look-ups over the store, loaded once per plan. Implements `core.books.Books`."""

    def __init__(self, context: Desk) -> None:
        """Load the reference kinds; parents are looked up as they are needed."""
        self.settings: Settings = context.settings
        self.organisation: Organisation = context.organisation
        self.site: Site = context.site
        self._store = context.store
        self._context = context
        self._terms = Terms(context.store, context.settings)
        self._contacts = Contacts(context.store)
        #: Records that get their other side in this plan.
        self.born: set[Key] = set()
        self._needed: set[Key] = set()
        self._prefixes: frozenset[str] | None = None
        self._ids: dict[Key, str] = {}

    # --- parents -----------------------------------------------------------------------------

    def know(self, links: Iterable[Link]) -> None:
        """Remember links, so that parents need no look-up of their own."""
        for link in links:
            self.adopt(link.kind, link.perfex_id, link.xero_id)

    def adopt(self, kind: Kind, perfex_id: str, xero_id: str) -> None:
        """Remember a link that this plan makes: it is applied before anything that needs it."""
        self._terms.adopt(kind, perfex_id, xero_id)
        self._ids[Key(kind, Side.PERFEX, perfex_id)] = xero_id
        self._ids[Key(kind, Side.XERO, xero_id)] = perfex_id

    def prefetch(self, kind: Kind, side: Side, ids: Iterable[str]) -> None:
        """Look up the links of many parents in one go."""
        wanted = {id_ for id_ in ids if id_ and Key(kind, side, id_) not in self._ids}
        if wanted:
            self.know(self._store.links(kind, side, wanted).values())

    def xero_id(self, kind: Kind, perfex_id: str) -> str:
        """The Xero id of a linked Perfex record, empty for one born in this plan; or `Waiting`."""
        return self._other_id(Key(kind, Side.PERFEX, perfex_id))

    def perfex_id(self, kind: Kind, xero_id: str) -> str:
        """The Perfex id of a linked Xero record, empty for one born in this plan; or `Waiting`."""
        return self._other_id(Key(kind, Side.XERO, xero_id))

    def _other_id(self, key: Key) -> str:
        if key not in self._ids and key not in self.born:
            self.prefetch(key.kind, key.side, [key.id])
        if key in self._ids:
            return self._ids[key]
        if key in self.born:
            self._needed.add(key)
            return ""
        raise Waiting(key.kind, key.id)

    def is_linked(self, key: Key) -> bool:
        """Whether the record has its other side already."""
        self.prefetch(key.kind, key.side, [key.id])
        return key in self._ids

    # --- mappings ----------------------------------------------------------------------------

    def tax(self, key: str) -> TaxTerm:
        """The Xero tax of a Perfex tax key; raises `Held`."""
        return self._terms.tax(key)

    def purchase_tax(self, key: str) -> TaxTerm:
        """The Xero tax of a Perfex tax key on what is bought; raises `Held`."""
        return self._terms.purchase_tax(key)

    def tax_rate(self, tax_type: str) -> Decimal | None:
        """EffectiveRate in percent of a Xero TaxType."""
        return self._terms.tax_rate(tax_type)

    def perfex_tax(self, tax_type: str) -> str:
        """The Perfex tax key of a Xero TaxType; raises `Held`."""
        return self._terms.perfex_tax(tax_type)

    def account(self, code_or_id: str, purpose: str) -> AccountTerm:
        """An active, ordinary Xero account; raises `Held`."""
        return self._terms.account(code_or_id, purpose)

    def perfex_tax_ids(self, key: str) -> tuple[str, ...]:
        """The ids that Perfex gives the taxes of a key; raises `Held`."""
        return self._terms.perfex_tax_ids(key)

    def paid_from(self, payments: Sequence[str]) -> str:
        """AccountID of the account that these Xero payments took, or nothing."""
        found = self._store.mirrors(Kind.PAYMENT, Side.XERO, payments)
        accounts = (getattr(found[one].record, "mode", "") for one in payments if one in found)
        return next((account for account in accounts if account), "")

    def category_account(self, category: str, name: str) -> AccountTerm:
        """The Xero account of a Perfex expense category; raises `Held`."""
        return self._terms.category_account(category, name)

    def category_supplier(self, category: str) -> str:
        """Name of the supplier of a Perfex expense category, or nothing."""
        return self._terms.category_supplier(category)

    def perfex_category(self, account: str) -> str:
        """The Perfex expense category of a Xero account, or nothing."""
        return self._terms.perfex_category(account)

    def contact(self, name: str) -> str:
        """ContactID of the only active Xero contact of that name; raises `Held`."""
        return self._contacts.id_of(name)

    def payment_account(self, mode: str) -> AccountTerm:
        """The account of a Perfex payment mode; raises `Held`."""
        return self._terms.payment_account(mode)

    def perfex_mode(self, account_id: str) -> str:
        """The Perfex payment mode of a Xero account; raises `Held`."""
        return self._terms.perfex_mode(account_id)

    def currency_enabled(self, code: str) -> bool:
        """Whether the organisation is subscribed to the currency."""
        return code == self.organisation.base_currency or self._terms.has_currency(code)

    def payment_modes(self) -> tuple[str, ...]:
        """The Perfex payment modes that are mapped, else all that are known."""
        mapped = self._terms.mapped_modes()
        if mapped:
            return mapped
        known = self._store.mirrors_of(Kind.PAYMENT_MODE, Side.PERFEX)
        return tuple(sorted(mirror.key.id for mirror in known if not mirror.gone))

    def number_prefixes(self) -> frozenset[str]:
        """What stands before the digits of the numbers that Perfex has given its invoices."""
        if self._prefixes is None:
            known = self._store.mirrors_of(Kind.INVOICE, Side.PERFEX)
            labels = (mirror.record.label for mirror in known)
            self._prefixes = frozenset(prefix_of(label) for label in labels if label)
        return self._prefixes

    def document_currency(self, kind: Kind, perfex_id: str) -> str:
        """Currency of a Perfex document, empty where it was not read yet."""
        found = self._store.mirrors(kind, Side.PERFEX, [perfex_id]).get(perfex_id)
        money = found.record.money if found else None
        return money.currency if money else ""

    def invoice_state(self, xero_id: str) -> InvoiceState:
        """How a Xero invoice stood when it was last read."""
        found = self._store.mirrors(Kind.INVOICE, Side.XERO, [xero_id]).get(xero_id)
        if found is None or not isinstance(found.record, Invoice):
            return InvoiceState()
        status = "DELETED" if found.gone else found.record.side_status
        left = found.record.amount_due or Decimal()
        label, issued = found.record.label, found.record.issued
        return InvoiceState(label=label, status=status, left=left, issued=issued)

    def record_url(self, kind: Kind, perfex_id: str) -> str:
        """The Perfex address of a record."""
        from xero_bridge.entities.marks import record_url

        return record_url(self.site.url, kind, perfex_id)

    # --- policies ----------------------------------------------------------------------------

    def direction(self, entity: Entity) -> Direction:
        """The direction chosen for a kind, or its default."""
        return self._context.direction(entity)

    def births(self, entity: Entity, side: Side) -> Births:
        """The births policy chosen for a kind and side, or its default."""
        default = entity.births.get(side, Births.IGNORE)
        return self.settings.births.get(f"{entity.kind}.{side}", default)

    # --- trying ------------------------------------------------------------------------------

    def try_encode(self, encoder: Encoder, encoding: Encoding) -> Encoded:
        """Encode, or say what is in the way; parents born in this plan are named."""
        self._needed = set()
        try:
            payload = encoder(encoding, self)
        except (Held, Waiting) as error:
            return Encoded(error=error)
        return Encoded(payload=payload, parents=tuple(sorted(self._needed)))
