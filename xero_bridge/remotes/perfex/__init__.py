"""The Perfex side: the REST API module of one site, generations 2.0 to 3.1."""

from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.client import PerfexClient
from xero_bridge.remotes.perfex.memory import Memory

__all__ = ["Api", "Memory", "PerfexClient"]
