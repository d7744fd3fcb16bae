"""Reason codes: one sentence saying what happened and one saying what to do. The only place of words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xero_bridge.core.keeping_reasons import KEEPING_REASONS
from xero_bridge.core.money_reasons import MONEY_REASONS
from xero_bridge.core.outside_reasons import OUTSIDE_REASONS


class Reason(NamedTuple):
    """What happened, and the one thing to do. Braces name values of the case."""

    text: str
    advice: str = ""


class _Blank(dict[str, object]):
    """Values of a sentence; one that is not known reads as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(reason: str, details: Mapping[str, object] | None = None) -> str:
    """The sentence of a reason code, with its advice."""
    entry = REASONS.get(reason)
    if entry is None:
        extra = "; ".join(f"{name}: {value}" for name, value in (details or {}).items())
        return f"{reason.replace('_', ' ').capitalize()}. {extra}".strip()
    values = _Blank(details or {})
    return " ".join(_closed(part.format_map(values)) for part in entry if part)


def _closed(text: str) -> str:
    """A sentence that ends with a side's own words ends with a full stop all the same."""
    return text if text.endswith((".", "!", "?", '"', ":")) else f"{text}."


def headline(reason: str, details: Mapping[str, object] | None = None) -> str:
    """Only what happened, without the advice."""
    entry = REASONS.get(reason)
    return entry.text.format_map(_Blank(details or {})) if entry else sentence(reason, details)


def advice(reason: str, details: Mapping[str, object] | None = None) -> str:
    """Only what to do."""
    entry = REASONS.get(reason)
    return entry.advice.format_map(_Blank(details or {})) if entry else ""


