"""A consent that reaches several organisations: the person chooses one, and only one of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.consent import Consent, Reached, Started
from xero_bridge.core.grants import Tokens
from xero_bridge.operations import connections, consent
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.services import Services, XeroApp
from xero_bridge.store.grants import SqlGrants

BOTH = tuple(
    Reached(connection_id=f"c-{name}", tenant_id=f"t-{name}", name=name)
    for name in ("Mill", "Quay")
)


class ManyAtOnce:
    """Consents as a user gives them who connects several organisations in one go."""

    def __init__(self, services: Services, reached: tuple[Reached, ...]) -> None:
        self._services = services
        self._reached = reached

    @contextmanager
    def consents(self, _app: XeroApp) -> Iterator[ManyAtOnce]:
        yield self

    def begin(self, redirect_uri: str) -> Started:
        return Started(url="https://xero.example", state="s", redirect_uri=redirect_uri)

    def finish(self, _started: Started, _answer: Mapping[str, str]) -> Consent:
        now = self._services.clock.now()
        tokens = Tokens(access_token="a", refresh_token="r", expires_at=now + timedelta(minutes=30))
        grants = SqlGrants(self._services.database)
        grant = grants.save_grant("client", "user", tokens, now)
        return Consent(
            grant=grant, organisations=self._reached, missing=frozenset({"accounting.payments"})
        )


def reaching(bridge: Bridge, reached: tuple[Reached, ...]) -> Services:
    connector = ManyAtOnce(bridge.services, reached)
    return replace(bridge.services, connector=connector)  # type: ignore[arg-type]


def finish(services: Services) -> consent.Connected:
    started = consent.start(services, NAME)
    return consent.finish(services, NAME, started, {"state": "s", "code": "c"}, by=ANN)


def test_several_organisations_are_offered_and_one_is_chosen(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    services = reaching(empty_bridge, BOTH)
    assert finish(services).organisation == ""
    assert connections.view(services, NAME).stage == "choose_organisation"
    assert consent.organisations(services, NAME) == BOTH
    with pytest.raises(NotAccepted, match="not part of the consent"):
        consent.choose(services, NAME, "t-Elsewhere", by=ANN)
    assert consent.choose(services, NAME, "t-Quay", by=ANN).organisation == "Quay"
    view = connections.view(services, NAME)
    assert (view.organisation, view.tenant_id, view.stage) == ("Quay", "t-Quay", "settings")
    assert consent.organisations(services, NAME) == ()


def test_a_connection_that_is_in_use_keeps_its_organisation_among_several(
    empty_bridge: Bridge,
) -> None:
    empty_bridge.add()
    services = reaching(empty_bridge, BOTH)
    finish(services)
    consent.choose(services, NAME, "t-Quay", by=ANN)
    empty_bridge.set(start_date="2026-01-01", sales_account="200")
    connections.go_live(services, NAME, by=ANN)
    assert finish(services).organisation == "Quay"


def test_missing_permissions_are_told_on_the_connection(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    connected = finish(reaching(empty_bridge, BOTH[:1]))
    assert connected.missing == ("accounting.payments",)
    assert "accounting.payments" in connections.view(empty_bridge.services, NAME).trouble


def test_a_consent_that_reaches_nothing_is_told(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with pytest.raises(NotAccepted, match="reaches no Xero organisation"):
        finish(reaching(empty_bridge, ()))
    assert connections.view(empty_bridge.services, NAME).stage == "connect_xero"
