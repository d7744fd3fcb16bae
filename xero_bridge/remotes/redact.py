"""Takes secrets out of everything that is written down about a call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

STARS = "***"
_SECRET_WORDS = frozenset(
    {
        "access_token",
        "api_key",
        "assertion",
        "authtoken",
        "client_secret",
        "code",
        "code_verifier",
        "hash",
        "id_token",
        "new_pass_key",
        "password",
        "refresh_token",
        "session_state",
        "state",
        "token",
    }
)
_SHOWN_HEADERS = frozenset(
    {
        "accept",
        "content-type",
        "idempotency-key",
        "if-modified-since",
        "user-agent",
        "xero-tenant-id",
    }
)
_MEMBER = re.compile(
    r"(?i)([\"']?(?:" + "|".join(sorted(_SECRET_WORDS)) + r")[\"']?\s*[:=]\s*)"
    r"(\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[^\s&,;}\"']+)"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,2}")


def redact_url(url: str, query: Mapping[str, str] | None = None) -> str:
    """The address (and query) without user names and with secret values starred out."""
    parts = urlsplit(url)
    asked = [*parse_qsl(parts.query, keep_blank_values=True), *(query or {}).items()]
    pairs = [(name, STARS if name.lower() in _SECRET_WORDS else value) for name, value in asked]
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, parts.path, urlencode(pairs, safe="*,:=\"'()"), ""))


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Only headers known to be harmless keep their value; names in lower case."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return {
        name: value if name in _SHOWN_HEADERS else STARS for name, value in sorted(lowered.items())
    }


def redact_text(text: str, limit: int = 500) -> str:
    """The first `limit` characters, with tokens, passwords and hashes starred out."""
    # Some room is kept so that a secret at the cut is recognised as a whole.
    starred = _MEMBER.sub(rf"\1{STARS}", text[: limit + 4000])
    starred = _BEARER.sub(rf"\1 {STARS}", starred)
    return _JWT.sub(STARS, starred)[:limit]
