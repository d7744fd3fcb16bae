"""Tokens stay fresh by one refresh at a time, and survive what happens in between."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import responses

from tests.remotes.oauth.conftest import Office, no_grant, tokens_until
from tests.remotes.support import NOON, MovableClock, OneGrant, patient_http
from xero_bridge.core.errors import NotConnected, Retriable
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.oauth.identity import Identity, XeroApp
from xero_bridge.remotes.oauth.refresh import CLAIM, TokenSource, keep_alive
from xero_bridge.simulator.common import FaultKind

XERO = XeroEndpoints()


def test_a_token_that_is_still_good_is_not_refreshed(office: Office) -> None:
    grant = office.connect()
    office.clock.move(minutes=28)
    assert office.source().access_token() == grant.tokens.access_token
    assert office.token_calls() == 1


def test_a_token_about_to_end_is_refreshed_and_stored_before_it_is_used(office: Office) -> None:
    old = office.connect().tokens
    office.clock.move(minutes=29)
    fresh = office.source().access_token()
    stored = office.grants.grant_now.tokens
    assert fresh == stored.access_token != old.access_token
    assert stored.refresh_token != old.refresh_token
    assert office.grants.claimed_until is None


def test_a_token_that_xero_refused_is_refreshed_though_it_looks_good(office: Office) -> None:
    old = office.connect().tokens.access_token
    assert office.source().refresh(old) != old
    assert office.token_calls() == 2


def test_a_token_refreshed_by_somebody_else_meanwhile_is_used(office: Office) -> None:
    old = office.connect().tokens.access_token
    fresh = office.source().refresh(old)
    assert office.source().refresh(old) == fresh
    assert office.token_calls() == 2


def test_a_crash_between_refresh_and_store_is_survived_within_the_grace_time(
    office: Office,
) -> None:
    grant = office.connect()
    office.clock.move(minutes=29)
    now = office.clock.now()
    assert office.grants.claim_refresh(grant, now, now + CLAIM)
    office.identity.refresh(grant.tokens.refresh_token)  # The answer dies with its process.
    fresh = office.source().access_token()
    assert fresh == office.grants.grant_now.tokens.access_token
    assert sum(office.slept) >= CLAIM.total_seconds()
    assert office.simulator.grants.bearer(fresh)


def test_a_lost_answer_is_asked_for_again_with_the_same_refresh_token(office: Office) -> None:
    office.connect()
    office.clock.move(minutes=29)
    office.simulator.faults.add(FaultKind.DROP_AFTER, path="token")
    assert office.source().access_token() == office.grants.grant_now.tokens.access_token
    assert office.grants.grant_now.version == 2


@pytest.mark.parametrize("fault", [FaultKind.ERROR_BEFORE, FaultKind.HTML, FaultKind.DROP_BEFORE])
def test_an_outage_of_the_identity_server_keeps_the_grant(office: Office, fault: FaultKind) -> None:
    office.connect()
    office.clock.move(minutes=29)
    office.simulator.faults.add(fault, path="token", count=2)
    with pytest.raises(Retriable):
        office.source().access_token()
    assert not office.grants.grant_now.needs_reconnection
    assert office.source().access_token() == office.grants.grant_now.tokens.access_token


def test_a_dead_refresh_token_needs_a_new_consent_and_is_not_tried_again(office: Office) -> None:
    office.connect()
    office.clock.move(days=61)
    for _ in range(2):
        with pytest.raises(NotConnected) as caught:
            office.source().access_token()
        assert caught.value.reason == "xero_needs_reconnection"
    assert office.token_calls() == 2
    assert office.grants.grant_now.needs_reconnection


def test_a_grant_without_offline_access_ends_with_its_access_token() -> None:
    clock = MovableClock()
    grants = no_grant("client")
    grants.save_grant("client", "user", tokens_until(NOON, refresh_token=""), NOON)
    clock.sleep(1800)
    with pytest.raises(NotConnected) as caught:
        source_of(grants, clock).access_token()
    assert caught.value.reason == "xero_needs_reconnection"


def test_a_new_consent_that_overtakes_a_dead_refresh_is_used(
    web: responses.RequestsMock,
) -> None:
    clock, grants = MovableClock(), no_grant("client")
    grants.save_grant("client", "user", tokens_until(NOON), NOON)
    clock.sleep(1800)

    def overtaken(_request: object) -> tuple[int, dict[str, str], str]:
        grants.save_grant("client", "user", tokens_until(clock.now(), "newer"), clock.now())
        return 400, {}, '{"error": "invalid_grant"}'

    web.add_callback(responses.POST, XERO.token, overtaken)
    assert source_of(grants, clock).access_token() == "access"
    assert not grants.grant_now.needs_reconnection


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_request"])
def test_a_wrong_client_is_said_and_the_grant_is_kept(
    web: responses.RequestsMock, error: str
) -> None:
    web.post(XERO.token, status=400, json={"error": error})
    clock, grants = MovableClock(), no_grant("client")
    grants.save_grant("client", "user", tokens_until(NOON), NOON)
    clock.sleep(1800)
    with pytest.raises(NotConnected) as caught:
        source_of(grants, clock).access_token()
    assert caught.value.reason == "xero_client_wrong"
    assert not grants.grant_now.needs_reconnection
    assert grants.claimed_until is None


def test_a_refresh_answer_without_a_refresh_token_keeps_the_old_one(
    web: responses.RequestsMock,
) -> None:
    web.post(XERO.token, json={"access_token": "fresh", "expires_in": 1800})
    clock, grants = MovableClock(), no_grant("client")
    grants.save_grant("client", "user", tokens_until(NOON), NOON)
    clock.sleep(1800)
    assert source_of(grants, clock).access_token() == "fresh"
    assert grants.grant_now.tokens.refresh_token == "refresh"


def test_whoever_waits_too_long_says_so() -> None:
    clock, grants = MovableClock(), no_grant("client")
    grant = grants.save_grant("client", "user", tokens_until(NOON), NOON)
    clock.sleep(1800)
    far = clock.now() + timedelta(hours=1)
    assert grants.claim_refresh(grant, clock.now(), far)
    with pytest.raises(Retriable, match="another process"):
        source_of(grants, clock).access_token()


def test_idle_grants_are_kept_alive_well_before_they_end(office: Office) -> None:
    office.connect()
    office.clock.move(days=29)
    assert keep_alive(office.grants, lambda _grant: office.identity, office.clock) == {}
    office.clock.move(days=2)
    assert keep_alive(office.grants, lambda _grant: office.identity, office.clock) == {1: None}
    office.clock.move(days=55)
    assert office.source().access_token()


def test_keeping_alive_reports_what_failed(office: Office) -> None:
    office.connect()
    office.clock.move(days=61)
    outcomes = keep_alive(office.grants, lambda _grant: office.identity, office.clock)
    error = outcomes[1]
    assert error is not None
    assert error.reason == "xero_needs_reconnection"


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def source_of(grants: OneGrant, clock: MovableClock) -> TokenSource:
    identity = Identity(
        http=patient_http(*XERO.called, side="identity", clock=clock),
        endpoints=XERO,
        app=XeroApp(client_id="client", client_secret="secret"),
        clock=clock,
    )
    return TokenSource(1, grants=grants, identity=identity, clock=clock, sleep=clock.sleep)
