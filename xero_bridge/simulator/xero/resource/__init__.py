"""The endpoints of the accounting API, each with its rules."""
