"""Xero's addresses; all of them are configuration, so that a simulator can stand in for Xero."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class XeroEndpoints:
    """Where Xero is: full addresses, as developer.xero.com states them."""

    authorize: str = "https://login.xero.com/identity/connect/authorize"
    token: str = "https://identity.xero.com/connect/token"  # noqa: S105 - an address.
    revoke: str = "https://identity.xero.com/connect/revocation"
    connections: str = "https://api.xero.com/connections"
    #: Includes `/api.xro/2.0`.
    api: str = "https://api.xero.com/api.xro/2.0"

    @property
    def userinfo(self) -> str:
        """Who the user is; it stands beside the token endpoint."""
        return f"{self.token.rpartition('/')[0]}/userinfo"

    @property
    def called(self) -> tuple[str, ...]:
        """The addresses that the bridge itself calls (the browser goes to `authorize`)."""
        return (self.token, self.revoke, self.connections, self.api)
