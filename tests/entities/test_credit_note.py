"""Credit notes: read from both sides, and the steps by which their credit follows to Xero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.entities.crediting import perfex_note, xero_note
from tests.entities.ledger import Ledger
from tests.support.profiles import thorough
from xero_bridge.core.books import InvoiceState
from xero_bridge.core.entity import Encoding, Payload, shown
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.money import largest_remainder
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.credit_note import CREDIT_NOTE, Applied, CreditNote, Refund
from xero_bridge.entities.credit_note.record import sums_of

APPLIED = frozenset({"applied"})
#: Perfex id -> Xero id of the invoices; 9 and `stranger` have no other side.
INVOICES = {"1": "x1", "2": "x2", "3": "x3"}


def books(**states: InvoiceState) -> Ledger:
    due = InvoiceState(label="INV", status="AUTHORISED", left=Decimal(1000))
    return Ledger(
        ids={(Kind.INVOICE, perfex): xero for perfex, xero in INVOICES.items()},
        invoices=dict.fromkeys(INVOICES.values(), due) | states,
    )


def perfex(**applied: str) -> CreditNote:
    """A note with so much applied to each invoice: `perfex(_1="20.00")`."""
    rows = [Applied(invoice=id_[1:], amount=Decimal(text)) for id_, text in applied.items()]
    return replace(perfex_note(applied_credits=[]), applied=tuple(rows))


def xero(*applied: tuple[str, str], **changes: Any) -> CreditNote:
    """A note with these allocations: `xero(("x1", "20.00"))`."""
    rows = [
        Applied(invoice=invoice, amount=Decimal(text), id=f"a{number}")
        for number, (invoice, text) in enumerate(applied)
    ]
    note = xero_note(Allocations=[], Payments=[])
    return replace(note, **{"applied": tuple(rows), "left": Decimal(1000), **changes})


def step(
    note: CreditNote,
    target: CreditNote,
    base: CreditNote | None,
    facets: frozenset[str] = APPLIED,
    ledger: Ledger | None = None,
) -> Payload:
    assert CREDIT_NOTE.xero is not None
    assert CREDIT_NOTE.xero.update is not None
    encoding = Encoding(
        source=note, source_id="14", target=target, target_id="n", facets=facets, base=base
    )
    return CREDIT_NOTE.xero.update(encoding, ledger or books())


def after(target: CreditNote, payload: Payload) -> CreditNote:
    """The note as Xero has it once the step was done."""
    if payload.removes:
        gone = payload.path.rpartition("/")[2]
        return replace(target, applied=tuple(one for one in target.applied if one.id != gone))
    (body,) = payload.body["Allocations"]
    made = Applied(
        invoice=body["Invoice"]["InvoiceID"],
        amount=body["Amount"],
        id=f"made{len(target.applied)}-{body['Amount']}-{body['Invoice']['InvoiceID']}",
    )
    return replace(target, applied=(*target.applied, made))


def walked(note: CreditNote, target: CreditNote, base: CreditNote) -> CreditNote:
    """The note in Xero after all steps, each of which starts from the base that the last left."""
    for _ in range(20):
        payload = step(note, target, base)
        target, base = after(target, payload), replace_base(payload, note)
        if payload.carried is None:
            return target
    raise AssertionError("it never ends")


def replace_base(payload: Payload, note: CreditNote) -> CreditNote:
    carried = payload.carried
    assert carried is None or isinstance(carried, CreditNote)
    return carried or note


def test_a_perfex_credit_note_tells_what_was_applied_and_what_is_left() -> None:
    note = perfex_note()
    assert (note.number, note.status, note.left) == ("CN-000006", "issued", Decimal("50.00"))
    assert sums_of(note) == {"512": Decimal("70.00")}
    assert [str(money) for money in (note.credited, note.paid)] == ["70.00", "0"]
    assert note.amount_due == note.left
    assert [line.tax for line in note.lines] == ["?"]
    assert perfex_note(status="3").closed


def test_a_xero_credit_note_bears_our_mark_in_its_reference() -> None:
    note = xero_note()
    assert note.reference == "PX-CN-14"
    assert shown(CREDIT_NOTE.facets["applied"].get(note)) == "70.00 on PX-INV-000231"


def test_an_application_is_one_call_with_the_amount_that_is_missing() -> None:
    payload = step(perfex(_1="30.00"), xero(), perfex())
    assert (payload.path, payload.adds) == ("CreditNotes/n/Allocations", True)
    assert payload.body == {
        "Allocations": [{"Amount": Decimal("30.00"), "Invoice": {"InvoiceID": "x1"}}]
    }
    assert payload.carried is None


def test_what_xero_has_already_is_not_applied_again() -> None:
    payload = step(perfex(_1="30.00"), xero(("x1", "20.00")), perfex())
    assert payload.body["Allocations"][0]["Amount"] == 10
    with pytest.raises(Held) as held:
        step(perfex(_1="30.00"), xero(("x1", "30.00")), perfex())
    assert held.value.reason == "credits_apart"


def test_what_both_sides_differed_in_before_stays_a_bookkeepers() -> None:
    before = xero(("x2", "5.00"), ("stranger", "7.00"))
    now = walked(perfex(_1="30.00"), before, perfex())
    assert now.applied[:2] == before.applied
    assert sums_of(now) == {"x1": 30, "x2": 5, "stranger": 7}


def test_where_a_person_chose_perfex_its_invoices_get_just_what_it_says() -> None:
    target = xero(("x2", "5.00"), ("stranger", "7.00"))
    first = step(perfex(_1="30.00"), target, None)
    assert first.path == "CreditNotes/n/Allocations/a0"
    assert first.removes
    second = step(perfex(_1="30.00"), after(target, first), replace_base(first, perfex()))
    assert second.body["Allocations"][0]["Amount"] == 30
    assert second.carried is None


def test_a_part_taken_back_removes_the_allocation_and_applies_the_rest() -> None:
    now = walked(perfex(_1="30.00"), xero(("x1", "50.00")), perfex(_1="50.00"))
    assert [one.amount for one in now.applied] == [30]


@pytest.mark.parametrize(
    ("target", "state", "reason"),
    [
        ({"side_status": "DRAFT"}, {}, "credit_not_open"),
        ({"left": Decimal(10)}, {}, "credit_spent"),
        ({}, {"status": "DRAFT"}, "credited_invoice_not_open"),
        ({}, {"status": "VOIDED"}, "credit_exceeds"),
        ({}, {"left": Decimal(29)}, "credit_exceeds"),
    ],
)
def test_what_xero_would_not_take_now_is_held(
    target: dict[str, Any], state: dict[str, Any], reason: str
) -> None:
    invoice = {"label": "INV-1", "status": "AUTHORISED", "left": Decimal(1000), **state}
    ledger = books(x1=InvoiceState(**invoice))
    with pytest.raises(Held) as held:
        step(perfex(_1="30.00"), xero(**target), perfex(), ledger=ledger)
    assert held.value.reason == reason
    assert "…" not in str(held.value)


def test_an_invoice_on_one_side_only_holds_no_other_back() -> None:
    payload = step(perfex(_1="30.00", _9="5.00"), xero(), perfex())
    assert payload.body["Allocations"][0]["Invoice"] == {"InvoiceID": "x1"}
    carried = payload.carried
    assert isinstance(carried, CreditNote)
    assert sums_of(carried) == {"1": 30}
    with pytest.raises(Waiting):
        step(perfex(_1="30.00", _9="5.00"), xero(("x1", "30.00")), carried)


def test_lines_are_written_between_taking_back_and_applying() -> None:
    facets = frozenset({"applied", "lines", "total"})
    note = replace(perfex(_2="10.00"), lines=(replace(perfex().lines[0], tax="VAT|20.00"),))
    base = perfex(_1="30.00")
    first = step(note, xero(("x1", "30.00")), base, facets)
    assert (first.removes, first.covers) == (True, APPLIED)
    second = step(note, xero(), replace_base(first, note), facets)
    assert (second.adds, second.covers) == (False, facets - APPLIED)
    assert step(note, xero(), perfex(), APPLIED).adds


def test_refunds_are_told_apart_by_their_amounts() -> None:
    twice = (Refund(amount=Decimal(20), id="1", mode="1"), Refund(amount=Decimal(20), id="2"))
    paid = xero(refunds=(Refund(amount=Decimal(20), id="p"),))
    days = tuple(replace(one, on=perfex_note().issued, mode="1") for one in twice)
    note = replace(perfex(), refunds=days)
    payload = step(note, paid, perfex(), frozenset({"refunds"}))
    assert payload.path == "Payments"
    assert payload.body["Payments"][0]["Amount"] == 20
    assert payload.carried is None
    with pytest.raises(Held) as held:
        step(perfex(), paid, note, frozenset({"refunds"}))
    assert held.value.reason == "refund_taken_back"


_CENTS = st.integers(0, 5000).map(lambda cents: Decimal(cents) / 100)
_SUMS = st.dictionaries(st.sampled_from(sorted(INVOICES)), _CENTS)


@thorough()
@given(before=_SUMS, goal=_SUMS, parts=st.integers(1, 3))
def test_the_steps_end_at_what_perfex_says(
    before: dict[str, Decimal], goal: dict[str, Decimal], parts: int
) -> None:
    """Whatever it was before, and in however many allocations Xero has it."""
    ours = [Applied(invoice=id_, amount=amount) for id_, amount in before.items()]
    base = replace(perfex(), applied=tuple(ours))
    note = perfex(**{f"_{id_}": str(amount) for id_, amount in goal.items()})
    split = [
        (INVOICES[id_], str(part))
        for id_, amount in before.items()
        for part in largest_remainder(amount, [Decimal(1)] * parts)
    ]
    target = xero(*((id_, text) for id_, text in split if Decimal(text)))
    wanted = {INVOICES[id_]: amount for id_, amount in goal.items() if amount}
    if sums_of(note) == sums_of(base):
        return
    assert sums_of(walked(note, target, base)) == wanted
