"""The words of the bridge's own memory: its database, its keys, its stored settings."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
KEEPING_REASONS: dict[str, tuple[str, ...]] = {
    "database_full": (
        "The database {database} cannot take more data: {message}",
        "Free disk space, then sync again; nothing is lost.",
    ),
    "database_busy": (
        "The database {database} was busy for too long: {message}",
        "The bridge tries again by itself.",
    ),
    "database_unreadable": (
        "The database {database} cannot be read or written: {message}",
        "Check the disk and its rights.",
    ),
    "database_read_only": (
        "The database {database} can only be read: {message}",
        "Give the bridge's user the right to write to the file and its folder.",
    ),
    "database_unreachable": (
        "The database {database} cannot be opened: {message}",
        "Check XERO_BRIDGE_DATABASE_URL and that the server runs.",
    ),
    "database_not_migrated": (
        "The database {database} is not up to date: {message}",
        "Run `flask --app app db upgrade`.",
    ),
    "encryption_key_missing": (
        "There is no key for the stored secrets.",
        "Set XERO_BRIDGE_ENCRYPTION_KEYS.",
    ),
    "encryption_key_malformed": (
        "Key number {position} of XERO_BRIDGE_ENCRYPTION_KEYS is not a key.",
        "A key has 44 characters: 32 bytes in URL-safe Base64.",
    ),
    "encryption_key_wrong": (
        "A stored secret cannot be decrypted with any of the given keys.",
        "Add the earlier key to XERO_BRIDGE_ENCRYPTION_KEYS, after the new one.",
    ),
    "setting_stored_wrong": (
        "A stored setting is not accepted: {message}",
        "Set it again with `connection set`.",
    ),
    "connection_unknown": (
        "There is no connection {name}.",
        "`connection list` shows those there are.",
    ),
}
