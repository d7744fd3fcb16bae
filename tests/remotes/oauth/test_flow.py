"""From the Connect button to a stored grant, and back to disconnected."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from tests.remotes.oauth.conftest import REDIRECT, SCOPES, Office, no_grant
from tests.remotes.support import MovableClock, patient_http
from xero_bridge.core.consent import Consent, Started
from xero_bridge.core.errors import NotConnected
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.oauth.claims import claims_of
from xero_bridge.remotes.oauth.flow import XeroConsents, missing_scopes
from xero_bridge.remotes.oauth.identity import XeroApp
from xero_bridge.simulator.common import FaultKind

XERO = XeroEndpoints()


def test_the_browser_is_sent_to_the_authorise_address_with_a_state(office: Office) -> None:
    started = office.consents().begin(REDIRECT)
    asked = parse_qs(urlsplit(started.url).query)
    assert started.url.startswith(office.endpoints.authorize)
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [REDIRECT]
    assert asked["scope"] == [" ".join(SCOPES)]
    assert asked["state"] == [started.state]
    assert len(started.state) >= 32
    assert "code_challenge" not in asked
    assert started.state != office.consents().begin(REDIRECT).state


def test_a_consent_becomes_a_stored_grant_with_its_organisation(office: Office) -> None:
    consents = office.consents()
    started = consents.begin(REDIRECT)
    consent = consents.finish(started, office.consent(started))
    assert office.grants.grant_now == consent.grant
    assert consent.grant.user_id == office.simulator.settings.users[0].user_id
    assert consent.grant.client_id == office.app.client_id
    assert consent.grant.tokens.scope >= set(SCOPES)
    assert [each.name for each in consent.organisations] == ["Test Company"]
    assert consent.missing == frozenset()


def test_pkce_works_where_it_is_switched_on(office: Office) -> None:
    consents = office.consents(pkce=True)
    started = consents.begin(REDIRECT)
    assert "code_challenge_method=S256" in started.url
    assert consents.finish(started, office.consent(started)).grant.version == 1


def test_only_the_organisation_of_this_consent_is_offered(office: Office) -> None:
    office.connect()
    second = office.simulator.add_organisation("Second Ltd")
    consents = office.consents()
    started = consents.begin(REDIRECT)
    consent = consents.finish(started, office.consent(started, second))
    assert [each.name for each in consent.organisations] == ["Second Ltd"]
    assert len(consents.reached(1)) == 2


@pytest.mark.parametrize("state", ["", "foreign"])
def test_an_answer_with_another_state_is_refused_before_any_call(
    office: Office, state: str
) -> None:
    started = office.consents().begin(REDIRECT)
    with pytest.raises(NotConnected) as caught:
        office.consents().finish(started, {"code": "c", "state": state})
    assert caught.value.reason == "consent_foreign"
    assert office.calls == []


def test_a_refused_consent_is_said(office: Office) -> None:
    started = office.consents().begin(REDIRECT)
    answer = {"error": "access_denied", "state": started.state}
    with pytest.raises(NotConnected) as caught:
        office.consents().finish(started, answer)
    assert caught.value.reason == "consent_refused"


def test_a_code_works_once(office: Office) -> None:
    consents = office.consents()
    started = consents.begin(REDIRECT)
    answer = office.consent(started)
    consents.finish(started, answer)
    with pytest.raises(NotConnected) as caught:
        consents.finish(started, answer)
    assert caught.value.reason == "consent_failed"


def test_a_wrong_secret_is_the_operators_problem(office: Office) -> None:
    office.app = XeroApp(client_id=office.app.client_id, client_secret="wrong")
    started = office.consents().begin(REDIRECT)
    with pytest.raises(NotConnected) as caught:
        office.consents().finish(started, office.consent(started))
    assert caught.value.reason == "xero_client_wrong"


def test_scopes_that_were_not_granted_are_named(office: Office) -> None:
    wanted = (*SCOPES, "accounting.attachments")
    started = office.consents().begin(REDIRECT)
    consent = office.consents(scopes=wanted).finish(started, office.consent(started))
    assert consent.missing == {"accounting.attachments"}


def test_a_scope_that_may_write_covers_reading() -> None:
    wanted = ["accounting.settings.read", "accounting.contacts"]
    assert missing_scopes(wanted, ["accounting.settings", "accounting.contacts.read"]) == {
        "accounting.contacts"
    }


def test_one_organisation_is_disconnected_and_the_token_lives_on(office: Office) -> None:
    office.connect()
    consents = office.consents()
    (reached,) = consents.reached(1)
    assert consents.disconnect(1, reached.connection_id)
    assert consents.reached(1) == ()
    assert not consents.disconnect(1, reached.connection_id)
    assert not office.grants.grant_now.needs_reconnection


def test_revoking_ends_the_grant_at_xero_and_here(office: Office) -> None:
    grant = office.connect()
    office.consents().revoke(1)
    assert office.grants.grant_now.needs_reconnection
    answer = requests.get(
        office.endpoints.connections,
        headers={"Authorization": f"Bearer {grant.tokens.access_token}"},
        timeout=5,
    )
    assert answer.status_code == 401


def test_revoking_a_dead_grant_calls_nobody(office: Office) -> None:
    office.grants.mark_reconnection(office.connect())
    before = len(office.calls)
    office.consents().revoke(1)
    assert len(office.calls) == before


def test_no_token_and_no_secret_is_written_down(office: Office) -> None:
    grant = office.connect()
    office.source().renew()
    tokens = office.grants.grant_now.tokens
    written = repr((office.calls, grant, office.app, tokens))
    for secret in (
        grant.tokens.access_token,
        grant.tokens.refresh_token,
        tokens.access_token,
        tokens.refresh_token,
        office.app.client_secret,
    ):
        assert secret not in written


def test_a_code_is_not_sent_twice_when_the_answer_is_lost(office: Office) -> None:
    consents = office.consents()
    started = consents.begin(REDIRECT)
    answer = office.consent(started)
    office.simulator.faults.add(FaultKind.DROP_AFTER, path="token")
    with pytest.raises(NotConnected) as caught:
        consents.finish(started, answer)
    assert caught.value.reason == "consent_failed"
    assert office.token_calls() == 1


# --- What the simulator does not do ------------------------------------------------------------


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def finished(web: responses.RequestsMock, token_answer: dict[str, Any]) -> Consent:
    web.post(XERO.token, json=token_answer)
    consents = XeroConsents(
        http=patient_http(*XERO.called, side="identity"),
        endpoints=XERO,
        app=XeroApp(client_id="client", client_secret="secret"),
        scopes=SCOPES,
        grants=no_grant("client"),
        clock=MovableClock(),
    )
    started = Started(url="", state="s", redirect_uri=REDIRECT)
    return consents.finish(started, {"code": "c", "state": "s"})


def connection(name: str, made: str, **more: str) -> dict[str, str]:
    return {
        "id": f"connection-{name}",
        "tenantId": f"tenant-{name}",
        "tenantType": "ORGANISATION",
        "tenantName": name,
        "createdDateUtc": f"{made}T21:14:09.1234560",
        **more,
    }


OPAQUE = {"access_token": "opaque", "refresh_token": "r", "expires_in": 1800}
TWO = [connection("B", "2026-07-02"), connection("A", "2026-07-01")]


def test_opaque_tokens_ask_who_the_user_is(web: responses.RequestsMock) -> None:
    web.get(XERO.connections, json=TWO)
    web.get(XERO.userinfo, json={"xero_userid": "user-7", "email": "mia@example.test"})
    consent = finished(web, OPAQUE)
    assert consent.grant.user_id == "user-7"
    assert len(consent.organisations) == 2


@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_user_who_stays_nameless_is_known_by_the_oldest_connection(
    web: responses.RequestsMock, status: int
) -> None:
    web.get(XERO.connections, json=TWO)
    web.get(XERO.userinfo, status=status, body="<html></html>")
    assert finished(web, OPAQUE).grant.user_id == "connection:connection-A"


def test_scopes_left_out_of_the_answer_are_those_asked_for(web: responses.RequestsMock) -> None:
    web.get(XERO.connections, json=TWO)
    web.get(XERO.userinfo, status=404)
    consent = finished(web, OPAQUE)
    assert consent.missing == frozenset()
    assert consent.grant.tokens.scope == set(SCOPES)


def test_only_organisations_are_offered(web: responses.RequestsMock) -> None:
    practice = connection("P", "2026-07-01", tenantType="PRACTICE")
    web.get(XERO.connections, json=[practice, TWO[0]])
    web.get(XERO.userinfo, json={"xero_userid": "user-7"})
    assert [each.name for each in finished(web, OPAQUE).organisations] == ["B"]


@pytest.mark.parametrize("body", ["<html>Gateway</html>", "", "[]"])
def test_a_page_instead_of_tokens_is_trouble_on_the_way(
    web: responses.RequestsMock, body: str
) -> None:
    web.post(XERO.token, body=body)
    consents = XeroConsents(
        http=patient_http(*XERO.called, side="identity"),
        endpoints=XERO,
        app=XeroApp(client_id="client", client_secret="secret"),
        scopes=SCOPES,
        grants=no_grant("client"),
        clock=MovableClock(),
    )
    with pytest.raises(NotConnected) as caught:
        consents.finish(
            Started(url="", state="s", redirect_uri=REDIRECT), {"code": "c", "state": "s"}
        )
    assert caught.value.reason == "consent_failed"
    assert len(web.calls) == 1


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.eyJ4Ijox.c", "a.W10.c", "a.\xff.c"])
def test_a_token_that_cannot_be_read_has_no_claims(token: str) -> None:
    assert claims_of(token).xero_userid == ""
