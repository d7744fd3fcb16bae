"""A store and both sides in memory, under the same laws as the real ones: for tests and trials."""

from xero_bridge.engine.memory.store import MemoryStore

__all__ = ["MemoryStore"]
