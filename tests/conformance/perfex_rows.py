"""Which shape the rows of each resource have, and those of credit notes and expenses."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from tests.conformance.perfex_shapes import (
    Category,
    Clock,
    Code,
    Contact,
    Country,
    Currency,
    Customer,
    Day,
    Flag,
    FoundInvoice,
    FoundItem,
    Id,
    Instant,
    Invoice,
    InvoiceDetail,
    Item,
    Mode,
    Money,
    Payment,
    RawInvoice,
    RawItem,
    RawPaymentRow,
    Row,
    Server,
    Tax,
    Text,
)


class RawCreditNote(Row, kw_only=True):
    id: Id
    clientid: Id
    number: Id
    prefix: Text
    number_format: Id
    formatted_number: Text | UnsetType = UNSET
    datecreated: Instant
    date: Day
    reference_no: Text
    currency: Id
    subtotal: Money
    total_tax: Money
    total: Money
    adjustment: Money | None
    discount_percent: Money
    discount_total: Money
    discount_type: Literal["", "before_tax", "after_tax"]
    status: Literal["1", "2", "3"]
    clientnote: Text
    adminnote: Text
    terms: Text
    billing_street: Text


class CreditNote(RawCreditNote, kw_only=True):
    symbol: str
    currency_name: str


class FoundCreditNote(RawCreditNote, kw_only=True):
    credit_note_id: Id


class CreditNoteLine(Row, kw_only=True, forbid_unknown_fields=True):
    """A line without its taxes: the module never shows them."""

    id: Id
    rel_id: Id
    rel_type: Literal["credit_note"]
    description: str
    long_description: Text
    qty: Money
    rate: Money
    unit: Text
    item_order: Id | None


class AppliedCredit(Struct, kw_only=True, forbid_unknown_fields=True):
    id: Id
    invoice_id: Id
    credit_id: Id
    staff_id: Id
    date: Day
    date_applied: Instant
    amount: Money


class Refund(Struct, kw_only=True, forbid_unknown_fields=True):
    id: Id
    credit_note_id: Id
    staff_id: Id
    refunded_on: Day
    payment_mode: Code
    note: Text
    amount: Money
    created_at: Instant
    payment_mode_id: Id | None
    payment_mode_name: Text


class CreditNoteDetail(CreditNote, kw_only=True):
    items: list[CreditNoteLine]
    client: dict[str, Any] | None
    attachments: list[Any]
    refunds: list[Refund]
    total_refunds: Money | None
    applied_credits: list[AppliedCredit]
    remaining_credits: Money
    credits_used: Money | None


class RawExpense(Row, kw_only=True):
    id: Id
    category: Id
    currency: Id
    amount: Money
    tax: Id | None
    tax2: Id
    reference_no: Text
    note: Text
    expense_name: Text
    clientid: Id
    project_id: Id
    billable: Flag
    invoiceid: Id | None
    paymentmode: Text
    date: Day
    recurring: Id
    dateadded: Instant


class Expense(RawExpense, kw_only=True):
    expenseid: Id
    name: str  # The category's.
    category_name: str
    payment_mode_name: Text
    tax_name: Text
    taxrate: Money | None
    tax_name2: Text
    taxrate2: Money | None
    company: Text


class ExpenseDetail(Expense, kw_only=True):
    currency_data: dict[str, Any] | None


ROWS: dict[str, Any] = {
    "customers": Customer,
    "contacts": Contact,
    "items": Item,
    "invoices": Invoice,
    "payments": Payment,
    "credit_notes": CreditNote,
    "expenses": Expense,
}
DETAILS: dict[str, Any] = {
    **ROWS,
    "invoices": InvoiceDetail,
    "credit_notes": CreditNoteDetail,
    "expenses": ExpenseDetail,
}
FOUND: dict[str, Any] = {
    **ROWS,
    "items": FoundItem,
    "invoices": FoundInvoice,
    "credit_notes": FoundCreditNote,
}
RAW: dict[str, Any] = {
    "customers": Customer,
    "contacts": Contact,
    "items": RawItem,
    "invoices": RawInvoice,
    "payments": RawPaymentRow,
    "credit_notes": RawCreditNote,
    "expenses": RawExpense,
}
COMMON: dict[str, Any] = {"tax_data": Tax, "payment_mode": Mode, "expense_category": Category}
TOOLS: dict[str, Any] = {
    "list_taxes": list[Tax],
    "list_payment_modes": list[Mode],
    "list_expense_categories": list[Category],
    "list_currencies": list[Currency],
    "list_countries": list[Country],
    "get_current_datetime": Clock,
    "get_server_info": Server,
}
