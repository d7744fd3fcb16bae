"""Measurements of the bridge: calls, decoding, a run without changes."""
