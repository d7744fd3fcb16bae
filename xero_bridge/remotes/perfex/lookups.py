"""Currencies, countries and the time zone: by batch, else by custom tables, else from invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from xero_bridge.core.entity import Lookups
from xero_bridge.core.errors import Refused
from xero_bridge.entities.tax import TAX
from xero_bridge.entities.wire import WireError, read
from xero_bridge.remotes.perfex import lists, rows
from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.batch import ALL_COUNTRIES, MOST_ROWS, Operation, Outcome
from xero_bridge.remotes.perfex.problems import Gone, NoData

_CURRENCIES, _COUNTRIES = "tblcurrencies", "tblcountries"


class Found(msgspec.Struct, kw_only=True):
    """What could be found out; what could not is empty."""

    #: Perfex currency id -> ISO code.
    currencies: dict[str, str] = {}
    base_currency: str = ""
    #: Perfex country id -> short name.
    countries: dict[str, str] = {}
    #: Two-letter code -> Perfex country id.
    country_codes: dict[str, str] = {}
    time_zone: str = ""
    #: Keys of the taxes: no module shows those of all lines.
    taxes: tuple[str, ...] = ()


class _Module(Protocol):
    api: Api

    @property
    def modern(self) -> bool: ...

    def batch(self, operations: Sequence[Operation]) -> Sequence[Outcome] | None: ...

    def refuses(self, feature: str) -> bool: ...

    def refused(self, feature: str) -> None: ...


def find(module: _Module) -> Found:
    """Look everything up, in one call where the module has batches."""
    found = Found()
    outcomes = module.batch(
        [
            Operation(tool="list_currencies", arguments={"limit": MOST_ROWS}),
            Operation(tool="list_countries", arguments={"limit": ALL_COUNTRIES}),
            Operation(tool="get_current_datetime"),
            Operation(tool="list_taxes", arguments={"limit": MOST_ROWS}),
        ]
    )
    if outcomes:
        _take_currencies(found, _members(outcomes[0]))
        _take_countries(found, _members(outcomes[1]))
        found.time_zone = _zone(outcomes[2])
        found.taxes = _keys_of(_members(outcomes[3]))
    if not found.currencies:
        _take_currencies(found, _table(module, _CURRENCIES))
    if not found.countries:
        _take_countries(found, _table(module, _COUNTRIES))
    if not found.currencies:
        _harvest(module.api, found)
    if not outcomes:
        found.taxes = _tax_keys(module.api)
    return found


def _take_currencies(found: Found, records: Iterable[rows.Members]) -> None:
    for record in records:
        code = _text(record.get("name"))
        found.currencies[rows.as_text(record.get("id"))] = code
        if rows.as_text(record.get("isdefault")) == "1":
            found.base_currency = code


def _take_countries(found: Found, records: Iterable[rows.Members]) -> None:
    for record in records:
        id = rows.as_text(record.get("country_id"))
        found.countries[id] = _text(record.get("short_name"))
        code = _text(record.get("iso2")).lower()
        if code:
            found.country_codes[code] = id


def _table(module: _Module, table: str) -> list[rows.Members]:
    """A custom table, empty where it is not allowed; a refusal is remembered, never probed."""
    feature = f"table:{table}"
    if not module.modern or module.refuses(feature):
        return []
    try:
        top, _ = module.api.read("thirdparty", "customtable", table)
    except NoData:
        return []
    except (Gone, Refused):
        module.refused(feature)
        return []
    return rows.members_of(lists.array(top))


def _harvest(api: Api, found: Found) -> None:
    """Invoice rows bear the name of their currency and whether it is the base."""
    for page in _invoice_pages(api):
        for record in page:
            code, id = _text(record.get("name")), rows.as_text(record.get("currency"))
            if code and id:
                found.currencies[id] = code
            if code and rows.as_text(record.get("isdefault")) == "1":
                found.base_currency = code
        if found.base_currency:
            return


def _invoice_pages(api: Api) -> Iterator[list[rows.Members]]:
    listing = lists.Listing(path="invoices", row=lambda members: rows.row(members, "id"))
    try:
        for page in lists.pages(api, listing):
            yield [msgspec.json.decode(row.raw, type=rows.Members) for row in page]
    except (Gone, Refused):
        return


def _tax_keys(api: Api) -> tuple[str, ...]:
    """The keys of all taxes; none where the token may not read them."""
    assert TAX.perfex is not None
    try:
        listed = lists.plain(api, TAX.perfex.path)
        return _keys_of(msgspec.json.decode(raw, type=rows.Members) for raw in listed)
    except (Gone, Refused):
        return ()


def _keys_of(records: Iterable[rows.Members]) -> tuple[str, ...]:
    """The keys of these taxes; none where one makes no sense: it could be the one that fits."""
    codec = TAX.perfex
    assert codec is not None
    try:
        return tuple(sorted(read(codec, rows.encoded(one), Lookups()).id for one in records))
    except WireError:
        return ()


def _members(outcome: Outcome) -> list[rows.Members]:
    return rows.members_of(outcome.result) if outcome.result else []


def _zone(outcome: Outcome) -> str:
    told: Any = msgspec.json.decode(outcome.result) if outcome.result else None
    zone = told.get("timezone") if isinstance(told, dict) else None
    return zone if isinstance(zone, str) else ""


def _text(raw: msgspec.Raw | None) -> str:
    value = msgspec.json.decode(raw) if raw else None
    return value.strip() if isinstance(value, str) else ""
