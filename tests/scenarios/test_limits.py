"""Budgets, waiting plans, guards: a run stops where it must and goes on without losing anything."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState, Side
from xero_bridge.engine.context import Scope


def test_a_daily_limit_in_the_middle_of_a_run_waits_and_goes_on_by_itself(world: World) -> None:
    staff = world.perfex.staff
    for name in ("Ash & Co", "Birch Ltd"):
        world.customer = staff.create_customer(name)
        world.bill("100.00")
    world.xero.faults.add("429-day", method="PUT", path="Invoices", seconds=7200)
    stopped = world.sync()
    assert stopped.state is RunState.WAITING
    assert stopped.done["customer"] == {"create": 2}
    assert stopped.resumes_at == world.clock.now() + timedelta(hours=2)
    assert stopped.error is not None
    assert world.xero_invoices() == []
    resumed = world.sync(wait=timedelta(hours=2, minutes=1))
    assert resumed.done == {"invoice": {"create": 2}}
    assert world.sync().state is RunState.IN_STEP


def test_a_minute_limit_is_waited_out_within_the_run(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    world.bill("100.00")
    world.xero.faults.add("429-minute", method="PUT", path="Invoices", seconds=20)
    assert world.sync().state is RunState.IN_STEP
    assert len(world.xero_invoices()) == 1


def test_an_invoice_edited_in_xero_between_plan_and_apply_is_left_for_a_new_plan(
    books: World,
) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00")])
    context = books.context_that_edits_before_writing(
        lambda: books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    )
    report = books.run(context)
    assert report.done == {}
    assert books.xero_invoice(books.number())["Total"] == 108.0
    books.sync()
    assert books.question("conflict").label == books.number()


def test_an_approval_an_hour_later_is_for_a_plan_made_anew(books: World) -> None:
    books.pay_in_xero(books.number(), "60.00", "2026-11-20")
    books.sync()
    (stop,) = books.stops()
    assert stop.count == 1
    # While the plan waits, a second payment comes in: the consent does not cover it.
    books.pay_in_xero(books.number(), "30.00", "2026-11-20")
    books.approve("receipts")
    stopped = books.sync(wait=timedelta(hours=1))
    assert stopped.state is RunState.STOPPED_BY_GUARD
    assert books.stops()[0].count == 2
    assert books.perfex.rows("invoicepaymentrecords") == []
    books.approve("receipts")
    assert books.sync().done == {"payment": {"create": 2}}


def test_voiding_many_documents_at_once_stops_before_anything_is_written(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    invoices = [world.bill("100.00", f"Visit {n}") for n in range(25)]
    world.change_settings(void_policy="automatic")
    world.sync()
    for invoice in invoices[:24]:
        world.perfex.staff.cancel_invoice(invoice)
    report = world.sync()
    assert report.state is RunState.STOPPED_BY_GUARD
    assert [stop.guard for stop in world.stops()] == ["too_many_removed"]
    assert len(world.xero_invoices(Status="AUTHORISED")) == 25
    world.approve("too_many_removed")
    assert world.sync().done == {"invoice": {"void": 24}}


def test_an_empty_list_where_records_were_is_not_believed(books: World) -> None:
    for row in books.perfex.rows("invoices"):
        books.perfex.staff.delete("invoices", row["id"])
    report = books.sync()
    assert report.state is RunState.STOPPED_BY_GUARD
    assert [stop.guard for stop in books.stops()] == ["side_empty"]
    assert books.xero_invoice("INV-000001")["Status"] == "AUTHORISED"


def test_a_restored_perfex_backup_is_noticed_by_its_creation_stamps(books: World) -> None:
    books.perfex.staff.edit(
        "invoices", books.invoice, datecreated="2019-01-01 10:00:00", clientnote="another one"
    )
    report = books.sync()
    assert report.state is RunState.STOPPED_BY_GUARD
    assert [stop.guard for stop in books.stops()] == ["restored_backup"]


def test_another_organisation_under_the_connection_stops_the_run(books: World) -> None:
    from_books = books.xero.books()
    from_books.set_organisation(BaseCurrency="NZD")
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00")])
    report = books.sync()
    assert report.state is RunState.FAILED
    assert report.error is not None
    assert "NZD" in report.error
    assert books.xero_invoice(books.number())["Total"] == 120.0


def test_before_going_live_nothing_is_written_and_the_plan_is_shown(world: World) -> None:
    with world.store.atomically():
        world.store.remember("live", "")
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    world.bill("100.00")
    report = world.sync()
    assert report.state is RunState.PLANNED
    assert report.planned["invoice"] == {"create": 1}
    assert [call for call in world.xero.calls if call.method != "GET"] == []


def test_resync_of_a_payment_pulls_its_invoice_and_customer_along(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    invoice = world.bill("100.00")
    payment = world.perfex.staff.record_payment(invoice, "120.00", "1")
    other = world.perfex.staff.create_customer("Birch Ltd")
    world.reference_lists()
    report = world.resync(Kind.PAYMENT, Side.PERFEX, str(payment))
    assert report.done == {
        "customer": {"create": 1},
        "invoice": {"create": 1},
        "payment": {"create": 1},
    }
    assert "Birch Ltd" not in {contact["Name"] for contact in world.xero_contacts()}
    assert other


def test_resync_from_the_xero_side_finds_the_perfex_twins_of_what_is_not_linked(
    books: World,
) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    books.sync()
    (payment,) = books.store.links_of(Kind.PAYMENT)
    with books.store.atomically():
        for kind in (Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT):
            for link in list(books.store.links_of(kind)):
                books.store.drop_link(link)
        books.store.make_all_dirty()
    books.resync(Kind.PAYMENT, Side.XERO, payment.xero_id)
    assert books.questions() == []
    assert len(list(books.store.links_of(Kind.INVOICE))) == 1


def test_many_invoices_edited_at_once_stop_before_anything_is_written(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    invoices = [world.bill("100.00", f"Visit {n}") for n in range(24)]
    world.sync()
    before = [call for call in world.xero.calls if call.method != "GET"]
    for number, invoice in enumerate(invoices):
        world.perfex.staff.edit_invoice(invoice, [line("101.00", f"Visit {number}")])
    report = world.sync()
    assert report.state is RunState.STOPPED_BY_GUARD
    assert [call for call in world.xero.calls if call.method != "GET"] == before


def test_a_consent_holds_for_the_rest_of_a_plan_that_a_day_limit_cut(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    invoices = [world.bill("100.00", f"Visit {n}") for n in range(25)]
    world.change_settings(void_policy="automatic")
    world.sync()
    for invoice in invoices[:24]:
        world.perfex.staff.cancel_invoice(invoice)
    world.sync()
    world.approve("too_many_removed")
    world.xero.faults.add("429-day", method="POST", path="Invoices", seconds=7200)
    cut = world.sync()
    assert (cut.state, len(world.xero_invoices(Status="AUTHORISED"))) == (RunState.WAITING, 25)
    assert world.sync(wait=timedelta(hours=2, minutes=1)).done == {"invoice": {"void": 24}}


def test_the_plan_of_a_perfex_payment_names_the_currency_of_its_invoice(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.sync(scope=Scope(dry=True))
    (action,) = books.last_plan().actions
    assert (action.amount, action.currency) == (Decimal("20.00"), "GBP")
