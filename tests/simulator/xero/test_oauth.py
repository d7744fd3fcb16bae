"""The way in: consent, tokens, their rotation and their end (checklist rows 1 to 6)."""

import json
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import XeroSimulator
from xero_bridge.simulator.xero.identity.token import challenge

CALLBACK = "http://localhost:8000/xero/callback"
CLIENT = ("SIMULATED-CLIENT-ID", "simulated-client-secret")
SCOPE = "openid profile email offline_access accounting.settings accounting.invoices"


def authorise_address(server: Server, **changes: str | None) -> str:
    asked = {
        "response_type": "code",
        "client_id": CLIENT[0],
        "redirect_uri": CALLBACK,
        "scope": SCOPE,
        "state": "s-123",
        **changes,
    }
    kept = {name: value for name, value in asked.items() if value is not None}
    return f"{server.url}/identity/connect/authorize?{urlencode(kept)}"


def code_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["code"][0]


def token(
    server: Server, client: tuple[str, str] | None, form: dict[str, str]
) -> requests.Response:
    return requests.post(f"{server.url}/connect/token", data=form, auth=client, timeout=5)


def exchange(server: Server, code: str, **more: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **more}
    return token(server, CLIENT, form)


def refresh(server: Server, refresh_token: str) -> requests.Response:
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return token(server, CLIENT, form)


def claims(text: str) -> dict[str, Any]:
    part = text.split(".")[1]
    content: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return content


@pytest.fixture
def granted(xero: XeroSimulator, server: Server) -> dict[str, Any]:
    answer = exchange(server, code_of(xero.approve(authorise_address(server))))
    assert answer.status_code == 200
    content: dict[str, Any] = answer.json()
    return content


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"redirect_uri": "http://127.0.0.1:8000/xero/callback"}, "redirect_uri"),
        ({"redirect_uri": "http://shop.example/callback"}, "redirect_uri"),
        ({"client_id": "somebody-else"}, "unauthorized_client"),
        ({"scope": "accounting.everything"}, "invalid_scope"),
        ({"scope": "accounting.transactions"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"state": None}, "state"),
    ],
)
def test_a_wrong_authorise_request_gets_an_error_page_and_no_redirect(
    server: Server, change: dict[str, str | None], reason: str
) -> None:
    answer = requests.get(authorise_address(server, **change), allow_redirects=False, timeout=5)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert reason in answer.text


def test_the_consent_page_offers_every_organisation_and_names_the_app(server: Server) -> None:
    page = requests.get(authorise_address(server), timeout=5).text
    assert "Harbour &amp; Mill Ltd" in page
    assert "Demo Company (UK)" in page
    assert "Xero Bridge" in page


def test_pressing_allow_sends_the_browser_back_with_code_scope_and_state(
    xero: XeroSimulator, server: Server
) -> None:
    asked = dict(parse_qs(urlsplit(authorise_address(server)).query))
    form = {name: values[0] for name, values in asked.items()}
    answer = requests.post(
        f"{server.url}/identity/connect/authorize",
        data={**form, "decision": "allow", "tenant_id": xero.books().tenant},
        allow_redirects=False,
        timeout=5,
    )
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert set(back) == {"code", "scope", "session_state", "state"}
    assert back["state"] == ["s-123"]


