"""Column types that keep money exact, instants aware and secrets unreadable on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.types import TypeDecorator, TypeEngine

from xero_bridge.store.vault import Vault

#: Widest amount in characters: sign, 30 digits, point.
AMOUNT_WIDTH = 40


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: stored in UTC, read back aware. A naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: instants are aware UTC")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal that comes back digit for digit: NUMERIC on PostgreSQL, text on SQLite."""

    impl = sa.Numeric()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # SQLite would keep a NUMERIC as a binary float.
        wanted = sa.String(AMOUNT_WIDTH) if dialect.name == "sqlite" else sa.Numeric()
        return dialect.type_descriptor(wanted)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not (isinstance(value, Decimal) and value.is_finite()):
            raise TypeError(f"{value!r} is no finite Decimal: amounts are never floats")
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Json(TypeDecorator[Any]):
    """A value of plain types as JSON text; decimals, dates and enums are written as text."""

    impl = sa.Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted at rest with the vault that the engine was opened with."""

    impl = sa.Text()
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else vault_of(dialect).encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else vault_of(dialect).decrypt(value)


# A column type is told the dialect only, and every engine has a dialect of its own.
_vaults: WeakKeyDictionary[Dialect, Vault] = WeakKeyDictionary()


def use_vault(engine: Engine, vault: Vault) -> None:
    """Encrypt and decrypt the secrets of this engine's database with `vault`."""
    _vaults[engine.dialect] = vault


def vault_of(dialect: Dialect) -> Vault:
    """The vault of an engine's dialect; raises `RuntimeError` when the engine was given none."""
    try:
        return _vaults[dialect]
    except KeyError:
        raise RuntimeError("this engine was opened without encryption keys") from None
