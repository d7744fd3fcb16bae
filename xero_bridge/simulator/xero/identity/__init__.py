"""Consent, tokens and connections: the part of Xero that knows who may do what."""
