"""A 401 has three meanings, a 403 two: each leads to its own words, and none to a lost write."""

from collections.abc import Iterator

import pytest
import responses

from tests.remotes.support import ListedTokens
from tests.remotes.xero.books import batch_of, contact
from tests.remotes.xero.conftest import Bench, connect
from xero_bridge.core.errors import NotConnected, Retriable
from xero_bridge.core.vocabulary import Kind
from xero_bridge.simulator.common import FaultKind, Server
from xero_bridge.simulator.xero import XeroSimulator

BASE = "https://xero.example.test"
API = f"{BASE}/api.xro/2.0"
EXPIRED = {"Type": None, "Title": "Unauthorized", "Status": 401, "Detail": "TokenExpired: at 5"}
DEAD = {
    "type": None,
    "title": "Unauthorized",
    "status": 401,
    "detail": "AuthenticationUnsuccessful",
}
UNSCOPED = {"Title": "Unauthorized", "Status": 401, "Detail": "AuthorizationUnsuccessful"}
FORBIDDEN = {"Title": "Forbidden", "Status": 403, "Detail": "AuthenticationUnsuccessful"}


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def faked(simulator: XeroSimulator) -> Bench:
    """Our client before answers that the simulator does not give."""
    return connect(simulator, BASE, ListedTokens(["old", "new"]), "tenant-1")


def organisation(web: responses.RequestsMock) -> None:
    row = {"OrganisationID": "tenant-1", "Name": "Test", "BaseCurrency": "GBP"}
    web.get(f"{API}/Organisation", json={"Organisations": [row]})


def test_an_ended_token_is_refreshed_once_and_the_call_made_again(
    simulator: XeroSimulator,
) -> None:
    first = simulator.issue_token()
    with Server(simulator.wsgi) as server:
        simulator.clock.move(minutes=31)
        app = simulator.settings.apps[0]
        second = simulator.grants.refresh(app, first["refresh_token"])
        tokens = ListedTokens([first["access_token"], second["access_token"]])
        bench = connect(simulator, server.url, tokens)
        results = bench.client.send(batch_of(bench.client, Kind.CUSTOMER, [contact(1)]))
        bench.http.close()
    assert len(results) == 1
    assert tokens.refreshed == [first["access_token"]]
    assert len(simulator.books().contacts.values()) == 1


@pytest.mark.parametrize("body", [EXPIRED, DEAD])
def test_a_token_refused_again_after_its_refresh_needs_a_new_consent(
    faked: Bench, web: responses.RequestsMock, body: dict[str, object]
) -> None:
    web.get(f"{API}/Organisation", status=401, json=body)
    with pytest.raises(NotConnected) as caught:
        faked.client.organisation()
    assert caught.value.reason == "xero_needs_reconnection"
    assert len(web.calls) == 2
    sent = [call.request.headers["Authorization"] for call in web.calls]
    assert sent == ["Bearer old", "Bearer new"]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"WWW-Authenticate": 'Bearer error="insufficient_scope"'}, UNSCOPED),
        ({"WWW-Authenticate": "insufficent_scope"}, DEAD),
        ({}, UNSCOPED),
    ],
)
def test_a_missing_scope_is_said_and_not_cured_by_a_refresh(
    faked: Bench,
    web: responses.RequestsMock,
    headers: dict[str, str],
    body: dict[str, object],
) -> None:
    web.get(f"{API}/Accounts", status=401, json=body, headers=headers)
    with pytest.raises(NotConnected) as caught:
        list(faked.client.entries(Kind.ACCOUNT, None))
    assert caught.value.reason == "xero_scope_missing"
    assert "Accounts" in str(caught.value)
    assert faked.tokens.refreshed == []
    assert len(web.calls) == 1


def test_the_simulator_agrees_on_a_missing_scope(simulator: XeroSimulator) -> None:
    token = simulator.issue_token(scopes=("accounting.contacts",))["access_token"]
    with Server(simulator.wsgi) as server:
        bench = connect(simulator, server.url, ListedTokens([token]))
        with pytest.raises(NotConnected) as caught:
            bench.client.organisation()
        bench.http.close()
    assert caught.value.reason == "xero_scope_missing"


def test_an_organisation_that_is_gone_is_named(bench: Bench) -> None:
    bench.client.organisation()
    bench.simulator.reset_organisation(bench.tenant)
    with pytest.raises(NotConnected) as caught:
        bench.client.organisation()
    assert caught.value.reason == "xero_tenant_lost"
    assert "Test Company" in str(caught.value)
    assert bench.client.calls() == 2


def test_a_connected_organisation_that_refuses_speaks_of_the_users_rights(bench: Bench) -> None:
    bench.simulator.faults.add(FaultKind.FORBIDDEN)
    with pytest.raises(NotConnected) as caught:
        bench.client.organisation()
    assert caught.value.reason == "xero_user_rights"


def test_a_refused_write_has_not_happened_and_is_not_unknown(
    faked: Bench, web: responses.RequestsMock
) -> None:
    organisation(web)
    web.put(f"{API}/Contacts", status=403, json=FORBIDDEN)
    web.get(f"{BASE}/connections", json=[])
    with pytest.raises(NotConnected):
        faked.client.send(batch_of(faked.client, Kind.CUSTOMER, [contact(1)]))


def test_a_page_with_403_from_something_on_the_way_blames_nobody(
    faked: Bench, web: responses.RequestsMock
) -> None:
    web.get(f"{API}/Organisation", status=403, body="<html>Blocked</html>")
    with pytest.raises(NotConnected) as caught:
        faked.client.organisation()
    assert caught.value.reason == "xero_unreachable"
    assert "Blocked" in str(caught.value)


def test_an_unreadable_list_of_connections_is_tried_again_and_blames_nobody(
    faked: Bench, web: responses.RequestsMock
) -> None:
    web.get(f"{API}/Organisation", status=403, json=FORBIDDEN)
    web.get(f"{BASE}/connections", body="<html>")
    with pytest.raises(Retriable):
        faked.client.organisation()


def test_connections_take_nothing_from_the_budget(bench: Bench) -> None:
    bench.simulator.faults.add(FaultKind.FORBIDDEN)
    with pytest.raises(NotConnected):
        bench.client.organisation()
    assert bench.client.calls() == bench.budget.taken == 1
    assert [call.cost for call in bench.calls] == [1, 0]


def test_every_call_names_the_organisation_and_asks_for_json(
    faked: Bench, web: responses.RequestsMock
) -> None:
    organisation(web)
    faked.client.organisation()
    headers = web.calls[0].request.headers
    assert headers["xero-tenant-id"] == "tenant-1"
    assert headers["Accept"] == "application/json"


def test_what_is_left_of_the_day_reaches_the_budget(bench: Bench) -> None:
    bench.client.organisation()
    assert bench.budget.observed[-1]["x-daylimit-remaining"] == "999"
