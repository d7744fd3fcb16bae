"""Accounts: Xero's chart of accounts, which Perfex does not have."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import msgspec

from xero_bridge.core.books import AccountTerm
from xero_bridge.core.entity import Codec, Decoded, Entity, Facet, Lookups, Owner
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Direction, Kind, Side
from xero_bridge.entities.dates import xero_instant
from xero_bridge.entities.text import squeeze
from xero_bridge.entities.wire import xero_name

_XERO_ONLY = frozenset({Side.XERO})


class Account(Record, frozen=True, kw_only=True):
    """An account of the chart of accounts; bank accounts may have no code."""

    code: str
    name: str
    type: str
    class_: str
    status: str
    tax_type: str
    #: Of bank accounts only.
    currency: str
    #: Payments on documents can be booked to it.
    takes_payments: bool
    #: Why Xero keeps it for itself (`DEBTORS`, `ROUNDING`), or empty.
    system: str

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}".strip()

    @property
    def closed(self) -> bool:
        return self.status != "ACTIVE"


class XeroAccountWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `Accounts`."""

    account_id: str
    name: str
    type: str
    status: str
    code: str | None = None
    class_: str | None = msgspec.field(default=None, name="Class")
    tax_type: str | None = None
    currency_code: str | None = None
    enable_payments_to_account: bool | None = None
    system_account: str | None = None
    updated_date_utc: str | None = None


def account_term(mirror: Mirror) -> AccountTerm:
    """A stored account as encoders need it."""
    account = mirror.record
    assert isinstance(account, Account)
    return AccountTerm(
        id=mirror.key.id,
        code=account.code,
        name=account.name,
        type=account.type,
        class_=account.class_,
        status=account.status,
        tax_type=account.tax_type,
        currency=account.currency,
        takes_payments=account.takes_payments,
        system=account.system,
    )


def _from_xero(wire: XeroAccountWire, _lookups: Lookups) -> Decoded:
    record = Account(
        code=wire.code or "",
        name=squeeze(wire.name),
        type=wire.type,
        class_=wire.class_ or "",
        status=wire.status,
        tax_type=wire.tax_type or "",
        currency=wire.currency_code or "",
        takes_payments=wire.type == "BANK" or bool(wire.enable_payments_to_account),
        system=wire.system_account or "",
    )
    stamp = wire.updated_date_utc
    updated_at = xero_instant(stamp) if stamp else None
    return Decoded(id=wire.account_id, record=record, updated_at=updated_at)


def _keys(record: Record, _side: Side) -> Sequence[str]:
    assert isinstance(record, Account)
    return (record.code.casefold(),) if record.code else ()


ACCOUNT = Entity(
    kind=Kind.ACCOUNT,
    record=Account,
    singular="account",
    plural="accounts",
    facets={
        name: Facet(
            get=attrgetter(name),
            owner=Owner.XERO,
            held=_XERO_ONLY,
            written=frozenset(),
        )
        for name in ("code", "name", "status", "tax_type")
    },
    perfex=None,
    xero=Codec(
        path="Accounts",
        wire=XeroAccountWire,
        decode=_from_xero,
        id_field="AccountID",
        since=True,
        cadence="daily",
    ),
    direction=Direction.XERO_TO_PERFEX,
    keys=_keys,
)
