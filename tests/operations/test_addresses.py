"""The address of a record leads to its page in its own system."""

from __future__ import annotations

import pytest
import requests

from tests.support.bridge import NAME, Bridge
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.addresses import Addresses, addresses
from xero_bridge.operations.rows import store_of

PLACES = Addresses(
    site_url="https://crm.example", xero_site="https://go.xero.com", short_code="!ab1"
)
ID = "0d3c3f6e-1b2a-4c5d-8e9f-000000000001"


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT])
def test_every_address_leads_to_a_page_that_names_the_record(read_once: Bridge, kind: Kind) -> None:
    store = store_of(read_once.services, NAME)
    places = addresses(read_once.services, store)
    for side in Side:
        found = list(store.mirrors_of(kind, side))
        assert found, f"the demo has no {kind} in {side}"
        record = found[0]
        answer = requests.get(places.of(record.key), timeout=20)
        assert answer.status_code == 200, answer.url
        told = record.record.label.split(" of ")[0].split(" ")[0]
        assert told in answer.text, answer.url


def test_the_real_xero_is_reached_by_way_of_its_sign_in_page() -> None:
    address = PLACES.of(Key(Kind.INVOICE, Side.XERO, ID))
    assert address == (
        "https://go.xero.com/organisationlogin/default.aspx?shortcode=!ab1"
        f"&redirecturl=/AccountsReceivable/View.aspx%3FInvoiceID%3D{ID}"
    )


def test_what_has_no_page_or_is_not_known_has_no_address() -> None:
    assert PLACES.of(None) == ""
    assert PLACES.of(Key(Kind.TAX, Side.PERFEX, "VAT|20.00")) == ""
    unknown = Addresses(site_url="", xero_site="https://go.xero.com", short_code="")
    assert unknown.of(Key(Kind.INVOICE, Side.XERO, ID)) == ""
    assert unknown.of(Key(Kind.INVOICE, Side.PERFEX, "1")) == ""
