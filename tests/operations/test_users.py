"""People who may sign in: roles, passwords, and always one administrator left."""

import pytest

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.operations import users
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.store.identity import ADMIN, OPERATOR, VIEWER

PASSWORD = "correct horse battery"


def make(bridge: Bridge, email: str = "ann@example.com", role: str = ADMIN) -> users.UserView:
    return users.create(bridge.services, email, PASSWORD, role, by=ANN)


def stored_password(bridge: Bridge) -> str:
    with bridge.services.database.reading() as connection:
        return str(connection.exec_driver_sql('SELECT password FROM "user"').scalar())


def test_a_user_is_made_with_a_hashed_password(either_bridge: Bridge) -> None:
    view = make(either_bridge, " Ann@Example.com ")
    assert (view.email, view.roles, view.active) == ("ann@example.com", ("admin",), True)
    assert users.views(either_bridge.services) == [view]
    assert stored_password(either_bridge).startswith("$argon2id$")


@pytest.mark.parametrize(
    ("email", "password", "role", "field"),
    [
        ("ann", PASSWORD, ADMIN, "email"),
        ("ann@example.com", "short", ADMIN, "password"),
        ("ann@example.com", PASSWORD, "king", ""),
    ],
)
def test_wrong_input_is_refused_with_its_field(
    empty_bridge: Bridge, email: str, password: str, role: str, field: str
) -> None:
    with pytest.raises(NotAccepted) as caught:
        users.create(empty_bridge.services, email, password, role, by=ANN)
    assert caught.value.field == field
    assert users.views(empty_bridge.services) == []


def test_an_address_has_one_account(empty_bridge: Bridge) -> None:
    make(empty_bridge)
    with pytest.raises(NotAccepted, match="already"):
        make(empty_bridge, "ANN@example.com")


def test_a_user_can_be_limited_to_connections(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    view = users.create(
        empty_bridge.services, "bob@example.com", PASSWORD, VIEWER, connections=[NAME], by=ANN
    )
    assert view.connections == (NAME,)
    with pytest.raises(NotAccepted, match="no connection 'nope'"):
        users.create(
            empty_bridge.services, "eve@example.com", PASSWORD, VIEWER, connections=["nope"], by=ANN
        )


def test_the_last_administrator_stays_one(empty_bridge: Bridge) -> None:
    make(empty_bridge)
    services = empty_bridge.services
    with pytest.raises(NotAccepted, match="last administrator"):
        users.set_role(services, "ann@example.com", VIEWER, by=ANN)
    with pytest.raises(NotAccepted, match="last administrator"):
        users.set_active(services, "ann@example.com", active=False, by=ANN)
    make(empty_bridge, "bob@example.com")
    assert users.set_role(services, "ann@example.com", OPERATOR, by=ANN).roles == ("operator",)
    assert not users.set_active(services, "ann@example.com", active=False, by=ANN).active


def test_a_new_password_ends_open_sessions(empty_bridge: Bridge) -> None:
    make(empty_bridge)
    before = stored_password(empty_bridge)
    users.set_password(empty_bridge.services, "ann@example.com", "another long password", by=ANN)
    assert stored_password(empty_bridge) != before


def test_an_unknown_user_is_named(empty_bridge: Bridge) -> None:
    make(empty_bridge)
    with pytest.raises(NotAccepted, match=r"Did you mean ann@example\.com"):
        users.set_role(empty_bridge.services, "anna@example.com", VIEWER, by=ANN)
