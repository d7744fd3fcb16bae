"""Xero's Accounting API."""
