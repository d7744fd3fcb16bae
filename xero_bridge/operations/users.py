"""People who may sign in: made, listed, given a role or another password, switched off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import uuid4

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from xero_bridge.operations.problems import NotAccepted, unknown
from xero_bridge.operations.rows import connection_row, note, reading, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.store.identity import ADMIN, ROLES, Access, Role, User

#: Characters that a password has at least.
SHORTEST_PASSWORD = 12
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class UserView(msgspec.Struct, frozen=True, kw_only=True):
    """A user as an administrator sees one."""

    id: int
    email: str
    roles: tuple[str, ...]
    active: bool
    #: Connections that the roles hold for; empty: all of them.
    connections: tuple[str, ...]


def create(
    services: Services,
    email: str,
    password: str,
    role: str,
    *,
    connections: Sequence[str] = (),
    by: By,
) -> UserView:
    """Make a user with that role, for all connections or only these. Raises `NotAccepted`.

    Runs inside the application: the password is hashed as its settings say.
    """
    address = _valid_email(email)
    _check_password(password)
    hashed = services.hash_password(password)
    with writing(services) as session:
        if _find(session, address) is not None:
            raise NotAccepted(f"{address} has an account already.", field="email")
        user = User(
            email=address,
            password=hashed,
            active=True,
            fs_uniquifier=uuid4().hex,
            roles=[_role(session, role)],
            access=[Access(connection_id=connection_row(session, name).id) for name in connections],
        )
        session.add(user)
        session.flush()
        note(session, services, by, "user made", "", user=address, role=role)
        return _view(user)


def views(services: Services) -> list[UserView]:
    """All users by address."""
    with reading(services) as session:
        return [_view(user) for user in session.scalars(sa.select(User).order_by(User.email))]


def set_password(services: Services, email: str, password: str, *, by: By) -> None:
    """Give a user another password; sessions of the old one end. Raises `NotAccepted`."""
    _check_password(password)
    hashed = services.hash_password(password)
    with writing(services) as session:
        user = _known(session, email)
        user.password, user.fs_uniquifier = hashed, uuid4().hex
        note(session, services, by, "password set", "", user=user.email)


def set_role(services: Services, email: str, role: str, *, by: By) -> UserView:
    """Give a user another role; the last administrator stays one. Raises `NotAccepted`."""
    with writing(services) as session:
        user = _known(session, email)
        if role != ADMIN:
            _keep_an_admin(session, user)
        user.roles = [_role(session, role)]
        note(session, services, by, "role set", "", user=user.email, role=role)
        return _view(user)


def set_active(services: Services, email: str, *, active: bool, by: By) -> UserView:
    """Let a user sign in, or not any more; the last administrator stays. Raises `NotAccepted`."""
    with writing(services) as session:
        user = _known(session, email)
        if not active:
            _keep_an_admin(session, user)
            # Sessions that are open end with their token.
            user.fs_uniquifier = uuid4().hex
        user.active = active
        note(session, services, by, "user on" if active else "user off", "", user=user.email)
        return _view(user)


def _valid_email(text: str) -> str:
    address = text.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise NotAccepted(f"{text!r} is not an e-mail address.", field="email")
    return address


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise NotAccepted(
            f"The password is too short: use at least {SHORTEST_PASSWORD} characters.",
            field="password",
        )


def _role(session: Session, name: str) -> Role:
    """The role of that name, made at its first use."""
    if name not in ROLES:
        raise unknown("role", name, ROLES)
    found = session.scalar(sa.select(Role).where(Role.name == name))
    return found or Role(name=name, description=ROLES[name])


def _find(session: Session, email: str) -> User | None:
    return session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def _known(session: Session, email: str) -> User:
    found = _find(session, email)
    if found is None:
        raise unknown("user", email, session.scalars(sa.select(User.email)))
    return found


def _keep_an_admin(session: Session, user: User) -> None:
    others = sa.select(User.id).where(
        User.id != user.id, User.active.is_(True), User.roles.any(Role.name == ADMIN)
    )
    is_admin = any(role.name == ADMIN for role in user.roles)
    if is_admin and user.active and session.scalar(others.limit(1)) is None:
        raise NotAccepted(f"{user.email} is the last administrator: make another one first.")


def _view(user: User) -> UserView:
    return UserView(
        id=user.id,
        email=user.email,
        roles=tuple(sorted(role.name for role in user.roles)),
        active=user.active,
        connections=tuple(sorted(access.connection.name for access in user.access)),
    )
