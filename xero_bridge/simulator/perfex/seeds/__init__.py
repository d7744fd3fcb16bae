"""Seed data of the Perfex simulator."""
