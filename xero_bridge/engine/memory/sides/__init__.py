"""Both systems in memory on their real wires: the codecs of the kinds read and write them."""

from xero_bridge.engine.memory.sides.faults import Faults, Killed, ReadFault, WriteFault
from xero_bridge.engine.memory.sides.perfex import PerfexSide
from xero_bridge.engine.memory.sides.rules import RefusalError
from xero_bridge.engine.memory.sides.side import Call
from xero_bridge.engine.memory.sides.xero import XeroSide

__all__ = [
    "Call",
    "Faults",
    "Killed",
    "PerfexSide",
    "ReadFault",
    "RefusalError",
    "WriteFault",
    "XeroSide",
]
