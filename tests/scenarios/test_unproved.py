"""What no plan notices is red in the proof, becomes one question, and is settled by an answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.scenarios.test_proof import in_step, prove
from tests.scenarios.world import World, line
from xero_bridge.core.plan import Version
from xero_bridge.core.proof import Verdict
from xero_bridge.core.record import Link, Mirror, Record, Seen
from xero_bridge.core.vocabulary import Kind, RunState, Side


@pytest.fixture
def calm(books: World) -> World:
    """A later invoice, so that polls no longer read the first one again."""
    return _older(books)


def _older(world: World) -> World:
    world.clock.move(minutes=60)
    world.bill("10.00", "Later")
    in_step(world)
    return world


def invoice_in_xero(world: World) -> tuple[Link, Mirror]:
    link = next(link for link in world.store.links_of(Kind.INVOICE) if link.perfex_id == "1")
    return link, world.store.mirrors(Kind.INVOICE, Side.XERO, [link.xero_id])[link.xero_id]


def keep(world: World, mirror: Mirror, record: Record) -> None:
    """Have the bridge believe that this is what Xero showed when both last agreed."""
    link, _ = invoice_in_xero(world)
    seen = Seen(key=mirror.key, record=record, stamp=mirror.stamp, mark=mirror.mark)
    with world.store.atomically():
        world.store.save_seen([seen], world.clock.now())
        kept = world.store.mirrors(Kind.INVOICE, Side.XERO, [mirror.key.id])[mirror.key.id]
        world.store.settle([Version(key=kept.key, version=kept.version)])
        world.store.save_link(msgspec.structs.replace(link, base_xero=record))


def falsify(world: World, **members: Any) -> Record:
    """Change the stored copy and the base of the one invoice together; returns the true record."""
    _, mirror = invoice_in_xero(world)
    keep(world, mirror, msgspec.structs.replace(mirror.record, **members))
    return mirror.record


@pytest.mark.parametrize(
    ("members", "part", "told"),
    [
        ({"total": Decimal("120.01")}, "total", ("120.00", "120.01")),
        ({"total_tax": Decimal("20.01")}, "tax", ("20.00", "20.01")),
        ({"amount_due": Decimal("20.00")}, "amount_due", ("120.00", "20.00")),
        ({"issued": date(2026, 10, 31)}, "date", ("2026-11-20", "2026-10-31")),
        ({"currency": "EUR"}, "currency", ("GBP", "EUR")),
    ],
)
def test_a_difference_that_no_plan_notices_is_asked_about_once_and_can_be_accepted(
    calm: World, members: dict[str, Any], part: str, told: tuple[str, str]
) -> None:
    falsify(calm, **members)
    proof = prove(calm)
    assert {(f.part, (f.perfex, f.xero)) for f in proof.unexplained} >= {(part, told)}
    assert not proof.proved
    for _again in range(2):
        assert calm.sync().state is RunState.QUESTIONS
        asked = calm.question("unproved")
        assert (told[0], told[1]) in {(row.perfex, row.xero) for row in asked.rows}
    assert asked.perfex_id == str(calm.invoice)
    calm.answer("unproved", "accept")
    assert calm.sync().state is RunState.IN_STEP
    assert calm.questions() == []
    assert prove(calm).proved
    assert {finding.verdict for finding in prove(calm).findings} == {Verdict.DECLARED}


def test_the_question_closes_by_itself_when_both_agree_again(calm: World) -> None:
    truth = falsify(calm, total_tax=Decimal("20.01"))
    calm.sync()
    calm.question("unproved")
    keep(calm, invoice_in_xero(calm)[1], truth)
    assert calm.sync().state is RunState.IN_STEP
    assert calm.questions() == []


def test_another_difference_than_the_accepted_one_is_asked_about_again(calm: World) -> None:
    falsify(calm, total_tax=Decimal("20.01"))
    calm.sync()
    calm.answer("unproved", "accept")
    calm.sync()
    falsify(calm, total_tax=Decimal("20.02"))
    assert calm.sync().state is RunState.QUESTIONS
    assert calm.question("unproved").rows[0].xero == "20.02"


def test_taxes_that_changed_lines_are_found_though_every_sum_agrees(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    rows = [line("100.00", "Taxed"), line("100.00", "Untaxed", tax="Zero|0.00")]
    world.perfex.staff.create_invoice(world.customer, rows, date="2026-11-20", duedate="2026-12-20")
    _older(world)
    _, mirror = invoice_in_xero(world)
    lines: Any = mirror.record.lines  # type: ignore[attr-defined]
    swapped = tuple(
        msgspec.structs.replace(each, tax=other.tax, tax_amount=other.tax_amount)
        for each, other in zip(lines, reversed(lines), strict=True)
    )
    keep(world, mirror, msgspec.structs.replace(mirror.record, lines=swapped))
    (found,) = prove(world).unexplained
    assert (found.part, found.words) == ("lines", "tax of lines")
    assert found.perfex.splitlines() == [
        "1 x 100 Taxed, tax 20.00",
        "1 x 100 Untaxed, tax 0.00",
    ]
    assert found.xero.splitlines()[0].startswith("1 x 100 Taxed, tax 0")


def test_a_mark_that_lost_its_link_is_red_until_it_is_linked_again(calm: World) -> None:
    link, _ = invoice_in_xero(calm)
    with calm.store.atomically():
        calm.store.drop_link(link)
    found = {finding.part for finding in prove(calm).unexplained}
    assert found == {"mark_unlinked", "only_in_perfex", "only_in_xero"}
    assert calm.sync().state is RunState.QUESTIONS
    calm.question("mark_unlinked")
    with calm.store.atomically():
        calm.store.make_all_dirty()
    for _again in range(2):
        report = calm.sync()
    assert report.state is RunState.IN_STEP
    assert prove(calm).findings == ()


def test_a_copy_that_bears_the_mark_too_is_red_until_a_person_leaves_it(calm: World) -> None:
    _, mirror = invoice_in_xero(calm)
    copy = msgspec.structs.replace(mirror.record, number="INV-COPY")
    key = mirror.key._replace(id="0d3c3f6e-0000-4000-8000-000000000001")
    with calm.store.atomically():
        seen = Seen(key=key, record=copy, mark=mirror.mark)
        calm.store.save_seen([seen], calm.clock.now())
        calm.store.settle([Version(key=key, version=1)])
    marks = [f for f in prove(calm).unexplained if f.part == "mark_twice"]
    assert [(f.label, f.xero_id) for f in marks] == [("INV-COPY", key.id)]
    calm.sync()
    assert calm.question("mark_twice").details["other"] == calm.number()
    calm.answer("mark_twice", "leave")
    calm.sync(wait=timedelta(minutes=2))
    assert not [asked for asked in calm.questions() if asked.reason == "mark_twice"]
    assert not [f for f in prove(calm).unexplained if f.part == "mark_twice"]
