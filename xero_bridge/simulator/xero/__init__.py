"""A stand-in of Xero: identity, connections and the accounting API, at least as strict."""

from xero_bridge.simulator.xero.app import XeroSimulator, create_xero
from xero_bridge.simulator.xero.settings import DEMO_USER, App, Limits, User, XeroSettings

__all__ = ["DEMO_USER", "App", "Limits", "User", "XeroSettings", "XeroSimulator", "create_xero"]
