"""What both simulators share: a movable clock, a server, faults on demand, stored state."""

from xero_bridge.simulator.common.clock import SimClock
from xero_bridge.simulator.common.faults import Fault, FaultKind, Faults
from xero_bridge.simulator.common.serve import DropConnectionError, Server
from xero_bridge.simulator.common.store import Record, Store, Table

__all__ = [
    "DropConnectionError",
    "Fault",
    "FaultKind",
    "Faults",
    "Record",
    "Server",
    "SimClock",
    "Store",
    "Table",
]
