"""A stand-in for Perfex CRM with the Themesic REST API module, in three of its releases."""

from xero_bridge.simulator.perfex.app import PerfexSimulator, create_perfex
from xero_bridge.simulator.perfex.seed import impossible_invoices
from xero_bridge.simulator.perfex.site import Settings

__all__ = ["PerfexSimulator", "Settings", "create_perfex", "impossible_invoices"]
