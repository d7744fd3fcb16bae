"""Invoices: what a customer owes, line by line, and how Perfex's arithmetic becomes Xero's."""

from xero_bridge.entities.invoice.entity import INVOICE
from xero_bridge.entities.invoice.perfex import PerfexInvoiceWire
from xero_bridge.entities.invoice.record import Invoice
from xero_bridge.entities.invoice.xero import XeroInvoiceWire

__all__ = ["INVOICE", "Invoice", "PerfexInvoiceWire", "XeroInvoiceWire"]
