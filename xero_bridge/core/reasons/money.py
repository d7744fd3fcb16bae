"""The words of a document whose money does not fit: what happened, and the one thing to do."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
MONEY_REASONS = {
    "zero_total": (
        "Its total is zero: there is nothing to collect.",
        "Leave it in Perfex only, or correct its lines there.",
    ),
    "negative_total": (
        "Its total is {total}; Xero takes no negative invoice.",
        "Write a credit note in Perfex instead.",
    ),
    "negative_quantity": (
        "Line {line} has the quantity {quantity}; Xero takes none below zero.",
        "In Perfex make the price negative instead, or use a credit note.",
    ),
    "too_many_decimals": (
        "The {figure} is {value}; at most {places} decimals can be carried over exactly.",
        "Round it in Perfex.",
    ),
    "amount_too_large": (
        "The {figure} is {value}; Xero takes up to {largest}.",
        "Split it in Perfex.",
    ),
    "discount_negative": (
        "Its discount is {discount}; Xero takes none below zero.",
        "Use an adjustment in Perfex instead.",
    ),
    "discount_over_100_percent": (
        "Its discount is {discount}: more than everything.",
        "Correct it in Perfex.",
    ),
    "discount_over_subtotal": (
        "Its discount of {discount} is more than its subtotal of {subtotal}.",
        "Correct it in Perfex.",
    ),
    "stored_total_differs": (
        (
            "Perfex shows {perfex}, but its lines, discount, taxes and adjustment make {computed}; "
            "Xero would compute {xero}. {arithmetic}"
        ),
        "Open the document in Perfex, check its lines and save it again.",
    ),
    "rounding_account_missing": (
        (
            "Perfex shows {perfex}, Xero would compute {xero}, and no account is chosen for a "
            "rounding line of {difference}. {arithmetic}"
        ),
        "Choose one as rounding_account in the settings of the connection.",
    ),
    "tax_total_differs": (
        (
            "The totals agree, but Perfex shows a tax of {perfex} and Xero would compute {xero}: "
            "rounding explains at most {allowed}. {arithmetic}"
        ),
        "Check the taxes of its lines and save it in Perfex again.",
    ),
}
