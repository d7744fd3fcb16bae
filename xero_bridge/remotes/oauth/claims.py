"""What a token says about its user, where it can be read.

Signatures are not checked: the tokens come straight from Xero's token endpoint over TLS.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error as BadBase64

import msgspec


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """The members that the bridge uses; empty where the token does not bear them."""

    xero_userid: str = ""
    authentication_event_id: str = ""


def claims_of(token: str | None) -> Claims:
    """The claims of a JWT; empty ones for a token that cannot be read."""
    parts = (token or "").split(".")
    if len(parts) != 3:
        return Claims()
    try:
        payload = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return msgspec.json.decode(payload, type=Claims)
    except (BadBase64, ValueError, msgspec.DecodeError):
        return Claims()
