"""Which money spent and bills of Xero become Perfex expenses: none without a person's rule."""

from __future__ import annotations

from xero_bridge.core.books import Books
from xero_bridge.core.errors import Held
from xero_bridge.entities.expense.record import Expense


def rule_against(expense: Expense, mark: str, books: Books) -> str:
    """Reason code why a Xero document stays there, or nothing where a rule admits it."""
    settings = books.settings
    if mark:
        # Ours, or copied from one of ours: its Perfex expense is the one that counts.
        return "expense_ours"
    if settings.expense_rule == "off":
        return "expense_rule"
    accounts = expense.accounts or tuple(line.account for line in expense.lines)
    if not accounts or not all(map(books.perfex_category, accounts)):
        return "expense_rule_account"
    if not _is_allowed(expense.supplier, books):
        return "expense_rule_contact"
    if not settings.start_date or not expense.spent_on or expense.spent_on < settings.start_date:
        return "expense_rule_start"
    return ""


def _is_allowed(contact: str, books: Books) -> bool:
    names = [name.strip() for name in books.settings.expense_rule_contacts.split(";")]
    wanted = [name for name in names if name]
    return not wanted or contact in {_id(name, books) for name in wanted}


def _id(name: str, books: Books) -> str:
    try:
        return books.contact(name)
    except Held:
        return ""
