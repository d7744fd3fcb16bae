"""What sales and purchase documents share: their lines, and Perfex's arithmetic in Xero's terms."""

from xero_bridge.entities.document.drafting import Draft, DraftLine, Form, draft
from xero_bridge.entities.document.record import (
    DRAFT,
    ISSUED,
    UNKNOWN_TAX,
    VOID,
    Document,
    Line,
    LineView,
    Tracking,
    coding,
    line_views,
    status_facet,
)

__all__ = [
    "DRAFT",
    "ISSUED",
    "UNKNOWN_TAX",
    "VOID",
    "Document",
    "Draft",
    "DraftLine",
    "Form",
    "Line",
    "LineView",
    "Tracking",
    "coding",
    "draft",
    "line_views",
    "status_facet",
]
