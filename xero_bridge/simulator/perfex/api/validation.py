"""The module's form rules and the shape in which it reports what breaks them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api.exchange import Ask, Reply

Errors: TypeAlias = dict[str, str]


def required(body: Mapping[str, Any], *names: str) -> Errors:
    """Report the fields that are missing or empty."""
    return {name: f"The {name} field is required." for name in names if _empty(body.get(name))}


def numeric(body: Mapping[str, Any], *names: str) -> Errors:
    """Report present fields that are not numbers."""
    return {
        name: f"The {name} field must contain only numbers."
        for name in names
        if not _empty(body.get(name)) and not _is_number(body[name])
    }


def positive_decimal(body: Mapping[str, Any], *names: str) -> Errors:
    """Report present fields that have no decimal point or are not above zero."""
    errors: Errors = {}
    for name in names:
        if _empty(body.get(name)):
            continue
        if not php.is_decimal(body[name]):
            errors[name] = f"The {name} field must contain a decimal number."
        elif Decimal(php.scalar(body[name])) <= 0:
            errors[name] = f"The {name} field must contain a number greater than 0."
    return errors


def refused(ask: Ask, errors: Errors, status: int) -> Reply:
    """Answer a body that breaks rules, as this release of the module does."""
    message = "".join(f"<p>{reason}</p>\n" for reason in errors.values())
    if ask.site.version.documented_errors:
        content = {"status": False, "error": "validation_failed", "message": message}
        return Reply(status=422, content={**content, "errors": errors})
    return Reply(status=status, content={"status": False, "error": errors, "message": message})


def _empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _is_number(value: object) -> bool:
    try:
        return Decimal(php.scalar(value)).is_finite()
    except ArithmeticError:
        return False
