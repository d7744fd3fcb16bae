"""Which organisations a token opens (checklist rows 7, 8, 11 and 48)."""

import re
from typing import Any

import pytest
import requests

from tests.simulator.xero.client import Api
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import DEMO_USER, User, XeroSettings, XeroSimulator, create_xero

OTHER = User(
    user_id="7b1f33a4-2d7a-4f7e-8a55-6d1f9f0e2b02",
    email="sam@agency.example",
    given_name="Sam",
    family_name="Okoro",
)


def connections(api: Api, event: str | None = None) -> Any:
    params = {"authEventId": event} if event else {}
    answer = api.session.get(f"{api.url}/connections", params=params, timeout=5)
    assert answer.status_code == 200
    return answer.json()


def disconnect(api: Api, key: str) -> requests.Response:
    return api.session.delete(f"{api.url}/connections/{key}", timeout=5)


def test_connections_are_a_bare_list_with_seven_digit_fractions(api: Api) -> None:
    (found,) = connections(api)
    assert set(found) == {
        "id",
        "authEventId",
        "tenantId",
        "tenantType",
        "tenantName",
        "createdDateUtc",
        "updatedDateUtc",
    }
    assert found["tenantType"] == "ORGANISATION"
    assert re.fullmatch(r"2026-08-03T09:30:15\.2500000", found["createdDateUtc"])


def test_a_second_consent_adds_its_organisation_and_the_event_filter_tells_them_apart(
    xero: XeroSimulator, api: Api
) -> None:
    demo = xero.organisations[1]["OrganisationID"]
    with Api.connected(xero, api.url, tenant=demo) as second:
        both = connections(second)
        assert [one["tenantName"] for one in both] == ["Harbour & Mill Ltd", "Demo Company (UK)"]
        only = connections(second, both[1]["authEventId"])
        assert [one["tenantId"] for one in only] == [demo]
        assert connections(second, "00000000-0000-0000-0000-000000000000") == []


def test_a_repeated_consent_keeps_the_connection_and_moves_its_date(
    xero: XeroSimulator, api: Api, clock: SimClock
) -> None:
    (before,) = connections(api)
    clock.move(minutes=5)
    with Api.connected(xero, api.url) as again:
        (after,) = connections(again)
    assert after["id"] == before["id"]
    assert after["createdDateUtc"] == before["createdDateUtc"] < after["updatedDateUtc"]


def test_disconnecting_cuts_one_organisation_and_leaves_the_token_alive(
    xero: XeroSimulator, api: Api
) -> None:
    demo = xero.organisations[1]["OrganisationID"]
    with Api.connected(xero, api.url, tenant=demo) as both:
        first, second = connections(both)
        gone = disconnect(both, first["id"])
        assert (gone.status_code, gone.content) == (204, b"")
        assert [one["id"] for one in connections(both)] == [second["id"]]
        assert both.call("GET", "Organisation").status_code == 200


def test_a_tenant_or_event_id_is_no_connection_id(api: Api) -> None:
    (found,) = connections(api)
    for wrong in (found["tenantId"], found["authEventId"]):
        answer = disconnect(api, wrong)
        assert answer.status_code == 403
        assert answer.json()["Detail"] == "AuthenticationUnsuccessful"
    assert disconnect(api, "00000000-0000-0000-0000-00000000000f").status_code == 404
    assert len(connections(api)) == 1


@pytest.mark.parametrize("tenant", [None, "not-a-tenant", "disconnected", "foreign"])
def test_without_a_connection_to_the_tenant_every_call_is_forbidden(
    xero: XeroSimulator, api: Api, tenant: str | None
) -> None:
    if tenant == "disconnected":
        (found,) = connections(api)
        disconnect(api, found["id"])
        tenant = api.tenant
    elif tenant == "foreign":
        tenant = xero.organisations[1]["OrganisationID"]
    if tenant is None:
        del api.session.headers["xero-tenant-id"]
    else:
        api.session.headers["xero-tenant-id"] = tenant
    answer = api.call("GET", "Invoices")
    assert answer.status_code == 403
    content = answer.json()
    assert content.pop("Instance")
    assert content == {
        "Type": None,
        "Title": "Forbidden",
        "Status": 403,
        "Detail": "AuthenticationUnsuccessful",
        "Extensions": {},
    }


def test_a_reset_organisation_has_a_new_tenant_and_the_old_one_is_forbidden(
    xero: XeroSimulator, api: Api
) -> None:
    new = xero.reset_organisation(api.tenant)
    assert new != api.tenant
    assert api.call("GET", "Organisation").status_code == 403
    assert connections(api) == []
    with Api.connected(xero, api.url, tenant=new) as again:
        assert again.get("Organisation")[0]["OrganisationID"] == new
        assert again.get("Contacts", page="1") == []


def test_every_person_has_tokens_and_connections_of_their_own(clock: SimClock) -> None:
    xero = create_xero(clock=clock, settings=XeroSettings(users=(DEMO_USER, OTHER)))
    with (
        Server(xero.wsgi) as server,
        Api.connected(xero, server.url) as first,
        Api.connected(xero, server.url, user_id=OTHER.user_id) as second,
    ):
        assert connections(first)[0]["id"] != connections(second)[0]["id"]
        disconnect(first, connections(first)[0]["id"])
        assert second.call("GET", "Organisation").status_code == 200
