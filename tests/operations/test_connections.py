"""Adding a connection, connecting it with Xero, going live, and the way back."""

import pytest
import sqlalchemy as sa

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.errors import BridgeError, NotConnected
from xero_bridge.core.vocabulary import Kind, RunState, Side
from xero_bridge.operations import connections, consent, records
from xero_bridge.operations.connections import NewConnection, valid_name, valid_url
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import reading
from xero_bridge.operations.runs import claimed
from xero_bridge.store import models


def new(bridge: Bridge, **members: object) -> NewConnection:
    given: dict[str, object] = {
        "name": NAME,
        "perfex_url": bridge.perfex_url,
        "perfex_token": bridge.perfex.token,
        "allow_private_address": True,
    }
    return NewConnection(**{**given, **members})  # type: ignore[arg-type]


def test_a_connection_is_kept_after_a_live_look_at_its_site(either_bridge: Bridge) -> None:
    view = connections.add(either_bridge.services, new(either_bridge), by=ANN)
    assert view.perfex_version == "3.0.3"
    assert view.stage == "connect_xero"
    assert connections.views(either_bridge.services) == [view]


def test_a_trailing_api_is_part_of_no_sites_address(bridge: Bridge) -> None:
    url = f"{bridge.perfex_url}/api/"
    view = connections.add(bridge.services, new(bridge, perfex_url=url), by=ANN)
    assert view.perfex_url == bridge.perfex_url


@pytest.mark.parametrize("name", ["", "Acme", "a b", "-a", "a-", "a/b", "x" * 41, "ä"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(name: str) -> None:
    with pytest.raises(NotAccepted, match="small letters"):
        valid_name(name)


@pytest.mark.parametrize(
    "url", ["", "crm.example.com", "ftp://x", "https://", "http://x:0", "http://[", "https:///api"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(NotAccepted, match="in full"):
        valid_url(url)


@pytest.mark.parametrize("url", ["https://ann:pw@x.example", "https://x/?a=1", "https://x/#a"])
def test_an_address_with_more_than_a_site_is_refused(url: str) -> None:
    with pytest.raises(NotAccepted, match="no password, query or fragment"):
        valid_url(url)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"perfex_token": "wrong"}, "does not accept the API token"),
        ({"perfex_url": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"allow_private_address": False}, "is a private address"),
        ({"perfex_url": "http://no-such-host.invalid"}, "There is no host"),
    ],
)
def test_a_site_that_cannot_be_used_is_not_kept(
    bridge: Bridge, members: dict[str, object], told: str
) -> None:
    with pytest.raises(BridgeError, match=told):
        connections.add(bridge.services, new(bridge, **members), by=ANN)
    assert connections.views(bridge.services) == []


def test_a_name_is_taken_once(bridge: Bridge) -> None:
    bridge.add()
    with pytest.raises(NotAccepted, match="already"):
        bridge.add()


def test_a_token_is_needed(bridge: Bridge) -> None:
    with pytest.raises(NotAccepted, match="--perfex-token"):
        connections.add(bridge.services, new(bridge, perfex_token=""), by=ANN)


def test_a_client_id_without_its_secret_is_refused(bridge: Bridge) -> None:
    with pytest.raises(NotAccepted, match="go together"):
        connections.add(bridge.services, new(bridge, xero_client_id="x"), by=ANN)


def test_secrets_are_encrypted_in_the_database(bridge: Bridge) -> None:
    members = {
        "xero_client_id": "id",
        "xero_client_secret": "canary-client",
        "xero_webhook_key": "canary-key",
    }
    connections.add(bridge.services, new(bridge, **members), by=ANN)
    with bridge.services.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM connection").one()
    assert bridge.perfex.token not in str(row)
    assert "canary" not in str(row)


# --- consent ---------------------------------------------------------------------------------------


def test_the_organisation_of_the_consent_is_pinned_at_once(either_bridge: Bridge) -> None:
    either_bridge.add()
    assert either_bridge.consent().organisation == "Harbour & Mill Ltd"
    view = connections.view(either_bridge.services, NAME)
    assert view.organisation == "Harbour & Mill Ltd"
    assert view.tenant_id == either_bridge.xero.books().tenant
    assert view.stage == "settings"


def test_without_an_app_at_xero_the_person_is_told_how_to_get_one(bridge: Bridge) -> None:
    bridge.add()
    bare = bridge.services.environment.__class__(
        instance=bridge.services.environment.instance,
        database_url="",
        secret_key="",
        encryption_keys=(),
    )
    services = bridge.services.__class__(**{**vars(bridge.services), "environment": bare})
    with pytest.raises(NotAccepted, match="XERO_BRIDGE_XERO_CLIENT_ID"):
        consent.start(services, NAME)


def test_a_foreign_state_is_refused(bridge: Bridge) -> None:
    bridge.add()
    started = consent.start(bridge.services, NAME)
    with pytest.raises(NotConnected) as caught:
        consent.finish(bridge.services, NAME, started, {"state": "other", "code": "x"}, by=ANN)
    assert caught.value.reason == "consent_foreign"


def test_a_refused_consent_is_told(bridge: Bridge) -> None:
    bridge.add()
    started = consent.start(bridge.services, NAME)
    answer = {"state": started.state, "error": "access_denied"}
    with pytest.raises(NotConnected, match="Allow access"):
        consent.finish(bridge.services, NAME, started, answer, by=ANN)