def test_pressing_cancel_sends_the_browser_back_with_access_denied(server: Server) -> None:
    asked = dict(parse_qs(urlsplit(authorise_address(server)).query))
    form = {name: values[0] for name, values in asked.items()}
    answer = requests.post(
        f"{server.url}/identity/connect/authorize",
        data={**form, "decision": "cancel"},
        allow_redirects=False,
        timeout=5,
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{CALLBACK}?error=access_denied&state=s-123"


def test_a_code_buys_tokens_that_say_who_for_how_long_and_for_what(granted: dict[str, Any]) -> None:
    assert granted["expires_in"] == 1800
    assert granted["token_type"] == "Bearer"
    assert granted["scope"] == SCOPE
    access, person = claims(granted["access_token"]), claims(granted["id_token"])
    assert access["iss"] == "https://identity.xero.com"
    assert access["aud"] == "https://identity.xero.com/resources"
    assert access["scope"] == SCOPE.split()
    assert access["exp"] - access["nbf"] == 1800
    assert access["xero_userid"] == person["xero_userid"]
    assert person["aud"] == CLIENT[0]
    assert person["email"] == "morgan@harbour-mill.example"


def test_without_offline_access_and_openid_there_is_no_refresh_and_no_id_token(
    xero: XeroSimulator, server: Server
) -> None:
    address = authorise_address(server, scope="accounting.settings.read")
    content = exchange(server, code_of(xero.approve(address))).json()
    assert set(content) == {"access_token", "expires_in", "token_type", "scope"}


def test_a_code_works_once(xero: XeroSimulator, server: Server) -> None:
    code = code_of(xero.approve(authorise_address(server)))
    assert exchange(server, code).status_code == 200
    again = exchange(server, code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


def test_a_code_dies_after_five_minutes(
    xero: XeroSimulator, server: Server, clock: SimClock
) -> None:
    code = code_of(xero.approve(authorise_address(server)))
    clock.move(seconds=301)
    assert exchange(server, code).json() == {"error": "invalid_grant"}


def test_a_code_is_bound_to_its_redirect_address(xero: XeroSimulator, server: Server) -> None:
    code = code_of(xero.approve(authorise_address(server)))
    answer = exchange(server, code, redirect_uri="http://localhost:8000/other")
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(("verifier", "status"), [("v" * 43, 200), ("w" * 43, 400)])
def test_a_code_challenge_demands_its_verifier(
    xero: XeroSimulator, server: Server, verifier: str, status: int
) -> None:
    address = authorise_address(
        server, code_challenge=challenge("v" * 43), code_challenge_method="S256"
    )
    answer = exchange(server, code_of(xero.approve(address)), code_verifier=verifier)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("client", "form", "error"),
    [
        ((CLIENT[0], "wrong"), {"grant_type": "refresh_token"}, "invalid_client"),
        (("nobody", CLIENT[1]), {"grant_type": "refresh_token"}, "invalid_client"),
        (CLIENT, {"grant_type": "password"}, "unsupported_grant_type"),
        (CLIENT, {"refresh_token": "x"}, "unsupported_grant_type"),
        (CLIENT, {"grant_type": "client_credentials"}, "unauthorized_client"),
        (None, {"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_request"),
        (CLIENT, {"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_the_token_endpoint_says_in_one_word_what_is_wrong(
    server: Server, client: tuple[str, str] | None, form: dict[str, str], error: str
) -> None:
    answer = token(server, client, form)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_a_json_body_is_no_token_request(server: Server) -> None:
    body = {"grant_type": "refresh_token", "refresh_token": "x"}
    answer = requests.post(f"{server.url}/connect/token", json=body, auth=CLIENT, timeout=5)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_the_client_may_also_authenticate_in_the_form(
    server: Server, granted: dict[str, Any]
) -> None:
    form = {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "grant_type": "refresh_token",
        "refresh_token": granted["refresh_token"],
    }
    answer = token(server, None, form)
    assert answer.status_code == 200


def test_a_refresh_token_rotates_and_the_old_one_works_for_thirty_more_minutes(
    server: Server, clock: SimClock, granted: dict[str, Any]
) -> None:
    first = refresh(server, granted["refresh_token"]).json()
    assert first["refresh_token"] != granted["refresh_token"]
    clock.move(minutes=30)
    assert refresh(server, granted["refresh_token"]).status_code == 200
    clock.move(seconds=1)
    late = refresh(server, granted["refresh_token"])
    assert (late.status_code, late.json()) == (400, {"error": "invalid_grant"})
    assert refresh(server, first["refresh_token"]).status_code == 200


def test_a_refresh_token_unused_for_sixty_days_is_dead(
    server: Server, clock: SimClock, granted: dict[str, Any]
) -> None:
    clock.move(days=60)
    kept = refresh(server, granted["refresh_token"]).json()["refresh_token"]
    clock.move(days=60, seconds=1)
    assert refresh(server, kept).json() == {"error": "invalid_grant"}


def test_a_new_consent_ends_the_older_tokens_of_that_person_and_adds_scopes(
    xero: XeroSimulator, server: Server, granted: dict[str, Any]
) -> None:
    address = authorise_address(server, scope="offline_access accounting.contacts")
    widened = exchange(server, code_of(xero.approve(address))).json()
    assert set(widened["scope"].split()) == {*SCOPE.split(), "accounting.contacts"}
    assert refresh(server, granted["refresh_token"]).json() == {"error": "invalid_grant"}


def test_revoking_ends_the_tokens_and_every_connection_of_that_person(
    xero: XeroSimulator, server: Server
) -> None:
    demo = xero.organisations[1]["OrganisationID"]
    xero.approve(authorise_address(server))
    granted = exchange(server, code_of(xero.approve(authorise_address(server), demo))).json()
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    listed = requests.get(f"{server.url}/connections", headers=bearer, timeout=5)
    assert len(listed.json()) == 2
    answer = requests.post(
        f"{server.url}/connect/revocation",
        data={"token": granted["refresh_token"]},
        auth=CLIENT,
        timeout=5,
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert refresh(server, granted["refresh_token"]).json() == {"error": "invalid_grant"}
    listed = requests.get(f"{server.url}/connections", headers=bearer, timeout=5)
    assert listed.json()["Detail"] == "AuthenticationUnsuccessful"
    again = exchange(server, code_of(xero.approve(authorise_address(server)))).json()
    bearer = {"Authorization": f"Bearer {again['access_token']}"}
    listed = requests.get(f"{server.url}/connections", headers=bearer, timeout=5)
    assert [one["tenantName"] for one in listed.json()] == ["Harbour & Mill Ltd"]


def test_userinfo_and_discovery_tell_the_person_and_the_addresses(
    server: Server, granted: dict[str, Any]
) -> None:
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    person = requests.get(f"{server.url}/connect/userinfo", headers=bearer, timeout=5).json()
    assert (person["given_name"], person["family_name"]) == ("Morgan", "Hale")
    found = requests.get(f"{server.url}/.well-known/openid-configuration", timeout=5).json()
    assert found["token_endpoint"] == f"{server.url}/connect/token"
