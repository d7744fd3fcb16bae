"""The plain declarative base of all tables, and the columns that they share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column

from xero_bridge.store.types import EncryptedText, ExactDecimal, Json, UtcDateTime

# Batch migrations on SQLite find constraints by name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the bridge, with or without Flask."""

    metadata = sa.MetaData(naming_convention=NAMING)


def table_of(model: type[Base]) -> sa.Table:
    """The table of a model, for statements without the object layer."""
    return cast(sa.Table, model.__table__)


Id = Annotated[int, mapped_column(primary_key=True)]
#: A connection's row; everything that belongs to a connection goes with it.
Owner = Annotated[
    int, mapped_column(sa.ForeignKey("connection.id", ondelete="CASCADE"), index=True)
]
Word = Annotated[str, mapped_column(sa.String, default="", server_default="")]
Name = Annotated[str, mapped_column(sa.String, default="", server_default="")]
Prose = Annotated[str, mapped_column(sa.Text, default="", server_default="")]
Secret = Annotated[str | None, mapped_column(EncryptedText)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
MaybeInstant = Annotated[datetime | None, mapped_column(UtcDateTime)]
Amount = Annotated[Decimal | None, mapped_column(ExactDecimal)]
Flag = Annotated[bool, mapped_column(default=False, server_default=sa.false())]
Count = Annotated[int, mapped_column(default=0, server_default="0")]
Values = Annotated[Any, mapped_column(Json)]