def test_a_connection_with_links_takes_no_other_organisation(bridge: Bridge) -> None:
    bridge.go_live()
    other = bridge.xero.organisations[1]["OrganisationID"]
    with pytest.raises(NotConnected, match="belongs to Harbour & Mill Ltd"):
        bridge.consent(tenant=other)
    assert connections.view(bridge.services, NAME).organisation == "Harbour & Mill Ltd"


def test_before_going_live_another_organisation_may_be_chosen(either_bridge: Bridge) -> None:
    bridge = either_bridge
    bridge.set_up()
    bridge.sync()
    other = bridge.xero.organisations[1]["OrganisationID"]
    assert bridge.consent(tenant=other).organisation == "Demo Company (UK)"
    run = bridge.sync()
    assert (run.state, run.error) == (RunState.PLANNED, None)
    assert run.planned["invoice"]["create"] > 30
    known = {contact["Name"] for contact in bridge.xero.books(other).contacts.values()}
    found = records.search(bridge.services, NAME, kind=Kind.CUSTOMER)
    assert {record.label for record in found if record.key.side is Side.XERO} <= known


def test_two_sites_do_not_write_the_same_marks_into_one_organisation(bridge: Bridge) -> None:
    bridge.add()
    bridge.consent()
    bridge.add("other")
    with pytest.raises(NotAccepted, match="site_tag=P2"):
        bridge.consent("other", tenant=bridge.xero.books().tenant)
    bridge.set("other", site_tag="P2")
    assert bridge.consent("other", tenant=bridge.xero.books().tenant).organisation


# --- going live ------------------------------------------------------------------------------------


def test_going_live_needs_an_organisation_first(bridge: Bridge) -> None:
    bridge.add()
    with pytest.raises(NotAccepted, match="press Connect"):
        connections.go_live(bridge.services, NAME, by=ANN)


def test_going_live_needs_a_start_date_and_a_sales_account(bridge: Bridge) -> None:
    bridge.add()
    bridge.consent()
    with pytest.raises(NotAccepted, match=r"start_date.*sales_account"):
        connections.go_live(bridge.services, NAME, by=ANN)


def test_nothing_is_written_before_going_live(bridge: Bridge) -> None:
    bridge.set_up()
    before = len(bridge.xero.books().contacts.values())
    run = bridge.sync()
    assert run.state is RunState.PLANNED
    assert run.planned["customer"]["create"] > 30
    assert run.done == {}
    assert len(bridge.xero.books().contacts.values()) == before


def test_after_going_live_the_plan_is_carried_out(either_bridge: Bridge) -> None:
    either_bridge.go_live()
    run = either_bridge.sync()
    assert run.done["invoice"]["create"] > 50
    assert connections.view(either_bridge.services, NAME).stage == "live"


def test_a_paused_connection_is_resumed(bridge: Bridge) -> None:
    bridge.go_live()
    assert connections.pause(bridge.services, NAME, by=ANN).stage == "paused"
    assert connections.resume(bridge.services, NAME, by=ANN).stage == "live"


# --- the way back ----------------------------------------------------------------------------------


def test_the_last_connection_of_a_grant_takes_the_grant_along(bridge: Bridge) -> None:
    bridge.add()
    bridge.consent()
    assert consent.ends_grant(bridge.services, NAME)
    assert "ended" in consent.disconnect(bridge.services, NAME, by=ANN)
    run = bridge.sync()
    assert run.state is RunState.NOT_CONNECTED
    assert connections.view(bridge.services, NAME).organisation == "Harbour & Mill Ltd"


def test_a_grant_that_serves_another_connection_stays(bridge: Bridge) -> None:
    bridge.add()
    bridge.consent()
    bridge.add("other")
    bridge.consent("other", tenant=bridge.xero.organisations[1]["OrganisationID"])
    assert not consent.ends_grant(bridge.services, NAME)
    consent.disconnect(bridge.services, NAME, by=ANN)
    assert bridge.sync("other").state is RunState.PLANNED


def test_disconnecting_twice_says_so(bridge: Bridge) -> None:
    bridge.add()
    assert "was not connected" in consent.disconnect(bridge.services, NAME, by=ANN)


def test_a_removed_connection_leaves_nothing_but_the_audit(either_bridge: Bridge) -> None:
    either_bridge.go_live()
    either_bridge.sync()
    connections.remove(either_bridge.services, NAME, by=ANN)
    assert connections.views(either_bridge.services) == []
    with reading(either_bridge.services) as session:
        for model in (models.Record, models.Link, models.Setting, models.Run, models.Question):
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
        acts = session.scalars(sa.select(models.Audit.act).order_by(models.Audit.id)).all()
    assert acts[0] == "connection added"
    assert acts[-1] == "connection removed"


def test_an_unknown_connection_is_named_with_those_that_come_near(bridge: Bridge) -> None:
    bridge.add()
    with pytest.raises(NotAccepted, match="Did you mean acme"):
        connections.view(bridge.services, "acmee")


def test_during_a_run_a_connection_is_not_removed(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with (
        claimed(empty_bridge.services, NAME),
        pytest.raises(NotAccepted, match="wait for its end"),
    ):
        connections.remove(empty_bridge.services, NAME, by=ANN)
    assert connections.views(empty_bridge.services)
