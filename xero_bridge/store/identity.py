"""Who may sign in, as which role, for which connections. The only tables that know Flask."""

from __future__ import annotations

import sqlalchemy as sa
from flask_security.models import sqla as fsqla
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xero_bridge.store.models import Base, Connection
from xero_bridge.store.models.base import Id

#: Roles, from the one that may do everything to the one that only looks.
ADMIN, OPERATOR, VIEWER = "admin", "operator", "viewer"
ROLES = {
    ADMIN: "May do everything: connections, users, going live, resets.",
    OPERATOR: "May answer questions, map and sync.",
    VIEWER: "May look at everything of the connections granted.",
}

fsqla.FsModels.set_db_info(base_model=Base)


class Role(Base, fsqla.FsRoleMixin):
    """A role that users have."""

    __tablename__ = "role"

    def __str__(self) -> str:
        return self.name


class User(Base, fsqla.FsUserMixin):
    """A person who may sign in. A user without entries in `access` reaches every connection."""

    __tablename__ = "user"

    access: Mapped[list[Access]] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.email

    def reaches(self, connection_id: int) -> bool:
        """Whether the user's roles hold for this connection."""
        return not self.access or any(one.connection_id == connection_id for one in self.access)


class WebAuthn(Base, fsqla.FsWebAuthnMixin):
    """A passkey of a user."""

    __tablename__ = "webauthn"


class Access(Base):
    """One connection that a user is limited to."""

    __tablename__ = "access"
    __table_args__ = (sa.UniqueConstraint("user_id", "connection_id"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[int] = mapped_column(
        sa.ForeignKey("connection.id", ondelete="CASCADE"), index=True
    )

    user: Mapped[User] = relationship(back_populates="access")
    connection: Mapped[Connection] = relationship()
