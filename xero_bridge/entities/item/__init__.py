"""Items: the price list. Invoice lines are copies of its texts and never refer to it."""

from xero_bridge.entities.item.entity import ITEM
from xero_bridge.entities.item.perfex import PerfexItemWire
from xero_bridge.entities.item.record import Item
from xero_bridge.entities.item.xero import XeroItemWire

__all__ = ["ITEM", "Item", "PerfexItemWire", "XeroItemWire"]
