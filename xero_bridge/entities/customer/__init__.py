"""Customers: a Perfex customer with its primary contact is one Xero contact."""

from xero_bridge.entities.customer.entity import CUSTOMER
from xero_bridge.entities.customer.perfex import PerfexCustomerWire
from xero_bridge.entities.customer.record import Customer
from xero_bridge.entities.customer.xero import XeroContactWire

__all__ = ["CUSTOMER", "Customer", "PerfexCustomerWire", "XeroContactWire"]
