"""The words of planning: why something is done, waits, stays out, or is asked."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
PLANNING_REASONS: dict[str, tuple[str, ...]] = {
    # Why an action is planned.
    "new_in_perfex": ("It exists in Perfex only.",),
    "new_in_xero": ("It exists in Xero only.",),
    "changed_in_perfex": ("It was changed in Perfex.",),
    "changed_in_xero": ("It was changed in Xero.",),
    "answered": ("You answered a question about it.",),
    "same_mark": ("The Xero record bears our mark of this record.",),
    "same_record": ("Both sides hold the same record.",),
    "cancelled_in_perfex": (
        "{label} was cancelled in Perfex, but is still open in Xero.",
        "Void it in Xero, or leave it there.",
    ),
    "deleted_in_perfex": (
        "{label} was deleted in Perfex, but is still in Xero.",
        "Remove it from Xero, or leave it there.",
    ),
    "voided_in_xero": (
        "{label} was voided or deleted in Xero, but is still open in Perfex.",
        (
            "Cancel it in Perfex, and this question closes by itself; or enter it in Xero again "
            "(the old number stays taken there); or leave both as they are."
        ),
    ),
    "credited_in_xero": (
        (
            "In Xero credits of {credit} are applied to {label} (credit notes, prepayments or "
            "overpayments) that Perfex does not have: there it shows more as due."
        ),
        (
            "Apply the same credit in Perfex, and this question closes by itself; or leave it. "
            "No payment is entered for it: nobody paid."
        ),
    ),
    "archived_in_xero": (
        "The Xero contact of {label} is archived. Xero takes no new documents for it.",
        "Restore the contact in Xero (it cannot be done by its API), then sync again.",
    ),
    "payment_deleted_in_xero": (
        "The payment {label} was deleted in Xero, but is still in Perfex.",
        "Delete it in Perfex, or have it sent to Xero again.",
    ),
    "payment_replaced_in_xero": (
        (
            "The payment {label} was deleted in Xero and another one of a different amount "
            "was entered."
        ),
        "Decide which amount is right and correct the other side.",
    ),
    "payment_beside_deleted": (
        (
            "The payment {label} was entered in Xero on an invoice of which the payment "
            "{deleted} was deleted there, but still stands in Perfex."
        ),
        "If it replaces that one, leave it: Perfex has the money already.",
    ),
    "payment_changed": (
        (
            "The payment {label} was changed in Perfex. Xero does not change payments: it "
            "would be deleted there and entered again."
        ),
        "Have it replaced in Xero, or leave Xero as it is.",
    ),
    # Waiting.
    "waits_for_parent": ("It waits for {kind} {id}, which is not linked yet.",),
    "waits_for_contact": (
        (
            "{label} is a customer and a vendor, or looks like one: the customer becomes a contact "
            "in Xero first, and the next run links the vendor to it."
        ),
    ),
    "waits_for_unknown": (
        (
            "An earlier write of this record got no answer. The bridge looks for it before "
            "it tries again."
        ),
    ),
    "waits_for_replacement": (
        "The payment was deleted in Xero. The bridge waits for its replacement.",
    ),
    "waits_for_poll": (
        "It was entered in Xero a moment ago; it is carried over with the next run.",
    ),
    "waits_for_read_back": (
        (
            "It was written, but Perfex may still show an older copy. It is looked at again "
            "in 6 minutes."
        ),
    ),
    "moved_since_plan": (
        "It was changed after the plan was made; it is planned anew in the next run.",
    ),
    "budget_cut": ("The day's calls did not reach this far; a later run goes on.",),
    # Excluded by a rule.
    "draft": ("Drafts stay home until they are numbered.",),
    "before_start": ("It is dated before the start date {start_date}.",),
    "births_ignore": ("New {plural} of this side are not carried over (setting births).",),
    "direction_off": ("This kind is switched off for the connection.",),
    "parent_left_out": ("Its {kind} stays on its side, so it does too.",),
    "paid_alike": (
        "Its invoice was paid alike on both sides before they were linked; the sums are equal.",
    ),
    "zero_amount": ("Its amount is zero; neither system needs it on the other side.",),
    "inactive": ("It is inactive.",),
    "closed_unlinked": ("It is void or deleted and was never on the other side.",),
    "person_excluded": ("You chose to leave it where it is.",),
    "not_a_sale": ("It is not a sales document.",),
    # Questions about matching.
    "maybe_same": (
        "{label} may be the same as {candidates} in Xero: {why}.",
        "Say which one it is, or have a new one created.",
    ),
    "several_same": ("{label} fits several records in Xero: {candidates}.", "Say which one it is."),
    "contact_of_namesake": (
        (
            "Xero has one contact {contact}, which belongs to the Perfex {kind} {other} already, "
            "and takes no second contact of that name for {label}."
        ),
        (
            "If both may share it, say so: {other} then goes on writing its address. Otherwise "
            "give one of them another name in Perfex."
        ),
    ),
    "number_taken": (
        "Xero already has a document {number}, but it is not the same: {why}.",
        "Link them if they are the same document; otherwise give one of them another number.",
    ),
    "number_of_void": (
        "A voided or deleted document in Xero keeps the number {number}.",
        "Give this one another number in Perfex, for example {suggested}.",
    ),
    "born_in_xero": (
        "{label} was made in Xero and does not exist in Perfex.",
        "Enter it in Perfex, or leave it in Xero only.",
    ),
    "ask_before_create": (
        "{label} exists on one side only.",
        "Have it created on the other side, or leave it.",
    ),
    "mark_copied": (
        "{label} bears the mark of another record (it was probably copied).",
        "It is treated as a new record.",
    ),
    # Conflicts.
    "conflict": (
        "{label} was changed differently in Perfex and in Xero: {facets}.",
        "Choose which one holds.",
    ),
    "edited_in_xero": (
        "{label} was changed in Xero ({facets}); the bridge does not carry this back to Perfex.",
        "Keep Xero's version and change Perfex by hand, or send the Perfex version again.",
    ),
    "edited_in_perfex": (
        "{label} was changed in Perfex ({facets}); the bridge does not carry this to Xero.",
        "Change Xero by hand, then accept.",
    ),
    "linked_difference": (
        "{label} is linked, but its money differs: Perfex {perfex}, Xero {xero}.",
        "Correct one side, or accept the difference.",
    ),
    "payments_on_both": (
        "{label} has payments on both sides that are not paired: Perfex {perfex}; Xero {xero}.",
        "Say which are the same, or correct one side.",
    ),
}
