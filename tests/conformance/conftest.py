"""The SDK on a Xero stand-in, and Perfex stand-ins of each release."""

from collections.abc import Iterator

import pytest
import requests
from xero_python.accounting import (
    AccountingApi,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.identity import IdentityApi

from tests.conformance.perfex_calls import MODERN, NOON, RELEASES, Site
from tests.conformance.sdk import NOW, Sdk
from tests.simulator.perfex.site import (
    Perfex,
)
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.perfex import create_perfex
from xero_bridge.simulator.xero import create_xero


@pytest.fixture
def sdk() -> Iterator[Sdk]:
    simulator = create_xero(clock=SimClock(NOW), seed=True)
    tokens = simulator.issue_token()
    configuration = Configuration(oauth2_token=OAuth2Token("id", "secret"))
    client = ApiClient(configuration, pool_threads=1)
    client.oauth2_token_getter(lambda: tokens)
    client.oauth2_token_saver(tokens.update)
    client.set_oauth2_token(tokens)
    with Server(simulator.wsgi) as server:
        yield Sdk(
            simulator=simulator,
            accounting=AccountingApi(client, base_url=f"{server.url}/api.xro/2.0"),
            identity=IdentityApi(client, base_url=server.url),
            tenant=simulator.books().tenant,
        )
        client.rest_client.pool_manager.clear()


@pytest.fixture
def site() -> Iterator[Site]:
    """A fresh site of the wanted release, with a customer, an item, an invoice and a payment."""
    with requests.Session() as session:
        servers: list[Server] = []

        def start(release: str) -> Perfex:
            simulator = create_perfex(release, clock=SimClock(NOON))
            servers.append(Server(simulator.wsgi))
            perfex = Perfex(simulator, servers[-1].url, session)
            invoice = perfex.invoice()
            simulator.staff.create_item("Consulting hour", "95.00")
            simulator.staff.record_payment(invoice, "60.00")
            simulator.outbox.clear()
            return perfex

        yield start
        for server in servers:
            server.stop()


@pytest.fixture(params=RELEASES)
def any_release(site: Site, request: pytest.FixtureRequest) -> Perfex:
    return site(request.param)


@pytest.fixture(params=MODERN)
def modern(site: Site, request: pytest.FixtureRequest) -> Perfex:
    return site(request.param)


@pytest.fixture
def old(site: Site) -> Perfex:
    return site("2.0.8")
