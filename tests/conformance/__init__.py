"""Holds every exchange of the tests with the stand-ins to the descriptions of both systems."""
