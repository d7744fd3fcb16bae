"""What Xero's messages mean. They are matched by stable parts: whole sentences change over time."""

from __future__ import annotations

from collections.abc import Sequence

#: (all of these parts in one message, reason code); the first match over all messages decides.
_MEANINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    # Drafts and paid documents both answer "exceeds" beside it.
    (("only be made against authorised",), "not_authorised_document"),
    (("payment amount exceeds",), "payment_exceeds"),
    (("lock date",), "refused_period_locked"),
    (("# must be unique",), "duplicate_number"),
    (("number must be unique",), "duplicate_number"),
    (("already assigned to another contact",), "duplicate_name"),
    (("another contact has this contact number",), "duplicate_name"),
    (("account number already exists",), "duplicate_name"),
    (("enter a unique name",), "duplicate_name"),
    (("with code", "already exists"), "duplicate_name"),
    (("archived contact",), "contact_archived"),
    (("contact", "has been archived"), "contact_archived"),
    (("not subscribed to currency",), "refused_currency"),
    (("reached the limit of",), "plan_limit"),
    (("payments or credit notes allocated",), "refused_has_payments"),
    (("payment or credit note allocated",), "refused_has_payments"),
    (("not of valid status",), "refused_status"),
    # So Xero answers a number that a deleted order keeps, beside a status that it does not take.
    (("deleted purchaseorders cannot be updated",), "duplicate_number"),
    (("status change is invalid",), "refused_status"),
    (("taxtype code",), "tax_invalid"),
    (("tax rate must be valid",), "tax_invalid"),
    (("account code",), "account_invalid"),
    (("account could not be found",), "account_invalid"),
    (("account must be valid",), "account_invalid"),
    (("email address must be valid",), "email_invalid"),
    (("quantity must not be less",), "quantity_negative"),
    (("contact must be specified",), "contact_missing"),
    (("contact must contain at least",), "contact_missing"),
    (("an existing", "could not be found"), "xero_id_unknown"),
    (("supplied id was not found",), "xero_id_unknown"),
    (("idempotency key",), "call_rejected"),
    (("only status accepted",), "call_rejected"),
)


def reason_for(messages: Sequence[str]) -> str:
    """The reason code of a refusal; `refused_by_xero` where none is known."""
    folded = [message.casefold() for message in messages]
    for parts, reason in _MEANINGS:
        if any(all(part in message for part in parts) for message in folded):
            return reason
    return "refused_by_xero"
