"""Tests of Xero Bridge; they read like its manual."""
