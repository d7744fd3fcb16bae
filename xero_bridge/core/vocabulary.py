"""The words of the product: sides, kinds, directions, verbs and states."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """One of the two systems that are kept in step."""

    PERFEX = "perfex"
    XERO = "xero"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.XERO if self is Side.PERFEX else Side.PERFEX


class Kind(StrEnum):
    """A sort of record."""

    TAX = "tax"
    ACCOUNT = "account"
    PAYMENT_MODE = "payment_mode"
    EXPENSE_CATEGORY = "expense_category"
    CURRENCY = "currency"
    CUSTOMER = "customer"
    VENDOR = "vendor"
    ITEM = "item"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    EXPENSE = "expense"
    PURCHASE_ORDER = "purchase_order"


REFERENCE_KINDS = frozenset(
    {Kind.TAX, Kind.ACCOUNT, Kind.PAYMENT_MODE, Kind.EXPENSE_CATEGORY, Kind.CURRENCY}
)


class Direction(StrEnum):
    """Which side's changes of a linked record are carried to the other side."""

    OFF = "off"
    PERFEX_TO_XERO = "perfex_to_xero"
    XERO_TO_PERFEX = "xero_to_perfex"
    TWO_WAY = "two_way"

    def follows(self, side: Side) -> bool:
        """Whether a change made on this side is carried over."""
        if self is Direction.TWO_WAY:
            return True
        return self is (
            Direction.PERFEX_TO_XERO if side is Side.PERFEX else Direction.XERO_TO_PERFEX
        )


class Births(StrEnum):
    """What happens to a record that exists on one side only."""

    CREATE = "create"
    ASK = "ask"
    IGNORE = "ignore"


class Verb(StrEnum):
    """What an action does."""

    CREATE = "create"
    UPDATE = "update"
    VOID = "void"
    DELETE = "delete"
    LINK = "link"
    UNLINK = "unlink"

    @property
    def writes(self) -> bool:
        """Whether the action sends something to Perfex or Xero."""
        return self not in (Verb.LINK, Verb.UNLINK)

    @property
    def journalled(self) -> bool:
        """Creates and deletes are journalled; updates are planned anew from the bases."""
        return self in (Verb.CREATE, Verb.VOID, Verb.DELETE)


class JournalState(StrEnum):
    """How far a journalled write has come."""

    PLANNED = "planned"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"

    @property
    def finished(self) -> bool:
        """Whether nothing about the write is left to explain."""
        return self in (JournalState.DONE, JournalState.REFUSED)


class RunState(StrEnum):
    """How a run ended (or that it is going on)."""

    RUNNING = "running"
    IN_STEP = "in_step"
    PLANNED = "planned"
    QUESTIONS = "questions"
    WAITING = "waiting"
    BUSY = "busy"
    STOPPED_BY_GUARD = "stopped_by_guard"
    NOT_CONNECTED = "not_connected"
    FAILED = "failed"

    @property
    def exit_code(self) -> int:
        """The exit code of `sync` for this state."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    RunState.RUNNING: 1,
    RunState.IN_STEP: 0,
    RunState.PLANNED: 0,
    RunState.QUESTIONS: 2,
    RunState.WAITING: 1,
    RunState.BUSY: 1,
    RunState.STOPPED_BY_GUARD: 2,
    RunState.NOT_CONNECTED: 3,
    RunState.FAILED: 1,
}


class RecordState(StrEnum):
    """Where one record stands, as shown on its page."""

    IN_STEP = "in_step"
    PLANNED = "planned"
    WAITING = "waiting"
    QUESTION = "question"
    EXCLUDED = "excluded"
    NEW = "new"
    GONE = "gone"
