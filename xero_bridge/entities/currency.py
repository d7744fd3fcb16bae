"""Currencies: both sides name them by their ISO code; Perfex keeps no rates."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Decoded, Entity, Facet, Fit, Lookups, Owner
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Direction, Kind, Side
from xero_bridge.entities.text import clean
from xero_bridge.entities.wire import ABSENT, Loose, WireError, as_flag, as_text, xero_name

_ISO = 3


class Currency(Record, frozen=True, kw_only=True):
    """A currency that a side can use."""

    code: str
    name: str = ""
    base: bool = False

    @property
    def label(self) -> str:
        return self.code


class PerfexCurrencyWire(msgspec.Struct, frozen=True):
    """A row of Perfex's currencies, or what an invoice tells of one."""

    id: Loose
    name: Loose
    isdefault: Loose = ABSENT


class XeroCurrencyWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `Currencies`: only those that the organisation uses."""

    code: str
    description: str | None = None


def iso_code(text: str) -> str:
    """The text as an ISO code; raises WireError for anything else."""
    code = text.strip().upper()
    if len(code) != _ISO or not (code.isascii() and code.isalpha()):
        raise WireError(f"the currency {text!r} is not an ISO code such as EUR.")
    return code


def _from_perfex(wire: PerfexCurrencyWire, _lookups: Lookups) -> Decoded:
    code = iso_code(clean(as_text(wire.name)))
    return Decoded(id=code, record=Currency(code=code, base=as_flag(wire.isdefault)))


def _from_xero(wire: XeroCurrencyWire, lookups: Lookups) -> Decoded:
    code = iso_code(wire.code)
    base = code == lookups.base_currency
    return Decoded(id=code, record=Currency(code=code, name=wire.description or "", base=base))


def _keys(record: Record, _side: Side) -> Sequence[str]:
    assert isinstance(record, Currency)
    return (record.code,)


def _fit(perfex: Mirror, xero: Mirror, _books: Books) -> Fit:
    if perfex.key.id == xero.key.id:
        return Fit(agreement=Agreement.SAME, why="same ISO code")
    return Fit(agreement=Agreement.NO)


CURRENCY = Entity(
    kind=Kind.CURRENCY,
    record=Currency,
    singular="currency",
    plural="currencies",
    facets={"code": Facet(get=lambda money: money.code, owner=Owner.XERO, written=frozenset())},
    perfex=Codec(
        path="currencies",
        wire=PerfexCurrencyWire,
        decode=_from_perfex,
        id_field="id",
        cadence="daily",
    ),
    xero=Codec(
        path="Currencies",
        wire=XeroCurrencyWire,
        decode=_from_xero,
        id_field="Code",
        cadence="daily",
    ),
    direction=Direction.TWO_WAY,
    keys=_keys,
    fit=_fit,
)
