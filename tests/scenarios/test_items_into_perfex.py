"""Items that change or are born in Xero, and what of it arrives in Perfex's price list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.world import World, a_world
from xero_bridge.core.vocabulary import Births, Direction, RunState

HOUR = timedelta(hours=1, minutes=1)


@pytest.fixture
def both(world: World) -> World:
    """One item in step, followed in both directions; births of Xero are created."""
    world.change_settings(direction={"item": Direction.TWO_WAY})
    world.change_settings(births={"item.xero": Births.CREATE})
    (vat,) = [row for row in world.perfex.rows("taxes") if row["taxrate"] == "20.00"]
    world.perfex.staff.create_item("Oak board", "12.00", tax=vat["id"], unit="m", group_id="3")
    world.sync()
    return world


@pytest.fixture
def old() -> Iterator[World]:
    """A site of module 2, which only reads items, and one item in step."""
    with a_world(version="2.0.8") as made:
        made.map_usual()
        made.go_live()
        made.change_settings(direction={"item": Direction.TWO_WAY})
        made.change_settings(births={"item.xero": Births.CREATE})
        made.perfex.staff.create_item("Oak board", "12.00")
        made.sync()
        yield made


def _edit(world: World, **members: Any) -> None:
    (found,) = world.xero_call("GET", "Items?unitdp=4")["Items"]
    details = {**found["SalesDetails"], **members.pop("SalesDetails", {})}
    body = {"Code": found["Code"], "SalesDetails": details, **members}
    world.xero_call("POST", f"Items/{found['ItemID']}?unitdp=4", body)


def _add(world: World, name: str, price: str, code: str = "ASH") -> None:
    details = {"UnitPrice": price, "AccountCode": "200", "TaxType": "OUTPUT2"}
    body = {"Code": code, "Name": name, "Description": "By the metre", "SalesDetails": details}
    world.xero_call("PUT", "Items?unitdp=4", {"Items": [body]})


def _items(world: World) -> list[dict[str, str | None]]:
    return [dict(row) for row in world.perfex.rows("items")]


def _stays(world: World) -> None:
    for _again in range(2):
        report = world.sync(wait=HOUR)
        assert (report.state, report.done) == (RunState.IN_STEP, {}), report


def test_a_price_changed_in_xero_arrives_and_leaves_the_rest_of_the_item_alone(
    both: World,
) -> None:
    (before,) = _items(both)
    _edit(both, SalesDetails={"UnitPrice": "15.50"})
    assert both.sync(wait=HOUR).done == {"item": {"update": 1}}
    assert _items(both) == [{**before, "rate": "15.50"}]
    _stays(both)


def test_a_price_with_four_decimals_is_rounded_once_and_never_sent_back(both: World) -> None:
    _edit(both, SalesDetails={"UnitPrice": "15.4567"})
    both.sync(wait=HOUR)
    assert _items(both)[0]["rate"] == "15.46"
    _stays(both)
    (found,) = both.xero_call("GET", "Items?unitdp=4")["Items"]
    assert str(found["SalesDetails"]["UnitPrice"]) == "15.4567"


def test_an_item_born_in_xero_is_in_the_price_list_with_its_tax(both: World) -> None:
    _add(both, "Ash <b>board</b>", "7.25")
    assert both.sync(wait=HOUR).done == {"item": {"create": 1}}
    new = _items(both)[-1]
    assert (new["description"], new["long_description"]) == ("Ash board", "By the metre")
    assert (new["rate"], new["tax"]) == ("7.25", _items(both)[0]["tax"])
    _stays(both)


@pytest.mark.parametrize("fault", ["drop-after", "500-after", "html-after", "empty"])
def test_an_item_whose_answer_was_lost_is_found_by_what_it_shows(both: World, fault: str) -> None:
    _add(both, "Ash board", "7.25")
    both.perfex.faults.add(fault, method="POST", path="items")
    both.sync(wait=HOUR)
    for _again in range(3):
        both.sync(wait=timedelta(minutes=7))
    assert [row["description"] for row in _items(both)] == ["Oak board", "Ash board"]
    assert both.questions() == []
    _stays(both)


@pytest.mark.parametrize("fault", ["drop-before", "500-before"])
def test_an_item_that_never_reached_perfex_is_sent_again_once_that_is_sure(
    both: World, fault: str
) -> None:
    _add(both, "Ash board", "7.25")
    both.perfex.faults.add(fault, method="POST", path="items")
    both.sync(wait=HOUR)
    for _again in range(4):
        both.sync(wait=timedelta(minutes=7))
    assert [row["description"] for row in _items(both)] == ["Oak board", "Ash board"]
    _stays(both)


def test_a_lost_item_beside_one_that_staff_entered_is_sent_again(both: World) -> None:
    _add(both, "Ash board", "7.25")
    both.perfex.faults.add("500-before", method="POST", path="items")
    both.sync(wait=HOUR)
    both.perfex.staff.create_item("Ash plank", "7.25")
    for _again in range(4):
        both.sync(wait=timedelta(minutes=7))
    names = [row["description"] for row in _items(both)]
    assert names == ["Oak board", "Ash plank", "Ash board"]
    _stays(both)


def test_a_lost_item_is_asked_about_while_another_new_one_is_nobodys(both: World) -> None:
    both.change_settings(births={"item.perfex": Births.IGNORE, "item.xero": Births.CREATE})
    _add(both, "Ash board", "7.25")
    both.perfex.faults.add("500-before", method="POST", path="items")
    both.sync(wait=HOUR)
    both.perfex.staff.create_item("Ash plank", "7.25")
    for _again in range(4):
        both.sync(wait=timedelta(minutes=7))
    both.answer("unknown_outcome", "absent")
    both.sync()
    both.sync()
    assert [row["description"] for row in _items(both)] == ["Oak board", "Ash plank", "Ash board"]


def test_an_item_that_perfex_may_have_already_is_asked_about(both: World) -> None:
    both.change_settings(births={"item.perfex": Births.IGNORE, "item.xero": Births.CREATE})
    both.perfex.staff.create_item("Ash board", "7.00")
    both.sync()
    _add(both, "Ash board", "7.25")
    both.sync(wait=HOUR)
    assert len(_items(both)) == 2
    (asked,) = both.questions()
    assert asked.reason == "maybe_same"


def test_an_old_module_has_the_item_entered_by_hand_and_the_question_closes(old: World) -> None:
    _add(old, "Ash board", "7.25")
    old.sync(wait=HOUR)
    asked = old.question("enter_in_perfex")
    assert {row.facet: row.xero for row in asked.rows} == {
        "name": "Ash board",
        "description": "By the metre",
        "price": "7.25",
        "tax": "VAT|20.00",
    }
    (vat,) = [row for row in old.perfex.rows("taxes") if row["taxrate"] == "20.00"]
    old.perfex.staff.create_item(
        "Ash board", "7.25", long_description="By the metre", tax=vat["id"]
    )
    assert old.sync().done == {"item": {"link": 1}}
    assert old.questions() == []
    _stays(old)


def test_an_old_module_has_the_price_changed_by_hand_and_the_question_closes(old: World) -> None:
    _edit(old, SalesDetails={"UnitPrice": "15.50"})
    old.sync(wait=HOUR)
    asked = old.question("change_in_perfex")
    assert [(row.facet, row.perfex, row.xero) for row in asked.rows] == [
        ("price", "12.00", "15.50")
    ]
    old.perfex.staff.edit("items", 1, rate="15.50")
    old.sync()
    assert old.questions() == []
    _stays(old)
