"""The words of expenses and what they are booked by: categories, suppliers, bank accounts."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
EXPENSES_REASONS: dict[str, tuple[str, ...]] = {
    # Held by mappings and settings.
    "tax_not_for_purchases": (
        "The Xero tax {xero}, mapped from {tax}, cannot be used on purchases.",
        "Choose one for purchases on the mappings page.",
    ),
    "expense_category_unmapped": (
        "The expense category {name} has no Xero account.",
        "Choose one on the mappings page.",
    ),
    "supplier_unknown": (
        "Xero has no contact called {supplier}.",
        "Add the contact in Xero, or correct the name in Perfex or in the settings.",
    ),
    "supplier_twice": (
        "Xero has {count} active contacts called {supplier}.",
        "Merge or rename them in Xero, or name another supplier.",
    ),
    "supplier_archived": (
        "The Xero contact {supplier} is archived and takes no new documents.",
        "Restore it in Xero, or name another supplier.",
    ),
    "supplier_not_chosen": (
        "The expense names no supplier, and there is none for its category or for all.",
        "Choose one as expense_contact in the settings of the connection.",
    ),
}
