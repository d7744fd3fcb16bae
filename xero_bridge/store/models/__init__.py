"""All tables but those of users, which `store/identity.py` adds."""

from xero_bridge.store.models.base import Base, table_of
from xero_bridge.store.models.books import Batch, Journal, Link, Record
from xero_bridge.store.models.connection import (
    Connection,
    Cursor,
    Fact,
    Grant,
    Hint,
    Setting,
    Snapshot,
)
from xero_bridge.store.models.decisions import Approval, Audit, GuardStop, Question
from xero_bridge.store.models.runs import (
    Action,
    Budget,
    Call,
    Run,
    RunLease,
    RunRequest,
    Turn,
)

__all__ = [
    "Action",
    "Approval",
    "Audit",
    "Base",
    "Batch",
    "Budget",
    "Call",
    "Connection",
    "Cursor",
    "Fact",
    "Grant",
    "GuardStop",
    "Hint",
    "Journal",
    "Link",
    "Question",
    "Record",
    "Run",
    "RunLease",
    "RunRequest",
    "Setting",
    "Snapshot",
    "Turn",
    "table_of",
]
