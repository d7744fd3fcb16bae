"""Reads what staff typed; what is wrong is said in a sentence beside the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from werkzeug.datastructures import MultiDict

HEADER: Final = ("clientnote", "adminnote", "terms")


class FormError(ValueError):
    """Something typed that cannot be used, in a sentence for the person."""


def number(form: Mapping[str, str], name: str, label: str, fallback: str = "0") -> str:
    """Return a field as a plain number."""
    text = form.get(name, "").replace(",", "") or fallback
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise FormError(f"{label} must be a number, not “{text}”.") from None
    if not value.is_finite():
        raise FormError(f"{label} must be a number, not “{text}”.")
    return f"{value:.2f}"


def day(form: Mapping[str, str], name: str, label: str) -> str:
    """Return a field as a date; empty stays empty."""
    text = form.get(name, "")
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise FormError(f"{label} must be a date like 2026-03-31, not “{text}”.") from None


def needed(form: Mapping[str, str], name: str, label: str) -> str:
    """Return a field that must not be empty."""
    if not form.get(name):
        raise FormError(f"{label} is missing.")
    return form[name]


def invoice_lines(sent: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Return the lines that have a description; empty rows of the form are left out."""
    count = int(sent.get("rows", "0") or 0)
    rows = [_line(sent, index) for index in range(count) if sent.get(f"description-{index}")]
    if not rows:
        raise FormError("An invoice needs at least one line with a description.")
    return rows


def invoice_header(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the header fields of the invoice form."""
    percent = form.get("discount_mode") == "percent"
    value = number(form, "discount_value", "Discount")
    due = day(form, "duedate", "Due date")
    return {
        "clientid": needed(form, "clientid", "Customer"),
        "number": str(int(Decimal(number(form, "number", "Number")))),
        "date": day(form, "date", "Date") or needed({}, "date", "Date"),
        "duedate": due or None,
        "currency": needed(form, "currency", "Currency"),
        "discount_type": form.get("discount_type", "") if Decimal(value) else "",
        "discount_percent": value if percent else "0.00",
        "discount_total": "0.00" if percent else value,
        "adjustment": number(form, "adjustment", "Adjustment"),
        **{name: form.get(name, "") for name in HEADER},
    }


def _line(sent: MultiDict[str, str], index: int) -> dict[str, Any]:
    values = {key: value.strip() for key, value in sent.items()}
    return {
        "description": values[f"description-{index}"],
        "long_description": values.get(f"long_description-{index}", ""),
        "qty": number(values, f"qty-{index}", f"Quantity of line {index + 1}", "1"),
        "rate": number(values, f"rate-{index}", f"Rate of line {index + 1}"),
        "unit": values.get(f"unit-{index}", ""),
        "taxes": sent.getlist(f"tax-{index}"),
    }
