"""Settings of a connection: every key explained, wrong values refused, all or nothing."""

import msgspec
import pytest

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Direction
from xero_bridge.operations.keys import KEYS, parsed, value_of
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import store_of
from xero_bridge.operations.settings import pairs, set_settings, setting_views

PROMISED = (
    "sales_account purchase_account rounding_account rounding_policy rounding_limit invoice_status "
    "bill_status start_date open_before_start direction.invoice births.invoice.perfex poll_minutes "
    "expense_as expense_contact lock_policy void_policy guard_max_count guard_max_percent "
    "guard_max_amount call_reserve site_tag time_zone"
).split()


def test_every_promised_key_is_there_with_its_meaning() -> None:
    assert set(PROMISED) <= set(KEYS)
    assert all(key.meaning and key.accepts for key in KEYS.values())


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_default_is_accepted_by_its_own_key(name: str) -> None:
    key = KEYS[name]
    assert value_of(Settings(), name) == key.default
    if key.default:
        assert str(parsed(name, key.default)) in (key.default, str(key.default == "on"))


@pytest.mark.parametrize("name", sorted(key.name for key in KEYS.values() if key.choices))
def test_every_choice_that_is_offered_is_accepted(name: str) -> None:
    for choice in KEYS[name].choices:
        assert parsed(name, choice.upper()) is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rounding_policy=round", "line or hold"),
        ("rounding_limit=2", "not between 0 and 1"),
        ("rounding_limit=NaN", "not between"),
        ("rounding_limit=a cent", "not an amount"),
        ("start_date=31/12/2025", "not a date"),
        ("start_date=2025-02-30", "not a date"),
        ("open_before_start=perhaps", "neither on nor off"),
        ("poll_minutes=0", "between 1 and 1440"),
        ("poll_minutes=1.5", "whole number"),
        ("guard_max_percent=101", "between 0 and 100"),
        ("site_tag=much too long", "up to eight"),
        ("time_zone=Middle/Earth", "no such time zone"),
        ("direction.invoice=backwards", "off or perfex_to_xero"),
        ("direction.vendor=xero_to_perfex", "no such choice"),
        ("births.invoice.xero=always", "create or ask or ignore"),
        ("invoice_status=PAID", "DRAFT or AUTHORISED"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_accepted(text: str, told: str) -> None:
    key, _, value = text.partition("=")
    with pytest.raises(NotAccepted, match=key.replace(".", r"\.")) as caught:
        parsed(key, value)
    assert told in str(caught.value)
    assert caught.value.field == key


def test_an_unknown_key_is_refused_with_those_that_come_near() -> None:
    with pytest.raises(NotAccepted, match="Did you mean sales_account"):
        parsed("sale_account", "200")


def test_what_is_no_pair_is_refused() -> None:
    with pytest.raises(NotAccepted, match="KEY=VALUE"):
        pairs(["sales_account"])


def test_values_may_hold_an_equals_sign() -> None:
    assert pairs(["expense_contact=a=b"]) == {"expense_contact": "a=b"}


def test_settings_are_set_shown_and_returned_to_their_default(empty_bridge: Bridge) -> None:
    bridge = empty_bridge
    bridge.add()
    changed = set_settings(
        bridge.services,
        NAME,
        {"rounding_limit": "0.02", "direction.invoice": "off", "open_before_start": "on"},
        by=ANN,
    )
    assert changed["rounding_limit"] == ("0.01", "0.02")
    settings = store_of(bridge.services, NAME).settings()
    assert settings.open_before_start
    assert settings.direction["invoice"] is Direction.OFF
    shown = {view.key: view for view in setting_views(bridge.services, NAME)}
    assert shown["rounding_limit"].value == "0.02"
    assert shown["rounding_limit"].chosen
    assert not shown["site_tag"].chosen
    set_settings(bridge.services, NAME, {"rounding_limit": ""}, by=ANN)
    assert store_of(bridge.services, NAME).settings().rounding_limit == Settings().rounding_limit


def test_one_wrong_value_leaves_all_as_they_were(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    wanted = {"sales_account": "200", "rounding_limit": "9"}
    with pytest.raises(NotAccepted):
        set_settings(empty_bridge.services, NAME, wanted, by=ANN)
    assert store_of(empty_bridge.services, NAME).settings() == Settings()


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ("9999", "no account"),
        ("240", "archived"),
        ("090", "bank account"),
        ("610", "system account"),
    ],
)
def test_an_account_that_lines_cannot_use_is_refused_once_xero_was_read(
    read_once: Bridge, account: str, told: str
) -> None:
    with pytest.raises(NotAccepted, match=told):
        set_settings(read_once.services, NAME, {"sales_account": account}, by=ANN)


def test_an_account_is_taken_as_it_comes_before_xero_was_read(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.set(sales_account="9999")
    assert store_of(empty_bridge.services, NAME).settings().sales_account == "9999"


def test_the_tag_of_marks_is_fixed_once_something_is_linked(bridge: Bridge) -> None:
    bridge.go_live()
    bridge.set(site_tag="P2")
    bridge.sync()
    with pytest.raises(NotAccepted, match="before"):
        bridge.set(site_tag="P3")


def test_a_changed_setting_is_followed_by_the_next_plan(bridge: Bridge) -> None:
    bridge.set_up()
    assert "invoice" in bridge.sync(dry=True).planned
    bridge.set(**{"direction.invoice": "off"})
    assert "invoice" not in bridge.sync(dry=True).planned


def test_a_view_of_a_setting_can_be_printed(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    views = setting_views(empty_bridge.services, NAME)
    assert len(msgspec.json.decode(msgspec.json.encode(views))) == len(KEYS)
