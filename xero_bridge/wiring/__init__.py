"""Builds everything and hands it out: the only place that knows all layers."""

from xero_bridge.wiring.application import create_app

__all__ = ["create_app"]
