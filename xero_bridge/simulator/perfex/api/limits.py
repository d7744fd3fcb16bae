"""What 3.x keeps between calls: quotas, idempotency keys, and the optional cache of reads."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from xero_bridge.simulator.perfex.api.exchange import Reply, failed
from xero_bridge.simulator.perfex.site import Settings

LONGEST_KEY: Final = 191
KEY_LIFE: Final = timedelta(hours=24)
CACHE_LIFE: Final = timedelta(seconds=300)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer and when it was given."""

    reply: Reply
    at: datetime


class Quota:
    """Counts a token's calls over a sliding window."""

    def __init__(self, settings: Settings) -> None:
        """Read the limits from the settings at every call, so that they can be changed."""
        self._settings = settings
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)

    def take(self, token: str, now: datetime) -> Reply | None:
        """Count a call; return the refusal when the quota or the burst is used up."""
        calls, settings = self._calls[token], self._settings
        window = timedelta(seconds=settings.quota_seconds)
        while calls and calls[0] <= now - window:
            calls.popleft()
        recent = sum(at > now - MINUTE for at in calls) if settings.burst else 0
        if (settings.quota and len(calls) >= settings.quota) or recent >= (settings.burst or 1):
            return self._refusal()
        calls.append(now)
        return None

    def headers(self, token: str, now: datetime) -> dict[str, str]:
        """Return the rate headers; Reset slides, it is always a window away."""
        settings = self._settings
        remaining = max(0, settings.quota - len(self._calls[token]))
        return {
            "X-RateLimit-Limit": str(settings.quota),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": str(int(now.timestamp()) + settings.quota_seconds),
        }

    def _refusal(self) -> Reply:
        if not self._settings.old_limiter:
            return failed("Rate limit exceeded", 429)
        message = "This API key has reached the time limit for this method"
        return Reply(status=401, content={"status": False, "error": message})


class Keys:
    """Remembers answers by Idempotency-Key; nothing keeps two calls at once from both passing."""

    def __init__(self) -> None:
        """Start with no keys."""
        self._kept: dict[tuple[str, ...], Kept] = {}

    def replay(self, key: tuple[str, ...], now: datetime) -> Reply | None:
        """Return the answer that the key got before, marked as replayed."""
        kept = self._kept.get(key)
        if kept is None or now - kept.at >= KEY_LIFE:
            return None
        return kept.reply.with_headers({"Idempotency-Replayed": "true"})

    def keep(self, key: tuple[str, ...], reply: Reply, now: datetime) -> None:
        """Remember any answer below 500, refusals too."""
        if reply.status < 500:
            self._kept.setdefault(key, Kept(reply=reply, at=now))


class ReadCache:
    """Answers of GETs, given again for 300 seconds whatever was written meanwhile."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept: dict[str, Kept] = {}

    def find(self, address: str, now: datetime) -> Reply | None:
        """Return the stored answer while it lives."""
        kept = self._kept.get(address)
        return kept.reply if kept and now - kept.at < CACHE_LIFE else None

    def keep(self, address: str, reply: Reply, now: datetime) -> None:
        """Store an answer."""
        if reply.status == 200:
            self._kept[address] = Kept(reply=reply, at=now)