REASONS: dict[str, Reason] = {
    # Why an action is planned.
    "new_in_perfex": Reason("It exists in Perfex only."),
    "new_in_xero": Reason("It exists in Xero only."),
    "changed_in_perfex": Reason("It was changed in Perfex."),
    "changed_in_xero": Reason("It was changed in Xero."),
    "answered": Reason("You answered a question about it."),
    "same_mark": Reason("The Xero record bears our mark of this record."),
    "same_record": Reason("Both sides hold the same record."),
    "cancelled_in_perfex": Reason(
        "{label} was cancelled in Perfex, but is still open in Xero.",
        "Void it in Xero, or leave it there.",
    ),
    "deleted_in_perfex": Reason(
        "{label} was deleted in Perfex, but is still in Xero.",
        "Remove it from Xero, or leave it there.",
    ),
    "voided_in_xero": Reason(
        "{label} was voided or deleted in Xero, but is still open in Perfex.",
        "Cancel it in Perfex, or accept the difference.",
    ),
    "archived_in_xero": Reason(
        "The Xero contact of {label} is archived. Xero takes no new documents for it.",
        "Restore the contact in Xero (it cannot be done by its API), then sync again.",
    ),
    "payment_deleted_in_xero": Reason(
        "The payment {label} was deleted in Xero, but is still in Perfex.",
        "Delete it in Perfex, or have it sent to Xero again.",
    ),
    "payment_replaced_in_xero": Reason(
        "The payment {label} was deleted in Xero and another one of a different amount was entered.",
        "Decide which amount is right and correct the other side.",
    ),
    "payment_changed": Reason(
        "The payment {label} was changed in Perfex. Xero does not change payments: it would be "
        "deleted there and entered again.",
        "Have it replaced in Xero, or leave Xero as it is.",
    ),
    # Waiting.
    "waits_for_parent": Reason("It waits for {kind} {id}, which is not linked yet."),
    "waits_for_unknown": Reason(
        "An earlier write of this record got no answer. The bridge looks for it before it tries again.",
    ),
    "waits_for_replacement": Reason(
        "The payment was deleted in Xero. The bridge waits for its replacement.",
    ),
    "waits_for_poll": Reason(
        "It was entered in Xero a moment ago; it is carried over with the next run."
    ),
    "waits_for_read_back": Reason(
        "It was written, but Perfex may still show an older copy. It is looked at again in 6 minutes."
    ),
    "moved_since_plan": Reason(
        "It was changed after the plan was made; it is planned anew in the next run."
    ),
    "budget_cut": Reason("The day's calls did not reach this far; a later run goes on."),
    # Excluded by a rule.
    "draft": Reason("Drafts stay home until they are numbered."),
    "before_start": Reason("It is dated before the start date {start_date}."),
    "births_ignore": Reason("New {plural} of this side are not carried over (setting births)."),
    "direction_off": Reason("This kind is switched off for the connection."),
    "zero_amount": Reason("Its amount is zero; neither system needs it on the other side."),
    "inactive": Reason("It is inactive."),
    "closed_unlinked": Reason("It is void or deleted and was never on the other side."),
    "person_excluded": Reason("You chose to leave it where it is."),
    "not_a_sale": Reason("It is not a sales document."),
    # Questions about matching.
    "maybe_same": Reason(
        "{label} may be the same as {candidates} in Xero: {why}.",
        "Say which one it is, or have a new one created.",
    ),
    "several_same": Reason(
        "{label} fits several records in Xero: {candidates}.", "Say which one it is."
    ),
    "number_taken": Reason(
        "Xero already has an invoice {number}, but it is not the same: {why}.",
        "Link them if they are the same document; otherwise give one of them another number.",
    ),
    "born_in_xero": Reason(
        "{label} was made in Xero and does not exist in Perfex.",
        "Enter it in Perfex, or leave it in Xero only.",
    ),
    "ask_before_create": Reason(
        "{label} exists on one side only.", "Have it created on the other side, or leave it."
    ),
    "mark_copied": Reason(
        "{label} bears the mark of another record (it was probably copied).",
        "It is treated as a new record.",
    ),
    # Conflicts.
    "conflict": Reason(
        "{label} was changed differently in Perfex and in Xero: {facets}.",
        "Choose which one holds.",
    ),
    "edited_in_xero": Reason(
        "{label} was changed in Xero ({facets}); the bridge does not carry this back to Perfex.",
        "Keep Xero's version and change Perfex by hand, or send the Perfex version again.",
    ),
    "edited_in_perfex": Reason(
        "{label} was changed in Perfex ({facets}); the bridge does not carry this to Xero.",
        "Change Xero by hand, then accept.",
    ),
    "linked_difference": Reason(
        "{label} is linked, but its money differs: Perfex {perfex}, Xero {xero}.",
        "Correct one side, or accept the difference.",
    ),
    "payments_on_both": Reason(
        "{label} has payments on both sides that are not paired: Perfex {perfex}; Xero {xero}.",
        "Say which are the same, or correct one side.",
    ),
    # Held by mappings and settings.
    "tax_unmapped": Reason(
        "The Perfex tax {tax} has no Xero tax.", "Choose one on the mappings page."
    ),
    "tax_rate_differs": Reason(
        "The Perfex tax {tax} is {perfex_rate} %, but the Xero tax {xero} is {xero_rate} %.",
        "Choose a Xero tax with the same rate.",
    ),
    "tax_compound": Reason(
        "The Xero tax {xero} has a compound component; Perfex computes taxes side by side.",
        "Choose a Xero tax without compound components.",
    ),
    "tax_gone": Reason(
        "The Xero tax {xero}, mapped from {tax}, is deleted or archived.", "Choose another one."
    ),
    "tax_not_for_sales": Reason(
        "The Xero tax {xero}, mapped from {tax}, cannot be used on sales.", "Choose another one."
    ),
    "payment_mode_unmapped": Reason(
        "The payment mode {mode} has no Xero account.", "Choose one on the mappings page."
    ),
    "payment_account_unusable": Reason(
        "The Xero account {account}, mapped from the payment mode {mode}, cannot take payments: {why}.",
        "Choose another one.",
    ),
    "mode_unmapped": Reason(
        "No Perfex payment mode is mapped to the Xero account {account}.",
        "Choose one on the mappings page.",
    ),
    "account_not_chosen": Reason(
        "No {purpose} is chosen.", "Choose it in the settings of the connection."
    ),
    "account_missing": Reason(
        "The {purpose} {account} does not exist in Xero.", "Choose another one in the settings."
    ),
    "account_archived": Reason(
        "The {purpose} {account} is archived in Xero.", "Choose another one in the settings."
    ),
    "account_system": Reason(
        "The {purpose} {account} is a system or bank account, which Xero refuses on document lines.",
        "Choose an ordinary account.",
    ),
    "currency_missing": Reason(
        "The Xero organisation does not use the currency {currency}.",
        "Add it in Xero (it needs a multi-currency plan), or leave these documents in Perfex.",
    ),
    "base_currency_differs": Reason(
        "Perfex keeps its books in {perfex}, Xero in {xero}.",
        "Confirm in the settings that this is meant.",
    ),
    # Held by the document.
    **{code: Reason(*words) for code, words in MONEY_REASONS.items()},
    "rounding": Reason(
        "Perfex shows {perfex}, Xero would compute {xero}: a difference of {difference}, more than the "
        "{allowed} that may go to a rounding line. {arithmetic}",
        "Correct the document in Perfex, or raise rounding_limit.",
    ),
    "rounding_held": Reason(
        "Perfex shows {perfex}, Xero would compute {xero}; rounding lines are switched off. {arithmetic}",
        "Allow them with rounding_policy=line.",
    ),
    "period_locked": Reason(
        "It is dated {date}, but the books are locked up to {lock}.",
        "Move the lock date in Xero, or give the document a date in an open period.",
    ),
    "line_taxes_unreadable": Reason(
        "This module version does not show line taxes, and its totals fit more than one assignment.",
        "Allow the table tblitem_tax in the API settings of Perfex, or update the module.",
    ),
    "number_not_ascii": Reason(
        "Xero takes only plain ASCII letters in numbers, and {number} has others.",
        "Change the prefix in Perfex.",
    ),
    "description_too_long": Reason(
        "A line's description has {length} characters; Xero takes 4,000.", "Shorten it in Perfex."
    ),
    "name_missing": Reason(
        "It has no name that Xero could take.", "Give it a name with letters or digits in Perfex."
    ),
    "date_missing": Reason("It has no date.", "Give it one in Perfex."),
    "lines_added_in_xero": Reason(
        "Somebody added {count} lines to {label} in Xero; sending ours would delete them.",
        "Enter them in Perfex too and remove them in Xero, or change Xero by hand.",
    ),
    "payment_reconciled": Reason(
        "The payment {label} is reconciled with the bank in Xero and cannot be deleted there.",
        "Unreconcile it in Xero, or leave it.",
    ),
    "payment_in_batch": Reason(
        "The payment {label} is part of a batch in Xero and cannot be deleted alone.",
        "Take the batch apart in Xero, or leave it.",
    ),
    "perfex_tax_unmapped": Reason(
        "No Perfex tax is mapped to the Xero tax {xero}.", "Choose one on the mappings page."
    ),
    "number_missing": Reason("It has no number yet.", "Number it in Perfex."),
    "no_lines": Reason("It has no lines.", "Add a line in Perfex."),
    "item_tracked": Reason(
        "The Xero item {code} is tracked as inventory; the bridge only reads it."
    ),
    "invoice_not_open": Reason(
        "The invoice {label} is {status} in Xero and takes no payments.",
        "Approve it in Xero.",
    ),
    "exceeds_left_to_pay": Reason(
        "The payment of {amount} is more than the {left} that is left to pay on {label}.",
        "Correct the payment, or split it.",
    ),
    "status_forbidden": Reason(
        "{label} is {status} in Xero, which does not allow {step}.",
        "Make a credit note, void and reissue it, or leave it.",
    ),
    "has_payments": Reason(
        "{label} has payments or credits in Xero and cannot be changed there: {message}",
        "Remove the payments first, make a credit note, or leave it.",
    ),
    "totals_differ": Reason(
        "{label}: Xero answered a total of {xero_total} (tax {xero_tax}), {total} (tax {tax}) was expected.",
        "Compare both documents, correct one, or accept the difference.",
    ),
    "unknown_outcome": Reason(
        "The bridge wrote {label} to {side} but got no answer, and cannot find it there.",
        "Look for it: say that it is not there, or which one it is.",
    ),
    "cannot_write_perfex": Reason(
        "The API of this Perfex version cannot write this {kind}.", "Enter it by hand: {values}"
    ),
    # Refusals of the sides, and the connection to them.
    **{code: Reason(*words) for code, words in OUTSIDE_REASONS.items()},
    **{code: Reason(*words) for code, words in KEEPING_REASONS.items()},
    # Guards.
    "too_many_removed": Reason(
        "{count} of {of} linked records would be voided or deleted.",
        "Look at the plan; go on only if it is right.",
    ),
    "too_many_changed": Reason(
        "{count} of {of} linked records would be changed.",
        "Look at the plan; go on only if it is right.",
    ),
    "everything_changed": Reason(
        "Every linked {kind} ({count}) looks changed.",
        "This is mostly a changed setting or a mixed-up system; go on only if it is right.",
    ),
    "too_much_money": Reason(
        "Documents of {amount} would be changed or removed; the limit is {limit}.",
        "Look at the plan; go on only if it is right.",
    ),
    "receipts": Reason(
        "{count} payments would be entered in Perfex, which e-mails a receipt for each: {labels}.",
        "Agree to the receipts, or switch the receipt template off in Perfex first.",
    ),
    "payments_before_go_live": Reason(
        "{count} payments from before going live would be entered in Perfex.",
        "Enter them only if the customers should get receipts now.",
    ),
    "side_empty": Reason(
        "{side} answered an empty list of {plural}, where {count} were before.",
        "Check {side}; if they really are gone, go on.",
    ),
    "restored_backup": Reason(
        "{count} Perfex records have another creation time than before under the same id: "
        "Perfex was probably restored from a backup.",
        "Check Perfex, then reset the connection so that records are linked again.",
    ),
}
