"""What was written counts as written, whatever becomes of reading it back."""

from tests.remotes.perfex.conftest import OBSERVED, OLD, Connect
from tests.remotes.perfex.test_writing import batch, invoice, pay, payment, sent, stored
from xero_bridge.core.remote import Written
from xero_bridge.core.vocabulary import Kind
from xero_bridge.simulator.common import FaultKind


def test_an_item_stands_though_the_site_is_closed_before_it_is_read_back(connect: Connect) -> None:
    bench = connect(OBSERVED)
    bench.client.site()
    made = batch(bench.client, Kind.ITEM, {"description": "A", "rate": "1.00"})
    bench.simulator.faults.add(FaultKind.HTML, method="GET", count=None, status=200)
    result = sent(bench.client, made)
    assert isinstance(result, Written)
    assert (result.id, result.seen) == ("1", None)


def test_a_payment_stands_though_the_route_to_read_it_is_not_there(connect: Connect) -> None:
    bench = connect(OLD)
    made = invoice(bench)
    bench.client.site()
    faults = bench.simulator.faults
    faults.add(FaultKind.HTML, method="GET", path="payments", count=None, status=404)
    result = pay(bench, payment(made))
    assert isinstance(result, Written)
    assert len(stored(bench)) == 1
