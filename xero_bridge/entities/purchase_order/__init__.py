"""Purchase orders: what Perfex's Purchase module orders from a vendor, as Xero shows it."""

from xero_bridge.entities.purchase_order.entity import PURCHASE_ORDER
from xero_bridge.entities.purchase_order.perfex import PerfexOrderWire
from xero_bridge.entities.purchase_order.record import PurchaseOrder
from xero_bridge.entities.purchase_order.xero import XeroOrderWire

__all__ = ["PURCHASE_ORDER", "PerfexOrderWire", "PurchaseOrder", "XeroOrderWire"]
