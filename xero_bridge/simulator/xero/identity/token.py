"""Signed tokens: JWTs by HMAC, which a client may decode like Xero's own."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

HEADER = {"alg": "HS256", "typ": "JWT", "kid": "simulator"}


def sign(claims: dict[str, Any], key: str) -> str:
    """Return a JWT of these claims."""
    content = f"{_pack(json.dumps(HEADER).encode())}.{_pack(json.dumps(claims).encode())}"
    return f"{content}.{_pack(_signature(content, key))}"


def read(token: str, key: str) -> dict[str, Any] | None:
    """Return the claims of a token that was signed with this key, or None."""
    content, _, signature = token.rpartition(".")
    if content.count(".") != 1:
        return None
    if not hmac.compare_digest(_pack(_signature(content, key)), signature):
        return None
    claims: dict[str, Any] = json.loads(_unpack(content.split(".")[1]))
    return claims


def challenge(verifier: str) -> str:
    """Return the S256 code challenge of a PKCE verifier."""
    return _pack(sha256(verifier.encode()).digest())


def _signature(content: str, key: str) -> bytes:
    return hmac.new(key.encode(), content.encode(), sha256).digest()


def _pack(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
