"""Access tokens that stay fresh: one refresh at a time per grant, over all threads and processes.

The claim on a refresh is a compare-and-set in the store, not a lock held during the call. Who dies
between refresh and store loses nothing: the claim ends, and the next one uses the old refresh
token, which Xero accepts for 30 minutes more. For the same reason a refresh that outlives its claim
does no harm: of two fresh sets of tokens one is stored, and both callers use that one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from xero_bridge.core.errors import BridgeError, NotConnected, Retriable
from xero_bridge.core.grants import Grant, Grants
from xero_bridge.core.ports import Clock
from xero_bridge.remotes.http import Sleeper
from xero_bridge.remotes.oauth.identity import Identity, InvalidGrantError

#: A token that ends sooner than this is refreshed before use.
LEEWAY = timedelta(seconds=90)
#: How long others wait for whoever refreshes, before they do it themselves.
CLAIM = timedelta(seconds=60)
#: Unused refresh tokens end after 60 days.
IDLE = timedelta(days=30)

#: Pauses between looks at what the other one does, in seconds: short at first, then each second.
_LOOKS = (0.05, 0.1, 0.2, 0.4, *[1.0] * 70)


class TokenSource:
    """The access tokens of one grant; implements `remotes.ports.AccessTokens`."""

    def __init__(
        self,
        grant_id: int,
        *,
        grants: Grants,
        identity: Identity,
        clock: Clock,
        sleep: Sleeper = time.sleep,
    ) -> None:
        """`identity` must be that of the grant's client id."""
        self._grant_id = grant_id
        self._grants = grants
        self._identity = identity
        self._clock = clock
        self._sleep = sleep

    def access_token(self) -> str:
        """A token that is good for a while; raises NotConnected or Retriable."""
        grant = self._live()
        if grant.tokens.expires_at - LEEWAY > self._clock.now():
            return grant.tokens.access_token
        return self._renewed(grant)

    def refresh(self, after: str) -> str:
        """A newer token than `after`, which Xero refused; raises NotConnected or Retriable."""
        grant = self._live()
        if grant.tokens.access_token != after:
            return self.access_token()
        return self._renewed(grant)

    def renew(self) -> None:
        """Refresh now whatever the access token's age, so that the refresh token starts anew."""
        self._renewed(self._live())

    def _live(self) -> Grant:
        grant = self._grants.grant(self._grant_id)
        if grant.needs_reconnection:
            raise NotConnected("xero_needs_reconnection")
        return grant

    def _renewed(self, grant: Grant) -> str:
        """The token after a refresh: ours, or that of whoever claimed it first."""
        for pause in _LOOKS:
            now = self._clock.now()
            if self._grants.claim_refresh(grant, now, now + CLAIM):
                return self._refresh(grant).tokens.access_token
            self._sleep(pause)
            current = self._live()
            if current.version != grant.version:
                return current.tokens.access_token
        raise Retriable("no_answer", side="Xero", message="another process refreshes the token")

    def _refresh(self, grant: Grant) -> Grant:
        if not grant.tokens.refresh_token:
            return self._dead(grant)
        try:
            tokens = self._identity.refresh(grant.tokens.refresh_token)
        except InvalidGrantError:
            return self._dead(grant)
        except BridgeError:
            self._grants.end_claim(grant)
            raise
        return self._grants.store_refreshed(grant, tokens, self._clock.now()) or self._live()

    def _dead(self, grant: Grant) -> Grant:
        """Only this version of the grant is dead: a new consent may have replaced it meanwhile."""
        self._grants.mark_reconnection(grant)
        return self._live()


def keep_alive(
    grants: Grants, identity_of: Callable[[Grant], Identity], clock: Clock
) -> dict[int, BridgeError | None]:
    """Refresh the grants that were not used for long; what went wrong, if anything, by grant id."""
    outcomes: dict[int, BridgeError | None] = {}
    for grant in grants.idle_grants(idle_before(clock.now())):
        source = TokenSource(grant.id, grants=grants, identity=identity_of(grant), clock=clock)
        try:
            source.renew()
            outcomes[grant.id] = None
        except BridgeError as error:
            outcomes[grant.id] = error
    return outcomes


def idle_before(now: datetime) -> datetime:
    """Refresh tokens issued before this moment are renewed without waiting for use."""
    return now - IDLE
