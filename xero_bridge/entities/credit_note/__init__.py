"""Credit notes: what a customer gets back, and the invoices that it was set against."""

from xero_bridge.entities.credit_note.entity import CREDIT_NOTE
from xero_bridge.entities.credit_note.perfex import PerfexCreditNoteWire
from xero_bridge.entities.credit_note.record import Applied, CreditNote, Refund
from xero_bridge.entities.credit_note.xero import XeroCreditNoteWire

__all__ = [
    "CREDIT_NOTE",
    "Applied",
    "CreditNote",
    "PerfexCreditNoteWire",
    "Refund",
    "XeroCreditNoteWire",
]
