"""What the clients need of each other."""

from __future__ import annotations

from typing import Protocol


class AccessTokens(Protocol):
    """Gives out access tokens of one grant."""

    def access_token(self) -> str:
        """A token that is good for a while; refreshed first where needed.

        Raises NotConnected (the consent is dead, the client is wrong) or Retriable (no answer).
        """

    def refresh(self, after: str) -> str:
        """A newer token than `after`, which Xero refused; raises as `access_token` does."""
