"""The independent money oracle: exact fractions, written from Perfex's and Xero's documentation.

It shares no code with the bridge or the simulator, so that it can disagree with both.
"""

from tests.oracle.cents import half_up, number, text
from tests.oracle.perfex import PerfexFigures, perfex_figures, perfex_total, stored_tax
from tests.oracle.xero import XeroFigures, xero_figures, xero_total

__all__ = [
    "PerfexFigures",
    "XeroFigures",
    "half_up",
    "number",
    "perfex_figures",
    "perfex_total",
    "stored_tax",
    "text",
    "xero_figures",
    "xero_total",
]
