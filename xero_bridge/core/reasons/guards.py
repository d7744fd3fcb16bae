"""The words of guards."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
GUARDS_REASONS: dict[str, tuple[str, ...]] = {
    # Guards.
    "too_many_removed": (
        "{count} of {of} linked records would be voided or deleted.",
        "Look at the plan; go on only if it is right.",
    ),
    "too_many_changed": (
        "{count} of {of} linked records would be changed.",
        "Look at the plan; go on only if it is right.",
    ),
    "everything_changed": (
        "Every linked {kind} ({count}) looks changed.",
        "This is mostly a changed setting or a mixed-up system; go on only if it is right.",
    ),
    "too_much_money": (
        "Documents of {amount} would be changed or removed; the limit is {limit}.",
        "Look at the plan; go on only if it is right.",
    ),
    "receipts": (
        "Perfex e-mails a receipt for each payment entered there; {count} would be: {labels}.",
        "Agree to the receipts, or switch the receipt template off in Perfex first.",
    ),
    "payments_before_go_live": (
        "{count} payments from before going live would be entered in Perfex.",
        "Enter them only if the customers should get receipts now.",
    ),
    "side_empty": (
        "{side} answered an empty list of {plural}, where {count} were before.",
        "Check {side}; if they really are gone, go on.",
    ),
    "restored_backup": (
        (
            "{count} Perfex records have another creation time than before under the same "
            "id: Perfex was probably restored from a backup."
        ),
        "Check Perfex, then reset the connection so that records are linked again.",
    ),
}
