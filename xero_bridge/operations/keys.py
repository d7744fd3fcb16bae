"""The settings of a connection as a person sets them: what each key means and accepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

import msgspec

from xero_bridge.core.entity import Entity, Owner
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.problems import NotAccepted, unknown

#: Kinds that are mapped, not carried over: they have no direction that a person could choose.
_CARRIED = tuple(kind for kind, entity in ENTITIES.items() if entity.births)
_TAG = re.compile(r"[A-Z0-9][A-Z0-9-]{0,7}", re.IGNORECASE)
_SWITCH = {"on": True, "off": False}

#: A stored setting: text, number or switch as JSON holds it.
Stored = str | int | bool


@dataclass(frozen=True, kw_only=True)
class SettingKey:
    """One key of `connection set`: its meaning, what it accepts, and how a text is read."""

    name: str
    meaning: str
    accepts: str
    default: str
    #: Raises ValueError saying what is wrong.
    parse: Callable[[str], Stored]
    #: The values to choose from, where they are few.
    choices: tuple[str, ...] = ()
    #: Key of an account: its value is looked up in Xero's chart of accounts.
    is_account: bool = False
    #: What is planned does not depend on it.
    pacing: bool = False


def setting_key(name: str) -> SettingKey:
    """The key of that name; raises `NotAccepted` with those that come near."""
    found = KEYS.get(name)
    if found is None:
        raise unknown("setting", name, KEYS)
    return found


def parsed(name: str, text: str) -> Stored | None:
    """The value to store, None for an empty text: the default; raises `NotAccepted`."""
    key = setting_key(name)
    if not text.strip():
        return None
    try:
        return key.parse(text.strip())
    except ValueError as error:
        message = f"{name} cannot be {text!r}: {error} It takes {key.accepts}."
        raise NotAccepted(message, field=name) from error


def value_of(settings: Settings, name: str) -> str:
    """The value in force of a key, as `connection set` would take it."""
    family, _, member = name.partition(".")
    if family == "direction":
        return str(settings.direction.get(member) or ENTITIES[Kind(member)].direction)
    if family == "births":
        kind, _, side = member.partition(".")
        default = ENTITIES[Kind(kind)].births.get(Side(side), Births.IGNORE)
        return str(settings.births.get(member) or default)
    if family == "owner":
        return settings.owner.get(member) or Owner.BIRTH.value
    return shown(getattr(settings, name))


def shown(value: object) -> str:
    """A setting as text."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


# --- readers of values ---------------------------------------------------------------------------


def _text(text: str) -> str:
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"it is not a whole number between {least} and {most}.")
        return int(text)

    return parse


