"""PHP's habits at the border: nested form names, text filters, serialised arrays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

# A decoded PHP request body: anything JSON can hold.
Body: TypeAlias = dict[str, Any]

XSS: Final = re.compile(
    r"</?script[^>]*>|javascript\s*:|vbscript\s*:|\bon[a-z]{3,}\s*=|<\s*/?\s*(?:iframe|object)[^>]*>",
    re.IGNORECASE,
)
DECIMAL: Final = re.compile(r"[-+]?[0-9]+\.[0-9]+")
KEY: Final = re.compile(r"\[([^\]]*)\]")


def xss_clean(text: str) -> str:
    """Do what CodeIgniter's filter does to raw text: decode %XX, replace what looks active."""
    decoded = unquote(text) if "%" in text else text
    return XSS.sub("[removed]", decoded)


def nl2br(text: str) -> str:
    """Put `<br />` before each line break, once."""
    plain = re.sub(r"<br\s*/?>(?=\r?\n)", "", text)
    return re.sub(r"(\r?\n)", r"<br />\1", plain)


def scalar(value: object) -> str:
    """Write a decoded JSON scalar as PHP turns it into text: 236.0 becomes "236"."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def is_decimal(value: object) -> bool:
    """Tell whether CodeIgniter's `decimal` rule accepts the value: it demands a point."""
    return DECIMAL.fullmatch(scalar(value)) is not None


def decode_json(raw: str) -> Body | None:
    """Decode a JSON object the way the module does (filter first); None when it cannot."""
    try:
        decoded = json.loads(xss_clean(raw), parse_float=Decimal)
    except ValueError:
        return None
    return decoded if isinstance(decoded, dict) else None


def nest(pairs: Iterable[tuple[str, str]]) -> Body:
    """Turn `a[0][b]=c` pairs into nested dictionaries and lists as PHP does."""
    body: Body = {}
    for name, value in pairs:
        _put(body, [name.split("[", 1)[0], *KEY.findall(name)], xss_clean(value))
    return {key: _listed(value) for key, value in body.items()}


def _put(body: Body, path: list[str], value: str) -> None:
    target = body
    for step in path[:-1]:
        key = step or str(len(target))
        inner = target.get(key)
        if not isinstance(inner, dict):
            inner = target[key] = {}
        target = inner
    target[path[-1] or str(len(target))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key == str(index) for index, key in enumerate(value)):
        return [_listed(member) for member in value.values()]
    return {key: _listed(member) for key, member in value.items()}


def entries(value: object) -> list[Any]:
    """Return the members of a PHP array, whether it arrived as a list, a map or a JSON text."""
    if isinstance(value, str) and value[:1] in "[{" and value:
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]


def rows(value: object) -> list[Body]:
    """Return the members of a PHP array that are arrays themselves, such as invoice lines."""
    return [entry for entry in entries(value) if isinstance(entry, dict)]


def whole(value: object, fallback: int = 0) -> int:
    """Return a value as a whole number, or the fallback when it is none."""
    text = scalar(value)
    return int(text) if text.isascii() and text.isdigit() else fallback


def serialize(values: Iterable[object]) -> str:
    """Write a list of texts the way PHP serialises an array."""
    texts = [scalar(value) for value in values]
    inner = "".join(
        f'i:{index};s:{len(text.encode())}:"{text}";' for index, text in enumerate(texts)
    )
    return f"a:{len(texts)}:{{{inner}}}"
