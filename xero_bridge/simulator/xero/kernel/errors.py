"""The ways in which a call to the Xero API fails."""

from collections.abc import Iterable

INVALID = "A validation exception occurred"


class Invalid(Exception):
    """A rule of the books refuses one element; the messages are Xero's."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


class BadCall(Exception):
    """The whole call fails with an error body of this number and type."""

    def __init__(self, number: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.number = number
        self.kind = kind


class NotFound(Exception):
    """There is nothing at this address: an HTML 404 without a body."""


class NotSupported(Exception):
    """The address exists but not with this method: 501."""


def bad_data(message: str) -> BadCall:
    """Return the failure of a body that cannot be read."""
    return BadCall(14, "PostDataInvalidException", message)


def bad_query(message: str = "Expression expected") -> BadCall:
    """Return the failure of a where or order that cannot be read."""
    return BadCall(16, "QueryParseException", message)


def no_data(singular: str) -> BadCall:
    """Return the failure of a body without the expected collection."""
    return BadCall(
        17,
        "NoDataProcessedException",
        "No data has been processed for this endpoint. This endpoint is expecting "
        f"{singular} data to be specified in the request body.",
    )


def refuse(messages: Iterable[str]) -> None:
    """Raise Invalid when there is any message."""
    if found := tuple(dict.fromkeys(messages)):
        raise Invalid(*found)