def _money(most: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError("it is not an amount.") from None
        if not value.is_finite() or not 0 <= value <= Decimal(most):
            raise ValueError(f"it is not between 0 and {most}.")
        return f"{value:f}"

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        found = next((choice for choice in choices if choice.lower() == text.lower()), None)
        if found is None:
            raise ValueError("there is no such choice.")
        return found

    return parse


def _switch(text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise ValueError("it is neither on nor off.")
    return _SWITCH[text.lower()]


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("it is not a date.") from None


def _tag(text: str) -> str:
    if not _TAG.fullmatch(text):
        raise ValueError("it may have up to eight letters, digits and hyphens.")
    return text.upper()


def _time_zone(text: str) -> str:
    found = next((zone for zone in available_timezones() if zone.lower() == text.lower()), None)
    if found is None:
        raise ValueError("there is no such time zone.")
    return found


# --- the table -----------------------------------------------------------------------------------

_ACCOUNT = "an account code or AccountID of Xero"
_DEFAULTS = Settings()


def _key(
    name: str,
    meaning: str,
    accepts: str,
    parse: Callable[[str], Stored],
    **more: Any,  # noqa: ANN401 - members of the key
) -> SettingKey:
    default = shown(getattr(_DEFAULTS, name))
    return SettingKey(
        name=name, meaning=meaning, accepts=accepts, parse=parse, default=default, **more
    )


def _account(name: str, meaning: str) -> SettingKey:
    return _key(name, meaning, _ACCOUNT, _text, is_account=True)


def _choice(name: str, meaning: str, *choices: str) -> SettingKey:
    accepts = " or ".join(choices)
    return _key(name, meaning, accepts, _one_of(*choices), choices=choices)


def _on_off(name: str, meaning: str) -> SettingKey:
    return _key(name, meaning, "on or off", _switch, choices=("on", "off"))


def _number(name: str, meaning: str, least: int, most: int, *, pacing: bool = False) -> SettingKey:
    accepts = f"a whole number between {least} and {most:,}"
    return _key(name, meaning, accepts, _whole(least, most), pacing=pacing)


_PLAIN = (
    _account("sales_account", "Account of invoice lines"),
    _account(
        "purchase_account", "Account of purchase orders, and of bill lines without a category"
    ),
    _account("rounding_account", "Account of the visible line that takes a cent of rounding"),
    _account(
        "discount_account", "Account of discounts after tax and adjustments; else sales_account"
    ),
    _choice(
        "rounding_policy",
        "A cent of difference: a visible line, or hold the document",
        "line",
        "hold",
    ),
    _key(
        "rounding_limit",
        "Most that a rounding line may take, per taxed line, in the document's currency",
        "an amount up to 1",
        _money("1"),
    ),
    _choice("invoice_status", "How invoices arrive in Xero", "DRAFT", "AUTHORISED"),
    _choice("bill_status", "How bills arrive in Xero", "DRAFT", "AUTHORISED"),
    _key(
        "start_date",
        "Documents dated before it are linked if found, not created",
        "a date such as 2026-01-31",
        _day,
    ),
    _on_off("open_before_start", "Create older documents too while they are unpaid"),
    _number("poll_minutes", "Minutes between looks while something changes", 1, 1440, pacing=True),
    _choice("expense_as", "How expenses arrive in Xero", "spend", "bill", "auto"),
    _key(
        "expense_contact", "Xero contact of expenses without a supplier", "a contact's name", _text
    ),
    _on_off(
        "expense_consent",
        "Enter paid expenses as money spent on accounts with a bank feed too, not as bills",
    ),
    _choice(
        "expense_rule",
        "Money spent and bills of Xero that become Perfex expenses: none, or those on accounts of "
        "expense categories",
        "off",
        "accounts",
    ),
    _key(
        "expense_rule_contacts",
        "The only contacts that expense_rule admits; nothing means all",
        "contacts' names separated by semicolons",
        _text,
    ),
    _choice("lock_policy", "A document in a locked period: hold it, or ask", "hold", "ask"),
    _choice(
        "void_policy",
        "Voiding what the other side removed: ask, or do it where it is safe",
        "ask",
        "automatic",
    ),
    _number(
        "guard_max_count",
        "A plan that changes or removes more records stops and asks",
        0,
        1_000_000,
    ),
    _number("guard_max_percent", "The same, in percent of the linked records", 0, 100),
    _key(
        "guard_max_amount",
        "A plan that changes or removes documents of more money stops and asks",
        "an amount",
        _money("1000000000000"),
    ),
    _number("call_reserve", "Xero calls of a day that are kept for people", 0, 5000, pacing=True),
    _key(
        "site_tag",
        "Opens the bridge's marks in Xero; fixed once something is linked",
        "up to eight letters",
        _tag,
    ),
    _key("time_zone", "Time zone of the Perfex site", "a name such as Europe/London", _time_zone),
    _number("number_padding", "Digits of Perfex's document numbers (its own setting)", 0, 12),
    _number(
        "perfex_hourly",
        "Requests an hour that the bridge takes of the Perfex token's quota",
        10,
        100_000,
        pacing=True,
    ),
)


def _direction(kind: Kind, entity: Entity) -> SettingKey:
    choices = tuple(d.value for d in Direction if d in entity.directions)
    return SettingKey(
        name=f"direction.{kind}",
        meaning=f"Which side's changes of linked {entity.plural} are carried over",
        accepts=" or ".join(choices),
        default=entity.direction.value,
        parse=_one_of(*choices),
        choices=choices,
    )


def _births(kind: Kind, entity: Entity, side: Side) -> SettingKey:
    choices = tuple(policy.value for policy in Births)
    return SettingKey(
        name=f"births.{kind}.{side}",
        meaning=f"{entity.plural.capitalize()} that exist in {side.value.capitalize()} only",
        accepts=" or ".join(choices),
        default=entity.births.get(side, Births.IGNORE).value,
        parse=_one_of(*choices),
        choices=choices,
    )


def _owner(kind: Kind, entity: Entity) -> SettingKey:
    choices = tuple(owner.value for owner in Owner)
    return SettingKey(
        name=f"owner.{kind}",
        meaning=f"Whose text holds where both sides changed that of one of the {entity.plural}",
        accepts=" or ".join(choices),
        default=Owner.BIRTH.value,
        parse=_one_of(*choices),
        choices=choices,
    )


def _has_texts(entity: Entity) -> bool:
    """Whether anything in it belongs to the side of birth."""
    owned = (facet for facet in entity.facets.values() if facet.owner is Owner.BIRTH)
    return any(not facet.sensitive for facet in owned)


KEYS: Mapping[str, SettingKey] = {
    key.name: key
    for key in (
        *_PLAIN,
        *(_direction(kind, ENTITIES[kind]) for kind in _CARRIED),
        *(_births(kind, ENTITIES[kind], side) for kind in _CARRIED for side in Side),
        *(_owner(kind, ENTITIES[kind]) for kind in _CARRIED if _has_texts(ENTITIES[kind])),
    )
}

assert {name for name in KEYS if "." not in name} | {"direction", "births", "owner"} == {
    each.name for each in msgspec.structs.fields(Settings)
}, "every setting has its key"
