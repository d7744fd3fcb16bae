"""The proof finds every difference that was planted, names it, and finds none where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.scenarios.planting import SORTS, Planted, Sort, a_document, look_without_writing
from tests.scenarios.world import World, line
from xero_bridge.core.proof import Finding, Proof, Verdict, gathered
from xero_bridge.core.vocabulary import Kind, RunState
from xero_bridge.engine.stored import prover_of
from xero_bridge.entities import ENTITIES

COUNT = 50


def prove(world: World) -> Proof:
    prover = prover_of(world.store, ENTITIES)
    assert prover is not None
    return prover.prove()


def in_step(world: World) -> None:
    """Everything is carried over, and read once more."""
    for _again in range(2):
        report = world.sync(wait=timedelta(hours=2))
    assert report.state is RunState.IN_STEP, report


def test_nothing_is_found_where_nothing_differs(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    for rate in ("100.00", "19.99", "0.37"):
        world.bill(rate)
    world.perfex.staff.record_payment(1, "20.00", "1")
    in_step(world)
    proof = prove(world)
    assert proof.findings == ()
    assert {(b.place.kind, b.perfex.count) for b in gathered(proof.balances)} == {
        (Kind.CUSTOMER, 1),
        (Kind.INVOICE, 3),
        (Kind.PAYMENT, 1),
    }
    assert all(balance.perfex == balance.xero for balance in proof.balances)


def test_a_cent_of_tax_that_xero_rounds_otherwise_is_declared_and_subtracted(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    rows = [line("1.13", f"Part {number}") for number in range(3)]
    world.perfex.staff.create_invoice(world.customer, rows, date="2026-11-20", duedate="2026-12-20")
    in_step(world)
    proof = prove(world)
    (cent,) = proof.findings
    assert (cent.part, cent.verdict, cent.perfex, cent.xero) == (
        "tax",
        Verdict.DECLARED,
        "0.68",
        "0.69",
    )
    assert proof.proved
    assert all(balance.unexplained.is_zero for balance in proof.balances)


@pytest.fixture
def planted(world: World) -> Iterator[list[tuple[str, Sort, Planted]]]:
    """Fifty documents in step, and then one difference in each."""
    names = [list(SORTS)[n % len(SORTS)] for n in range(COUNT)]
    documents = [
        (name, SORTS[name], a_document(world, n, SORTS[name].paid)) for n, name in enumerate(names)
    ]
    untouched = [a_document(world, COUNT + n, "12.00") for n in range(5)]
    in_step(world)
    assert prove(world).findings == ()
    for _name, sort, document in documents:
        sort.plant(document)
        # Xero takes sixty calls a minute.
        world.clock.move(minutes=1)
    look_without_writing(world)
    yield documents
    assert untouched


def test_fifty_planted_differences_are_found_and_named_and_no_other(
    world: World, planted: list[tuple[str, Sort, Planted]]
) -> None:
    proof = prove(world)
    found: dict[str, set[tuple[Kind, str]]] = {}
    for finding in proof.findings:
        found.setdefault(_customer(world, finding), set()).add((finding.place.kind, finding.part))
    missed = [
        name
        for name, sort, document in planted
        if (sort.kind, sort.part) not in found.get(str(document.customer), set())
    ]
    assert missed == []
    wanted = {
        str(document.customer): {(sort.kind, sort.part), *sort.follows}
        for _name, sort, document in planted
    }
    assert {party: parts - wanted.get(party, set()) for party, parts in found.items()} == {
        party: set() for party in wanted
    }
    assert proof.proved, "the plan has asked about them, or carries them over"
    assert not [b for b in gathered(proof.balances) if not b.unexplained.is_zero]


def _customer(world: World, finding: Finding) -> str:
    """The Perfex customer that a difference belongs to."""
    if finding.place.kind is Kind.CUSTOMER:
        return finding.perfex_id
    moved = finding.part == "customer" or finding.place.party.startswith("xero:")
    return _owner(world, finding) if moved else finding.place.party


def _owner(world: World, finding: Finding) -> str:
    row = world.perfex.row("invoices", int(finding.perfex_id))
    assert row is not None
    return str(row["clientid"])
