"""Password hashes, public-page keys and tokens end at the client."""

from collections.abc import Iterator

import pytest

from tests.remotes.perfex.conftest import Bench
from xero_bridge.core.errors import BridgeError
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import encode_record
from xero_bridge.remotes.perfex import rows
from xero_bridge.simulator.common import FaultKind

CANARY = "canary7f3e"
PLANTED = {
    "contacts": ("password", "new_pass_key", "email_verification_key", "last_ip"),
    "clients": ("stripe_id",),
    "invoices": ("hash", "token", "short_link"),
}


@pytest.fixture
def planted(demo: Bench) -> Bench:
    """A site whose secrets are all known."""
    for table, names in PLANTED.items():
        for row in demo.simulator.rows(table):
            present = {name: f"{CANARY}-{name}" for name in names if name in row}
            assert present
            id_ = row["userid"] if table == "clients" else row["id"]
            demo.simulator.staff.edit(table, id_, **present)
    return demo


def handed_out(bench: Bench) -> Iterator[bytes]:
    for kind in (Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.ITEM):
        for entry in bench.entries(kind):
            yield entry.raw
        for id_, record in bench.records(kind).items():
            yield id_.encode() + encode_record(record)


def test_no_secret_of_the_site_is_handed_out(planted: Bench) -> None:
    assert not [raw for raw in handed_out(planted) if CANARY.encode() in raw]


def test_no_secret_is_written_down_about_calls(planted: Bench) -> None:
    list(handed_out(planted))
    planted.simulator.faults.add(FaultKind.HTML, count=1)
    with pytest.raises(BridgeError) as caught:
        planted.entries(Kind.CUSTOMER)
    told = f"{planted.exchanges!r} {caught.value} {caught.value.details!r}"
    assert CANARY not in told
    assert planted.simulator.token not in told
    assert planted.simulator.token not in repr(planted.client.memory)


def test_a_changed_secret_changes_no_row(planted: Bench) -> None:
    before = planted.entries(Kind.INVOICE)
    planted.simulator.staff.edit("invoices", 5, hash="another", token="another")
    assert planted.entries(Kind.INVOICE) == before


def test_secrets_go_at_every_depth_and_nothing_else_does() -> None:
    raw = b'{"a":[{"hash":"x","amount":12.340,"t":"\\u00e9"}],"client":{"stripe_id":"s"},"z":null}'
    assert rows.clean(raw) == b'{"a":[{"amount":12.340,"t":"\\u00e9"}],"client":{},"z":null}'
