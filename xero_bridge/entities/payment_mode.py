"""Payment modes: how money came in Perfex, and the Xero account that it went to.

Xero has no payment modes: the candidates of a mode are the accounts that take payments, so this
kind is matched with the mirrors of `account` and has no Xero codec of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Decoded, Entity, Facet, Fit, Lookups, Owner
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Direction, Kind, Side
from xero_bridge.entities.account import Account
from xero_bridge.entities.text import bare, clean, fold, squeeze
from xero_bridge.entities.wire import ABSENT, Loose, as_flag, as_id, as_text


class PaymentMode(Record, frozen=True, kw_only=True):
    """An offline mode (numeric id) or an online gateway (its id is a word, like `stripe`)."""

    name: str
    active: bool = True
    gateway: bool = False

    @property
    def label(self) -> str:
        return self.name


class PerfexPaymentModeWire(msgspec.Struct, frozen=True):
    """A row of `common/payment_mode`; gateways lack most members."""

    id: Loose
    name: Loose
    active: Loose = ABSENT


def _from_perfex(wire: PerfexPaymentModeWire, _lookups: Lookups) -> Decoded:
    mode_id = as_id(wire.id, "id of a payment mode")
    record = PaymentMode(
        name=squeeze(clean(as_text(wire.name))) or mode_id,
        active=as_flag(wire.active) if as_text(wire.active) else True,
        gateway=not mode_id.isdigit(),
    )
    return Decoded(id=mode_id, record=record)


def _keys(record: Record, _side: Side) -> Sequence[str]:
    if isinstance(record, Account):
        return _words(record.name) if record.takes_payments and not record.closed else ()
    assert isinstance(record, PaymentMode)
    return _words(record.name)


def _words(name: str) -> Sequence[str]:
    """The whole name and each longer word: a shared word makes a suggestion."""
    few = 3
    words = {word for word in fold(name).split() if len(word) > few}
    return (fold(name), *sorted(words - {fold(name)}))


def _fit(perfex: Mirror, xero: Mirror, _books: Books) -> Fit:
    mode, account = perfex.record, xero.record
    assert isinstance(mode, PaymentMode)
    assert isinstance(account, Account)
    if account.closed or not account.takes_payments:
        return Fit(agreement=Agreement.NO)
    if fold(mode.name) == fold(account.name):
        return Fit(agreement=Agreement.SAME, why="same name")
    if set(_words(mode.name)) & set(_words(account.name)) or bare(mode.name) in bare(account.name):
        return Fit(agreement=Agreement.MAYBE, why="similar name")
    return Fit(agreement=Agreement.NO)


PAYMENT_MODE = Entity(
    kind=Kind.PAYMENT_MODE,
    record=PaymentMode,
    singular="payment mode",
    plural="payment modes",
    facets={
        "name": Facet(
            get=lambda mode: mode.name,
            owner=Owner.PERFEX,
            held=frozenset({Side.PERFEX}),
            written=frozenset(),
        )
    },
    perfex=Codec(
        path="common/payment_mode",
        wire=PerfexPaymentModeWire,
        decode=_from_perfex,
        id_field="id",
        cadence="daily",
    ),
    xero=None,
    xero_kind=Kind.ACCOUNT,
    direction=Direction.TWO_WAY,
    keys=_keys,
    fit=_fit,
)
