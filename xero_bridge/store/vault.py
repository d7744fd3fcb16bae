"""Secrets at rest: the first key encrypts, every key decrypts."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from xero_bridge.core.errors import Fatal


def make_key() -> str:
    """A new key, as `XERO_BRIDGE_ENCRYPTION_KEYS` takes it."""
    return Fernet.generate_key().decode()


class Vault:
    """Encrypts with the first key and decrypts with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, newest first; raises `Fatal` when there is none or one is malformed."""
        if not keys:
            raise Fatal("encryption_key_missing")
        self._fernet = MultiFernet([_fernet(key, n) for n, key in enumerate(keys, 1)])

    def encrypt(self, text: str) -> str:
        """The text as it may lie in a database."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text again; raises `Fatal` when none of the keys fits."""
        try:
            return self._fernet.decrypt(token).decode()
        except InvalidToken:
            raise Fatal("encryption_key_wrong") from None

    def rotate(self, token: str) -> str:
        """The same secret under the first key; raises `Fatal` when none of the keys fits."""
        try:
            return self._fernet.rotate(token).decode()
        except InvalidToken:
            raise Fatal("encryption_key_wrong") from None


def _fernet(key: str, position: int) -> Fernet:
    try:
        return Fernet(key.strip())
    except ValueError:
        raise Fatal("encryption_key_malformed", position=position) from None
