"""A site whose module answers with what it has read before: edits made meanwhile are kept."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from tests.scenarios.world import World
from xero_bridge.core.record import Seen
from xero_bridge.core.remote import Batch, Result, Written
from xero_bridge.core.vocabulary import Direction, Kind
from xero_bridge.engine.context import Scope


def _rename_in_xero(world: World, name: str) -> None:
    (contact,) = world.xero_contacts()
    world.xero_call("POST", f"Contacts/{contact['ContactID']}", {"Name": name})


def test_a_second_edit_in_xero_is_not_undone_by_the_first_that_perfex_showed_late(
    books: World,
) -> None:
    books.change_settings(direction={"customer": Direction.TWO_WAY})
    books.perfex.settings.custom_tables.add("tblcustomer_groups")
    books.sync(wait=timedelta(days=1, minutes=1))
    _rename_in_xero(books, "Harbour Four Ltd")
    books.clock.move(minutes=1)
    context = books.context(Scope())
    (before,) = context.perfex.read(Kind.CUSTOMER, [str(books.customer)])
    assert isinstance(before, Seen)
    send = context.perfex.send

    def send_and_read_stale(batch: Batch) -> tuple[Result, ...]:
        return tuple(
            replace(one, seen=before) if isinstance(one, Written) else one for one in send(batch)
        )

    context.perfex.send = send_and_read_stale  # type: ignore[method-assign]
    books.run(context)
    _rename_in_xero(books, "Harbour Five Ltd")
    for _run in range(2):
        books.sync(wait=timedelta(minutes=7))
    row = books.perfex.row("clients", books.customer)
    assert row is not None
    assert (row["company"], books.xero_contacts()[0]["Name"]) == ("Harbour Five Ltd",) * 2


def test_what_perfex_answers_and_never_takes_is_not_sent_for_ever(books: World) -> None:
    books.change_settings(direction={"customer": Direction.TWO_WAY})
    books.perfex.settings.custom_tables.add("tblcustomer_groups")
    books.sync(wait=timedelta(days=1, minutes=1))
    _rename_in_xero(books, "Harbour Four Ltd")
    sent: list[Batch] = []

    def run() -> None:
        books.clock.move(minutes=7)
        context = books.context(Scope())

        def answer_and_do_nothing(batch: Batch) -> tuple[Result, ...]:
            sent.append(batch)
            (before,) = context.perfex.read(Kind.CUSTOMER, [str(books.customer)])
            assert isinstance(before, Seen)
            return (Written(id=before.key.id, seen=before),)

        context.perfex.send = answer_and_do_nothing  # type: ignore[method-assign]
        books.run(context)

    for _run in range(5):
        run()
    assert len(sent) == 3
    assert "is not there" in books.question("refused_by_perfex").details["message"]
    books.answer("refused_by_perfex", "retry")
    books.sync(wait=timedelta(minutes=7))
    row = books.perfex.row("clients", books.customer)
    assert row is not None
    assert row["company"] == "Harbour Four Ltd"
