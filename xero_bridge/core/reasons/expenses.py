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
    # Held by the expense.
    "expense_account_not_bank": (
        "{label} was paid from the Xero account {account}, which is no bank account.",
        "Map the payment mode to a bank account, or allow bills with expense_as=auto.",
    ),
    "expense_currency_differs": (
        "{label} is in {currency}, but the Xero account {account} is in {booked}.",
        "Map the payment mode to an account in {currency}, or allow bills with expense_as=auto.",
    ),
    "expense_account_fed": (
        "{label} was paid from {account}, where the bank feed brings the same money.",
        "Allow it with expense_consent=on, or allow bills with expense_as=auto.",
    ),
    "expense_currency_changed": (
        "{label} is now in {currency} in Perfex; the bank account in Xero keeps its own currency.",
        "Delete it in Xero and enter it again, or change it back in Perfex.",
    ),
    "expense_account_changed": (
        "{label} is now paid from another account in Perfex, which takes no money spent in Xero.",
        "Change it in Xero by hand, or choose another payment mode in Perfex.",
    ),
    "expense_reconciled": (
        "{label} is reconciled with the bank in Xero and cannot be changed there.",
        "Unreconcile it in Xero, or leave it.",
    ),
    "unpaid_in_perfex": (
        "{label} is no longer paid in Perfex, but it is in Xero.",
        "Take the payment out in Xero, choose the payment mode in Perfex again, or leave it.",
    ),
    "bill_not_open": (
        "The bill {label} is {status} in Xero and takes no payment.",
        "Approve it in Xero; the payment follows by itself.",
    ),
    "bill_part_paid": (
        "The bill {label} is paid or credited in part in Xero.",
        "Enter the rest of the payment in Xero; the bridge sees when it is paid.",
    ),
    "expense_tax_deleted": (
        "A tax of {label} was deleted in Perfex, which no longer shows its rate.",
        "Open the expense in Perfex and choose its tax again.",
    ),
    "expense_invoiced": (
        "{label} was put on an invoice in Perfex, which keeps it.",
        "Take it off the invoice in Perfex first, or leave it there.",
    ),
    "expense_part": (
        "{label} is one of several parts of a document in Xero, which the bridge does not change.",
        "Change it in Xero by hand; the bridge sees when both agree.",
    ),
    "expense_split": (
        "{label} has {count} lines on several accounts or taxes; a Perfex expense has one of each.",
        "Enter one expense for each in Perfex, or leave it in Xero only.",
    ),
    "expense_tax_differs": (
        "{label} bears a tax of {xero} in Xero; with {tax} Perfex would make it {perfex}.",
        "Enter it in Perfex by hand, or leave it in Xero only.",
    ),
    "expense_taxes_many": (
        "{label} bears {tax}: a Perfex expense takes two taxes.",
        "Enter it in Perfex by hand, or leave it in Xero only.",
    ),
    "perfex_tax_gone": (
        "Perfex has no tax {tax} any more.",
        "Choose another one for it on the mappings page.",
    ),
    "hides_records": (
        (
            "{label} was deleted in Perfex, which hides {count} {plural} ({total}) there: they are "
            "in no list any more, but not deleted."
        ),
        "They stay in Xero. Have them moved to another category in Perfex's database, or leave it.",
    ),
    # Left out by a rule.
    "expense_unpaid": (
        "It is not paid yet, and expenses are carried over as money spent only (expense_as).",
    ),
    "expense_rule": (
        "No rule brings money spent or bills of Xero to Perfex.",
        "Choose one as expense_rule in the settings of the connection.",
    ),
    "expense_rule_account": (
        "It has a line on an account that no Perfex expense category is mapped to.",
    ),
    "expense_rule_contact": ("Its contact is not among those of expense_rule_contacts.",),
    "expense_rule_start": (
        "It is dated before the start date {start_date}, or none is chosen: only later ones come.",
    ),
    "expense_ours": (
        "It bears our mark: it was made from a Perfex expense, or copied from one that was.",
    ),
}
