"""The words of credit notes and of what is done with their credit."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
CREDITS_REASONS: dict[str, tuple[str, ...]] = {
    "waits_for_credit": (
        (
            "Credit that Perfex took back from {invoice} still stands against it in Xero; the "
            "payment follows once that is gone."
        ),
    ),
    "credit_used": (
        "Credit of {label} was applied or paid back in Xero, so it cannot be voided there.",
        "Take the credit back in Xero first, or leave it.",
    ),
    "credit_not_open": (
        "The credit note {label} is {status} in Xero, so its {amount} cannot be applied yet.",
        "Approve it in Xero.",
    ),
    "credited_invoice_not_open": (
        "{amount} of {label} is for the invoice {invoice}, which is {status} in Xero.",
        "Approve the invoice in Xero.",
    ),
    "credit_spent": (
        "{amount} of {label} was applied in Perfex, but only {left} of it is left in Xero.",
        "Take back in Xero what it was used for there, or take the credit back in Perfex.",
    ),
    "credit_exceeds": (
        (
            "{amount} of {label} was applied to {invoice} in Perfex, but the invoice is {status} "
            "in Xero and takes {left}."
        ),
        "Remove the payment that took its place in Xero, or take the credit back in Perfex.",
    ),
    "credits_apart": (
        "What was done with the credit of {label} differs from Xero in a way that no step mends.",
        "Compare both credit notes and correct one of them, or leave it.",
    ),
    "refund_taken_back": (
        "A refund of {amounts} on {label} was deleted in Perfex; Xero has it as a payment.",
        "Delete the payment in Xero if the money was never paid; else enter the refund again.",
    ),
}
