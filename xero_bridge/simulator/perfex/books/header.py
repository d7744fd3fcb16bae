"""The header of an invoice as Perfex's model filters it before it saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.site import Site

# Names of form helpers that the model drops at header level before it saves.
DROPPED: Final = frozenset(
    """tags taxname tax taxid unit rate quantity price description long_description item_select
    currency_symbol isedit s_prefix billed_tasks billed_expenses task_select save_as_draft
    save_and_send save_and_send_later save_and_record_payment expense_id merge_current_invoice
    removed_items newitems items custom_fields repeat_every_custom repeat_type_custom
    show_as_unit""".split()
)
SHIPPING: Final = ("street", "city", "state", "zip", "country")


def columns(site: Site, data: Mapping[str, Any]) -> dict[str, Any]:
    """Filter the header the way the model does before it saves."""
    header = {key: value for key, value in data.items() if key not in DROPPED}
    if not site.settings.formatted_numbers:
        header.pop("formatted_number", None)
    for name in ("clientnote", "terms", "adminnote", "billing_street", "shipping_street"):
        if header.get(name):
            header[name] = php.nl2br(php.scalar(header[name]))
    header["adjustment"] = number_or_zero(header.get("adjustment"))
    if not Decimal(number_or_zero(header.get("discount_total"))):
        header["discount_type"] = ""
    if "allowed_payment_modes" in header:
        header["allowed_payment_modes"] = php.serialize(
            _texts(php.entries(header["allowed_payment_modes"]))
        )
    header.pop("duedate" if header.get("duedate") == "" else "", None)
    header |= _recurring(data) | shipping(data)
    present = "cancel_overdue_reminders" in data
    return header | {"cancel_overdue_reminders": "1" if present else "0"}


def resets(data: Mapping[str, Any]) -> dict[str, Any]:
    """What an edit form that was sent without these fields sets back."""
    return {} if data.get("duedate") else {"duedate": None}


def _recurring(data: Mapping[str, Any]) -> dict[str, str]:
    every = php.scalar(data.get("recurring")) or "0"
    cycles = php.scalar(data.get("cycles")) or "0"
    if every == "custom":
        return {
            "recurring": php.scalar(data.get("repeat_every_custom")),
            "recurring_type": php.scalar(data.get("repeat_type_custom")),
            "custom_recurring": "1",
            "cycles": cycles,
        }
    kind = {"recurring_type": "month"} if every != "0" else {}
    return {"recurring": every, "custom_recurring": "0", "cycles": cycles, **kind}


def shipping(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep shipping fields only where their flag is sent, whatever its value."""
    if "include_shipping" in data:
        return {"include_shipping": "1"}
    emptied: dict[str, Any] = {
        f"shipping_{part}": None for part in SHIPPING if f"shipping_{part}" in data
    }
    return {"include_shipping": "0", **emptied}


def number_or_zero(value: object) -> str:
    """Return a number as it was sent, and 0 for anything else."""
    text = php.scalar(value)
    try:
        return text if Decimal(text).is_finite() else "0"
    except ArithmeticError:
        return "0"


def _texts(values: Iterable[object]) -> list[str]:
    return [php.scalar(value) for value in values]
