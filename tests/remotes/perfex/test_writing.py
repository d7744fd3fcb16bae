"""Payments written to a site: once, found again after any accident, dated where that is allowed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from tests.remotes.perfex.conftest import DOCUMENTED, OBSERVED, OLD, Bench, Connect
from tests.remotes.perfex.test_connecting import READ_ALL
from xero_bridge.core.entity import Payload
from xero_bridge.core.errors import NotConnected, Unknown
from xero_bridge.core.remote import Batch, Member, NotWritten, Result, Written
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.entities.item import Item
from xero_bridge.entities.payment import Payment
from xero_bridge.remotes.perfex import PerfexClient
from xero_bridge.simulator.common import FaultKind

LINE = {"description": "Joinery", "qty": "2", "rate": "50.00", "taxes": ["VAT|20.00"]}
MARK = "PX-XP-5f3a9c0e1b2d4f6a8c0e1b2d4f6a8c0e"
PAID_ON = "2026-07-14"
ACCIDENTS = (
    FaultKind.ERROR_AFTER,
    FaultKind.DROP_AFTER,
    FaultKind.HTML_AFTER,
    FaultKind.EMPTY,
)


def invoice(bench: Bench) -> int:
    staff = bench.simulator.staff
    return staff.create_invoice(staff.create_customer("A Ltd"), [LINE])


def batch(
    client: PerfexClient,
    kind: Kind,
    body: dict[str, Any],
    verb: Verb = Verb.CREATE,
    *,
    target: str = "",
    key: str = "",
) -> Batch:
    return Batch(
        side=Side.PERFEX,
        kind=kind,
        verb=verb,
        body=client.compose(kind, verb, [Payload(body=body)]),
        key=key or uuid4().hex,
        members=(Member(mark=MARK, target_id=target),),
        created_at=datetime.now(UTC),
    )


def payment(invoice_id: int, **changed: str) -> dict[str, str]:
    body = {
        "invoiceid": str(invoice_id),
        "amount": "20.00",
        "paymentmode": "1",
        "date": PAID_ON,
        "note": "Paid on 2026-07-14, entered in Xero",
        "transactionid": MARK,
    }
    return {**body, **changed}


def sent(client: PerfexClient, made: Batch) -> Result:
    (result,) = client.send(made)
    return result


def pay(bench: Bench, body: dict[str, str], client: PerfexClient | None = None) -> Result:
    client = client or bench.client
    return sent(client, batch(client, Kind.PAYMENT, body))


def stored(bench: Bench) -> list[dict[str, str | None]]:
    return [dict(row) for row in bench.simulator.rows("invoicepaymentrecords")]


def seen(result: Result) -> Payment:
    assert isinstance(result, Written), result
    assert result.seen is not None
    assert isinstance(result.seen.record, Payment)
    assert result.seen.key.id == result.id
    assert result.seen.mark == MARK
    return result.seen.record


def test_a_payment_is_entered_and_read_back(bench: Bench) -> None:
    made = invoice(bench)
    found = seen(pay(bench, payment(made)))
    assert (found.invoice, found.amount, found.mode) == (str(made), Decimal("20.00"), "1")
    (row,) = stored(bench)
    assert row["transactionid"] == MARK
    assert (bench.simulator.row("invoices", made) or {})["status"] == "3"


@pytest.mark.parametrize("version", [OBSERVED, DOCUMENTED])
def test_a_payment_bears_its_true_date_where_the_token_may_set_it(
    connect: Connect, version: str
) -> None:
    bench = connect(version)
    assert "payment_dates" not in bench.client.site().capabilities
    result = pay(bench, payment(invoice(bench)))
    assert seen(result).paid_on == date.fromisoformat(PAID_ON)
    assert isinstance(result, Written)
    assert result.warnings == ()
    assert "payment_dates" in bench.client.site().capabilities
    (row,) = stored(bench)
    assert (row["date"], row["amount"], row["transactionid"]) == (PAID_ON, "20.00", MARK)


def test_an_old_module_dates_payments_itself_and_says_so(connect: Connect) -> None:
    bench = connect(OLD)
    result = pay(bench, payment(invoice(bench)))
    assert seen(result).paid_on == bench.simulator.site.today()
    assert isinstance(result, Written)
    assert result.warnings == ("payment_dated_today",)


def test_a_payment_of_today_needs_no_date_set(bench: Bench) -> None:
    today = bench.simulator.site.today().isoformat()
    result = pay(bench, payment(invoice(bench), date=today))
    assert isinstance(result, Written)
    assert result.warnings == ()


def test_a_token_that_may_not_set_dates_is_tried_once(connect: Connect) -> None:
    bench = connect(OBSERVED)
    rights = {**READ_ALL, "payments": frozenset({"get", "post"})}
    client = bench.again(token=bench.simulator.add_token("writer", permissions=rights))
    made = invoice(bench)
    for number in range(3):
        result = pay(bench, payment(made, transactionid=f"{MARK}{number}"), client)
        assert isinstance(result, Written)
        assert result.warnings == ("payment_dated_today",)
    assert "payment_dates" not in client.site().capabilities
    tried = [call for call in bench.exchanges if call.url.endswith("/batch")]
    assert len(stored(bench)) == 3
    # The lookups, three reads before and three after, and one single attempt.
    assert len(tried) == 1 + 3 + 3 + 1


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_a_payment_whose_answer_was_lost_is_found_by_its_mark(
    bench: Bench, accident: FaultKind
) -> None:
    bench.client.site()
    made = invoice(bench)
    bench.simulator.faults.add(accident, method="POST", path="/payments$")
    found = seen(pay(bench, payment(made)))
    assert found.invoice == str(made)
    assert len(stored(bench)) == 1


@pytest.mark.parametrize("accident", [FaultKind.ERROR_BEFORE, FaultKind.DROP_BEFORE])
def test_a_payment_that_is_not_found_is_unknown_and_not_sent_again(
    bench: Bench, accident: FaultKind
) -> None:
    bench.client.site()
    made = invoice(bench)
    bench.simulator.faults.add(accident, method="POST", path="/payments$", count=None)
    with pytest.raises(Unknown):
        pay(bench, payment(made))
    assert sum(call.startswith("POST payments") for call in bench.asked()) == 1
    assert stored(bench) == []


def test_a_payment_is_unknown_while_the_site_cannot_be_asked(bench: Bench) -> None:
    bench.client.site()
    made = invoice(bench)
    bench.simulator.faults.add(FaultKind.DROP_AFTER, method="POST", path="/payments$")
    bench.simulator.faults.add(FaultKind.ERROR_BEFORE, method="GET", count=None)
    with pytest.raises(Unknown):
        pay(bench, payment(made))
    assert len(stored(bench)) == 1


def test_a_payment_of_another_amount_with_the_same_mark_is_not_taken_for_it(bench: Bench) -> None:
    bench.client.site()
    made = invoice(bench)
    bench.simulator.staff.record_payment(made, "5.00", transactionid=MARK)
    bench.simulator.faults.add(FaultKind.ERROR_BEFORE, method="POST", path="/payments$")
    with pytest.raises(Unknown):
        pay(bench, payment(made))


def test_a_written_payment_stays_written_when_it_cannot_be_read_back(connect: Connect) -> None:
    bench = connect(OBSERVED)
    bench.client.site()
    made = invoice(bench)
    bench.simulator.faults.add(FaultKind.ERROR_BEFORE, path="/batch$", count=None)
    bench.simulator.faults.add(FaultKind.ERROR_BEFORE, method="GET", count=None)
    result = pay(bench, payment(made))
    assert isinstance(result, Written)
    assert result.seen is None
    assert [result.id] == [row["id"] for row in stored(bench)]


def test_a_refused_payment_gives_the_side_s_reason(bench: Bench) -> None:
    made = invoice(bench)
    result = pay(bench, payment(made, amount="20"))
    assert isinstance(result, NotWritten)
    assert result.reason == "refused_by_perfex"
    assert "decimal" in result.message
    assert stored(bench) == []


@pytest.mark.parametrize("version", [OBSERVED, DOCUMENTED])
def test_the_same_bytes_and_key_enter_one_payment(connect: Connect, version: str) -> None:
    bench = connect(version)
    made = batch(bench.client, Kind.PAYMENT, payment(invoice(bench)))
    first, second = (sent(bench.client, made) for _ in range(2))
    assert isinstance(first, Written)
    assert isinstance(second, Written)
    assert first.id == second.id
    assert len(stored(bench)) == 1


def test_an_old_module_is_sent_no_key_that_it_would_ignore(connect: Connect) -> None:
    bench = connect(OLD)
    pay(bench, payment(invoice(bench)))
    posts = [call for call in bench.exchanges if call.method == "POST"]
    assert posts
    assert all("idempotency-key" not in call.headers for call in posts)


def test_a_token_without_the_right_to_pay_is_refused_once_and_not_locked_out(
    connect: Connect,
) -> None:
    bench = connect(OBSERVED)
    client = bench.again(token=bench.simulator.add_token("reader", permissions=READ_ALL))
    made = invoice(bench)
    for _ in range(25):
        result = pay(bench, payment(made), client)
        assert isinstance(result, NotWritten)
        assert result.reason == "perfex_forbidden"
    assert sum(call.status == 403 for call in bench.simulator.calls) == 1


def test_a_withdrawn_token_ends_the_writing(bench: Bench) -> None:
    bench.client.site()
    made = invoice(bench)
    bench.simulator.site.tokens.clear()
    with pytest.raises(NotConnected):
        pay(bench, payment(made))


@pytest.mark.parametrize("version", [OBSERVED, DOCUMENTED])
def test_an_item_is_made_changed_and_removed(connect: Connect, version: str) -> None:
    bench = connect(version)
    client = bench.client
    made = sent(client, batch(client, Kind.ITEM, {"description": "Hour", "rate": "80.00"}))
    assert isinstance(made, Written)
    assert made.seen is not None
    change = batch(client, Kind.ITEM, {"rate": "85.00"}, Verb.UPDATE, target=made.id)
    for _ in range(2):  # The second time nothing is different, which the module calls a failure.
        changed = sent(client, change)
        assert isinstance(changed, Written)
        assert changed.seen is not None
        assert isinstance(changed.seen.record, Item)
        assert changed.seen.record.price == Decimal("85.00")
    gone = sent(client, batch(client, Kind.ITEM, {}, Verb.DELETE, target=made.id))
    assert gone == Written(id=made.id)
    assert bench.entries(Kind.ITEM) == []


def test_what_cannot_be_removed_is_refused(bench: Bench) -> None:
    bench.client.site()
    made = batch(bench.client, Kind.CUSTOMER, {}, Verb.DELETE, target="99")
    result = sent(bench.client, made)
    assert isinstance(result, NotWritten)


def test_a_customer_made_by_an_old_module_has_no_id_and_is_looked_for(connect: Connect) -> None:
    bench = connect(OLD)
    bench.simulator.staff.create_customer("A Ltd")
    result = sent(bench.client, batch(bench.client, Kind.CUSTOMER, {"company": "A Ltd"}))
    assert isinstance(result, Written)
    assert result.id == "2"


def test_two_customers_that_came_at_once_are_not_told_apart_by_guessing(connect: Connect) -> None:
    bench = connect(OLD)
    bench.client.site()
    sends = bench.client._module.api.write

    def write(*path: str, **more: Any) -> Any:
        bench.simulator.staff.create_customer("A Ltd")
        return sends(*path, **more)

    bench.client._module.api.write = write  # type: ignore[method-assign]
    with pytest.raises(Unknown, match="names no record"):
        sent(bench.client, batch(bench.client, Kind.CUSTOMER, {"company": "A Ltd"}))


def test_a_change_that_is_refused_says_why(connect: Connect) -> None:
    bench = connect(OBSERVED)
    made = bench.simulator.staff.create_customer("A Ltd")
    bench.simulator.settings.custom_tables |= {"tblcustomer_groups"}
    body = {"customer": {"company": ""}}
    change = batch(bench.client, Kind.CUSTOMER, body, Verb.UPDATE, target=str(made))
    result = sent(bench.client, change)
    assert isinstance(result, NotWritten)
    assert "company" in result.message.lower()


def test_a_date_whose_setting_got_no_answer_is_read_back(connect: Connect) -> None:
    bench = connect(OBSERVED)
    bench.client.site()
    made = invoice(bench)
    # The first batch reads the payment, the second one dates it.
    bench.simulator.faults.add(FaultKind.DROP_AFTER, path="/batch$", skip=1)
    result = pay(bench, payment(made))
    assert seen(result).paid_on == date.fromisoformat(PAID_ON)
    assert isinstance(result, Written)
    assert result.warnings == ()


def test_a_lost_payment_of_an_invoice_that_is_gone_is_unknown(bench: Bench) -> None:
    bench.client.site()
    bench.simulator.faults.add(FaultKind.ERROR_BEFORE, method="POST", path="/payments$")
    with pytest.raises(Unknown):
        pay(bench, payment(999))


def test_a_mark_that_was_copied_leaves_a_lost_payment_unknown(bench: Bench) -> None:
    bench.client.site()
    made = invoice(bench)
    for _ in range(2):
        bench.simulator.staff.record_payment(made, "20.00", transactionid=MARK)
    bench.simulator.faults.add(FaultKind.ERROR_BEFORE, method="POST", path="/payments$")
    with pytest.raises(Unknown):
        pay(bench, payment(made))


def test_forms_nest_as_php_reads_them(bench: Bench) -> None:
    body = {"a": {"b": ["x", {"c": "ä & =+"}]}, "yes": True, "none": None, "n": Decimal("1.50")}
    written = bench.client.compose(Kind.PAYMENT, Verb.CREATE, [Payload(body=body)])
    assert written == (
        b"a%5Bb%5D%5B0%5D=x&a%5Bb%5D%5B1%5D%5Bc%5D=%C3%A4+%26+%3D%2B&yes=1&none=&n=1.50"
    )
