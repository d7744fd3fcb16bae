"""The words of what holds a document back: mappings, settings, its own content."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
DOCUMENTS_REASONS: dict[str, tuple[str, ...]] = {
    # Held by mappings and settings.
    "tax_unmapped": ("The Perfex tax {tax} has no Xero tax.", "Choose one on the mappings page."),
    "tax_rate_differs": (
        "The Perfex tax {tax} is {perfex_rate} %, but the Xero tax {xero} is {xero_rate} %.",
        "Choose a Xero tax with the same rate.",
    ),
    "tax_compound": (
        "The Xero tax {xero} has a compound component; Perfex computes taxes side by side.",
        "Choose a Xero tax without compound components.",
    ),
    "tax_gone": (
        "The Xero tax {xero}, mapped from {tax}, is deleted or archived.",
        "Choose another one.",
    ),
    "tax_not_for_sales": (
        "The Xero tax {xero}, mapped from {tax}, cannot be used on sales.",
        "Choose another one.",
    ),
    "payment_mode_unmapped": (
        "The payment mode {mode} has no Xero account.",
        "Choose one on the mappings page.",
    ),
    "payment_account_unusable": (
        (
            "The Xero account {account}, mapped from the payment mode {mode}, cannot take "
            "payments: {why}."
        ),
        "Choose another one.",
    ),
    "mode_unmapped": (
        "No Perfex payment mode is mapped to the Xero account {account}.",
        "Choose one on the mappings page.",
    ),
    "account_not_chosen": (
        "No {purpose} is chosen.",
        "Choose it in the settings of the connection.",
    ),
    "account_missing": (
        "The {purpose} {account} does not exist in Xero.",
        "Choose another one in the settings.",
    ),
    "account_archived": (
        "The {purpose} {account} is archived in Xero.",
        "Choose another one in the settings.",
    ),
    "account_system": (
        (
            "The {purpose} {account} is a system or bank account, which Xero refuses on "
            "document lines."
        ),
        "Choose an ordinary account.",
    ),
    "currency_missing": (
        "The Xero organisation does not use the currency {currency}.",
        "Add it in Xero (it needs a multi-currency plan), or leave these documents in Perfex.",
    ),
    "base_currency_differs": (
        "Perfex keeps its books in {perfex}, Xero in {xero}.",
        "Confirm in the settings that this is meant.",
    ),
    # Held by the document.
    "rounding": (
        (
            "Perfex shows {perfex}, Xero would compute {xero}: a difference of {difference}, "
            "more than the {allowed} that may go to a rounding line. {arithmetic}"
        ),
        "Correct the document in Perfex, or raise rounding_limit.",
    ),
    "rounding_held": (
        (
            "Perfex shows {perfex}, Xero would compute {xero}; rounding lines are switched "
            "off. {arithmetic}"
        ),
        "Allow them with rounding_policy=line.",
    ),
    "period_locked": (
        "It is dated {date}, but the books are locked up to {lock}.",
        "Move the lock date in Xero, or give the document a date in an open period.",
    ),
    "line_taxes_unreadable": (
        (
            "This module version does not show line taxes, and its totals fit more than one "
            "assignment."
        ),
        "Allow the table tblitem_tax in the API settings of Perfex, or update the module.",
    ),
    "number_not_ascii": (
        "Xero takes only plain ASCII letters in numbers, and {number} has others.",
        "Change the prefix in Perfex.",
    ),
    "description_too_long": (
        "A line's description has {length} characters; Xero takes 4,000.",
        "Shorten it in Perfex.",
    ),
    "name_missing": (
        "It has no name that Xero could take.",
        "Give it a name with letters or digits in Perfex.",
    ),
    "date_missing": ("It has no date.", "Give it one in Perfex."),
    "lines_added_in_xero": (
        "Somebody added {count} lines to {label} in Xero; sending ours would delete them.",
        "Enter them in Perfex too and remove them in Xero, or change Xero by hand.",
    ),
    "payment_reconciled": (
        "The payment {label} is reconciled with the bank in Xero and cannot be deleted there.",
        "Unreconcile it in Xero, or leave it.",
    ),
    "payment_in_batch": (
        "The payment {label} is part of a batch in Xero and cannot be deleted alone.",
        "Take the batch apart in Xero, or leave it.",
    ),
    "payment_currencies_differ": (
        "The payment {label} is in {currency}, but the Xero account {account} is in {booked}.",
        (
            "Enter it in Xero with its rate (the bridge then links it), or map the mode to "
            "an account in {currency}."
        ),
    ),
    "customer_deleted": (
        "The customer of {label} was deleted in Perfex.",
        "Enter it in Xero by hand, or give it a customer in Perfex.",
    ),
    "perfex_tax_unmapped": (
        "No Perfex tax is mapped to the Xero tax {xero}.",
        "Choose one on the mappings page.",
    ),
    "number_missing": ("It has no number yet.", "Number it in Perfex."),
    "no_lines": ("It has no lines.", "Add a line in Perfex."),
    "item_tracked": ("The Xero item {code} is tracked as inventory; the bridge only reads it.",),
    "invoice_not_open": (
        "The invoice {label} is {status} in Xero and takes no payments.",
        "Approve it in Xero.",
    ),
    "perfex_invoice_closed": (
        "{label} was paid in Xero, but its invoice {invoice} is {status} in Perfex.",
        "Restore the invoice in Perfex, or move the payment in Xero; else leave it.",
    ),
    "invoice_void": (
        "The invoice {label} is {status} in Xero and takes no payments.",
        "Enter the payment in Xero by hand where it belongs, or leave it.",
    ),
    "contact_archived": (
        "The Xero contact {contact} of {label} is archived and takes no new invoices.",
        "Restore the contact in Xero; the invoice then goes by itself.",
    ),
    "overpaid_in_perfex": (
        (
            "The payment {label} in Perfex is more than the {due} that is due on {invoice} in "
            "Xero, which takes no more than that on an invoice."
        ),
        (
            "Have what is due paid and enter the rest of {rest} in Xero as an overpayment of the "
            "customer (New > Receive money > Overpayment); or correct the payment in Perfex."
        ),
    ),
    "exceeds_left_to_pay": (
        "The payment of {amount} is more than the {left} that is left to pay on {label}.",
        "Correct the payment, or split it.",
    ),
    "status_forbidden": (
        "{label} is {status} in Xero, which does not allow {step}.",
        "Make a credit note, void and reissue it, or leave it.",
    ),
    "has_payments": (
        "{label} has payments or credits in Xero and cannot be changed there: {message}",
        "Remove the payments first, make a credit note, or leave it.",
    ),
    "totals_differ": (
        (
            "{label}: {side} answered a total of {xero_total} (tax {xero_tax}), {total} (tax "
            "{tax}) was expected."
        ),
        "Compare both documents, correct one, or accept the difference.",
    ),
    "unknown_outcome": (
        "The bridge wrote {label} to {side} but got no answer, and cannot find it there.",
        "Look for it: say that it is not there, or which one it is.",
    ),
    "cannot_write_perfex": (
        "The API of this Perfex version cannot write this {kind}.",
        "Enter it by hand: {values}",
    ),
    "cannot_write": (
        "The API of {side} cannot write this {kind}.",
        "Enter it there by hand; the bridge links it when it appears.",
    ),
}
