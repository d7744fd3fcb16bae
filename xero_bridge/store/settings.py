"""Settings as rows: one per key that `connection set` takes, together one value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from xero_bridge.core.errors import Fatal
from xero_bridge.core.settings import Settings

#: Keys of the form `NAME.REST` are members of a mapping.
_FAMILIES = ("direction", "births", "owner")


def build_settings(rows: Mapping[str, object]) -> Settings:
    """The settings that these rows make; raises `Fatal` naming the value that is not accepted."""
    values: dict[str, Any] = {}
    for key, value in rows.items():
        family, _, member = key.partition(".")
        if family in _FAMILIES:
            values.setdefault(family, {})[member] = value
        else:
            values[key] = value
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise Fatal("setting_stored_wrong", message=str(error)) from error
