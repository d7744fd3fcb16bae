"""The memory of one connection in the database: `core.ports.Store` on SQLAlchemy."""

from xero_bridge.store.repository.part import Codec
from xero_bridge.store.repository.store import SqlStore, open_store

__all__ = ["Codec", "SqlStore", "open_store"]
