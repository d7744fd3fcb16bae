"""Reads the elements of a request body and says like Xero what cannot be read."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.errors import BadCall, bad_data, no_data
from xero_bridge.simulator.xero.kernel.wire import is_guid, loads, parse_day

TOO_LARGE = Decimal("1e15")  # Beyond every figure that Xero can hold.


class Input:
    """One JSON object of a request; a null counts as absent.

    Every reader raises BadCall (ErrorNumber 14) for a value of the wrong type.
    """

    def __init__(self, raw: Record, path: str) -> None:
        self.raw = raw
        self.path = path

    def has(self, name: str) -> bool:
        """Tell whether the field was sent with a value."""
        return self.raw.get(name) is not None

    def text(self, name: str) -> str | None:
        """Read a text; a number is taken as its digits."""
        value = self.raw.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, (dict, list, bool)):
            raise self._wrong(name, "System.String")
        return str(value)

    def number(self, name: str) -> Decimal | None:
        """Read a number, which may be a JSON string."""
        value = self.raw.get(name)
        if value is None:
            return None
        if isinstance(value, (bool, dict, list)):
            raise self._wrong(name, "System.Decimal")
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation as error:
            raise self._wrong(name, "System.Decimal") from error
        if not number.is_finite() or abs(number) >= TOO_LARGE:
            raise self._wrong(name, "System.Decimal")
        return number

    def day(self, name: str) -> date | None:
        """Read a business date: YYYY-MM-DD, an ISO date-time or /Date(ms)/."""
        value = self.raw.get(name)
        if value is None:
            return None
        found = parse_day(value) if isinstance(value, str) else None
        if found is None:
            raise self._wrong(name, "System.DateTime")
        return found

    def flag(self, name: str) -> bool | None:
        """Read a truth value; the words true and false are taken too."""
        value = self.raw.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise self._wrong(name, "System.Boolean")

    def choice(self, name: str, allowed: Collection[str], kind: str) -> str | None:
        """Read a word of an enumeration, in any case."""
        value = self.raw.get(name)
        if value is None:
            return None
        known = {word.lower(): word for word in allowed}
        if not isinstance(value, str) or value.lower() not in known:
            raise self._wrong(name, kind)
        return known[value.lower()]

    def guid(self, name: str) -> str | None:
        """Read a GUID, in lower case."""
        value = self.raw.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not is_guid(value):
            raise self._wrong(name, "System.Guid")
        return value.lower()

    def child(self, name: str) -> "Input | None":
        """Read a nested object."""
        value = self.raw.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(name, name)
        return Input(value, f"{self.path}.{name}")

    def children(self, name: str) -> "list[Input] | None":
        """Read a list of nested objects; None when it was not sent at all."""
        value = self.raw.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self._wrong(name, f"List`1[{name}]")
        return [Input(one, f"{self.path}.{name}[{i}]") for i, one in enumerate(value)]

    def _wrong(self, name: str, kind: str) -> BadCall:
        value = self.raw.get(name)
        return bad_data(
            f"Error converting value {_quoted(value)} to type '{kind}'. Path '{self.path}.{name}'."
        )


def elements_of(body: bytes, plural: str, singular: str) -> list[Input]:
    """Read the elements of a write: an envelope (key in any case) or one bare object."""
    try:
        raw: Any = loads(body)
    except ValueError as error:
        raise bad_data(f"Unexpected character encountered while parsing: {error}") from error
    if not isinstance(raw, dict) or not raw:
        raise no_data(singular)
    content = next((raw[key] for key in raw if key.lower() == plural.lower()), raw)
    found = content if isinstance(content, list) else [content]
    if not found:
        raise no_data(singular)
    if not all(isinstance(one, dict) for one in found):
        raise bad_data(f"Error converting value to type '{singular}'. Path '{plural}[0]'.")
    return [Input(one, f"{plural}[{index}]") for index, one in enumerate(found)]


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
