"""Keys that the bridge makes itself: in the instance folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection
from pathlib import Path

from cryptography.fernet import Fernet


def instance_secrets(folder: Path, *, wanted: Collection[str]) -> dict[str, str | tuple[str, ...]]:
    """The secrets of these names (`secret_key`, `encryption_keys`), made at their first use.

    Raises OSError when the folder cannot be read or written.
    """
    made: dict[str, str | tuple[str, ...]] = {}
    if "secret_key" in wanted:
        made["secret_key"] = _kept(folder / "secret_key", lambda: secrets.token_urlsafe(48))
    if "encryption_keys" in wanted:
        kept = _kept(folder / "encryption_keys", lambda: Fernet.generate_key().decode())
        made["encryption_keys"] = tuple(kept.split())
    return made


def _kept(path: Path, make: Callable[[], str]) -> str:
    """What the file holds; several processes that start at once agree on one value."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(make() + "\n")
        try:
            # A link appears whole or not at all, and the first one stays.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
