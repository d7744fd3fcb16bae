"""Who may call: tokens, capabilities, and the lockout after too many refusals."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from werkzeug.wrappers import Request

from xero_bridge.simulator.perfex.api.exchange import Reply, failed
from xero_bridge.simulator.perfex.site import Site, Token

FORBIDDEN: Final = (
    "Your API token does not have the necessay permissions for the requested operation"
)
LOCKED: Final = "Too many failed authentication attempts. Try again later."
LOCK_AFTER: Final = 20
LOCK_WINDOW: Final = timedelta(minutes=15)
JWT_PARTS: Final = 3


class Lockout:
    """Counts refusals per address over 15 minutes."""

    def __init__(self) -> None:
        """Start with no refusals."""
        self._refusals: dict[str, deque[datetime]] = defaultdict(deque)

    def note(self, address: str, now: datetime) -> None:
        """Remember a refused token or capability."""
        self._refusals[address].append(now)

    def holds(self, address: str, now: datetime) -> bool:
        """Tell whether the address has been refused 20 times within the window."""
        refusals = self._refusals[address]
        while refusals and refusals[0] <= now - LOCK_WINDOW:
            refusals.popleft()
        return len(refusals) >= LOCK_AFTER


def token_text(request: Request, site: Site, query: Mapping[str, str]) -> str:
    """Return the token as sent: a header of its own, in 3.x also Bearer or the query."""
    if request.headers.get("authtoken"):
        return request.headers["authtoken"].strip()
    if not site.version.modern_routes:
        return ""
    bearer = request.headers.get("Authorization", "")
    if bearer.lower().startswith("bearer "):
        return bearer[7:].strip()
    return query.get("authtoken") or query.get("api_key") or ""


def admitted(site: Site, text: str) -> Token | Reply:
    """Return the token of that text or the answer that refuses it."""
    status = site.version.auth_status
    if not text:
        return failed(site.version.unknown_token, status)
    token = site.tokens.get(text)
    if token is not None and (token.expires_at is None or token.expires_at > site.clock.now()):
        return token
    if token is not None:
        return failed("Expired token", status)
    if text.count(".") != JWT_PARTS - 1:
        return failed("Wrong number of segments", status)
    return failed(site.version.unknown_token, status)


def forbidden() -> Reply:
    """Answer that the token lacks a capability, in the product's spelling."""
    return failed(FORBIDDEN, 403)


def locked() -> Reply:
    """Answer an address that was refused too often."""
    return failed(LOCKED, 429)
