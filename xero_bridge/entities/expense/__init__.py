"""Expenses: what the business spent or owes to suppliers."""

from xero_bridge.entities.expense.entity import EXPENSE
from xero_bridge.entities.expense.record import Expense

__all__ = ["EXPENSE", "Expense"]
