"""The playground: pages on which a person does what a user of the real Xero would do."""

from xero_bridge.simulator.xero.page.site import Site

__all__ = ["Site"]
