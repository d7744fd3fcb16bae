"""The words of what a person has to do by hand, because the API of a side cannot."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
BY_HAND_REASONS: dict[str, tuple[str, ...]] = {
    "enter_in_perfex": (
        "{label} exists in Xero only, and the API of this Perfex site cannot create it.",
        "Enter it in Perfex with the values shown; the question closes when it appears there.",
    ),
    "change_in_perfex": (
        "{label} was changed in Xero ({facets}), and the API of this Perfex site cannot write it.",
        "Change it in Perfex to the values shown; the question closes when Perfex shows them.",
    ),
    "perfex_currency_missing": (
        "Perfex has no currency {currency}.",
        (
            "Add it in Perfex under Setup > Finance > Currencies (version 2 of the module shows it "
            "with the first invoice in it), or leave these documents in Xero."
        ),
    ),
    "country_unknown": (
        "Perfex knows no country {country}, which the address of {label} in Xero names.",
        "Write the country in Xero as Perfex calls it, or leave the two addresses apart.",
    ),
    "too_many_taxes": (
        "{label} bears {count} taxes; an item of Perfex takes two.",
        "Give the item another tax in Xero, or leave the two apart.",
    ),
    "same_prefix": (
        (
            "{label} was written in Xero, but Perfex gives its own invoices numbers that begin "
            "with {prefix} too, so none is made there."
        ),
        (
            "Say which invoice of Perfex it is, or leave it in Xero; let those written in Xero "
            "begin otherwise."
        ),
    ),
    "perfex_decimals": (
        "The {figure} {value} of {line} has more than the two decimals that Perfex keeps.",
    ),
    "perfex_zero_total": ("Perfex's API takes no invoice of {total}.",),
    "perfex_totals_differ": (
        ("Perfex would come to {perfex_total} (tax {perfex_tax}) instead of {total} (tax {tax})."),
    ),
    "no_payment_mode": (
        "An invoice in Perfex needs a payment mode, and none is known.",
        "Map one on the mappings page.",
    ),
    "needed_in_perfex": (
        "{label} is not in Perfex yet, but a document of Xero that goes there needs it.",
        "Create it in Perfex, say which customer it is, or leave its documents in Xero.",
    ),
    "supplier_only": ("It is only a supplier in Xero.",),
}
