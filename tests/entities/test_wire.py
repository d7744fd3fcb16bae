"""Values in every form in which Perfex writes them, and Xero's names and dates."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.dates import perfex_day, xero_day, xero_instant
from xero_bridge.entities.marks import (
    customer_mark,
    item_mark,
    mark_in,
    payment_mark,
    record_url,
    url_mark,
    xero_payment_mark,
)
from xero_bridge.entities.text import (
    bare,
    clean,
    contact_name,
    country_name,
    fold,
    is_email,
    squeeze,
    tidy,
)
from xero_bridge.entities.wire import (
    WireError,
    as_decimal,
    as_flag,
    as_id,
    as_list,
    as_text,
    xero_name,
)


def loose(json: str) -> msgspec.Raw:
    return msgspec.Raw(json.encode())


@pytest.mark.parametrize("json", ['"5.00"', "5.00", '" 5.00 "'])
def test_a_perfex_number_is_read_from_text_and_from_a_number(json: str) -> None:
    assert as_decimal(loose(json), "total") == Decimal("5.00")
    assert as_decimal(loose(json), "total").as_tuple().exponent == -2


@pytest.mark.parametrize("json", ["null", '""', "", "[]"])
def test_nothing_in_any_form_is_empty_text_and_zero(json: str) -> None:
    assert as_text(loose(json)) == ""
    assert as_decimal(loose(json), "total") == 0
    assert as_list(loose(json)) == ()
    assert not as_flag(loose(json))


@pytest.mark.parametrize("json", ['"1.234,50"', '"abc"', '"NaN"', "true", '"1 000"'])
def test_a_number_that_is_none_is_refused_by_name(json: str) -> None:
    with pytest.raises(WireError, match="total_tax"):
        as_decimal(loose(json), "total_tax")


def test_no_digit_of_a_long_number_is_lost() -> None:
    assert str(as_decimal(loose("0.1000000000000000055511151231"), "rate")).endswith("1231")


@pytest.mark.parametrize(
    ("json", "yes"),
    [('"1"', True), ("1", True), ("true", True), ('"0"', False), ("0", False), ("false", False)],
)
def test_flags_are_read_in_every_form_of_php(json: str, yes: bool) -> None:
    assert as_flag(loose(json)) is yes


def test_an_id_is_text_whatever_its_form_and_must_be_there() -> None:
    assert as_id(loose("41"), "userid") == as_id(loose('"41"'), "userid") == "41"
    with pytest.raises(WireError, match="userid"):
        as_id(loose("null"), "userid")


def test_a_single_value_is_a_list_of_one() -> None:
    assert [as_text(value) for value in as_list(loose('["VAT","ECO"]'))] == ["VAT", "ECO"]
    assert [as_text(value) for value in as_list(loose('"VAT"'))] == ["VAT"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("line_item_id", "LineItemID"),
        ("updated_date_utc", "UpdatedDateUTC"),
        ("sub_total", "SubTotal"),
        ("address_line1", "AddressLine1"),
        ("merged_to_contact_id", "MergedToContactID"),
    ],
)
def test_xero_names_are_derived(ours: str, theirs: str) -> None:
    assert xero_name(ours) == theirs


@pytest.mark.parametrize(
    "text", ["/Date(1785730530120+0000)/", "/Date(1785730530120)/", "/Date(1785730530120+1300)/"]
)
def test_xero_instants_are_utc_whatever_offset_is_written(text: str) -> None:
    assert xero_instant(text) == datetime(2026, 8, 3, 4, 15, 30, 120000, tzinfo=UTC)


def test_xero_instants_come_as_iso_text_too() -> None:
    expected = datetime(2026, 8, 3, 4, 15, 30, tzinfo=UTC)
    assert xero_instant("2026-08-03T04:15:30Z") == expected
    assert xero_instant("2026-08-03T04:15:30") == expected
    with pytest.raises(WireError, match="yesterday"):
        xero_instant("yesterday")


def test_xero_days_prefer_the_text_and_are_never_moved_by_a_zone() -> None:
    assert xero_day("2026-08-03T00:00:00", "/Date(0)/") == date(2026, 8, 3)
    assert xero_day(None, "/Date(1785715200000+0000)/") == date(2026, 8, 3)
    assert xero_day(None, "2026-08-03") == date(2026, 8, 3)
    assert xero_day(None, None) is None


@pytest.mark.parametrize("text", ["", "0000-00-00", "0000-00-00 00:00:00", "  "])
def test_no_day_in_any_form_is_no_day(text: str) -> None:
    assert perfex_day(text) is None


def test_a_perfex_day_is_read_from_dates_and_local_times() -> None:
    assert perfex_day("2025-11-03") == perfex_day("2025-11-03 23:59:59") == date(2025, 11, 3)
    with pytest.raises(WireError, match="03/11/2025"):
        perfex_day("03/11/2025")


@given(st.dates())
def test_a_day_survives_both_wires(day: date) -> None:
    millis = (day - date(1970, 1, 1)).days * 86_400_000
    assert xero_day(None, f"/Date({millis}+0000)/") == day
    assert xero_day(day.isoformat()) == perfex_day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Smith &amp; Sons", "Smith & Sons"),
        ("It&#039;s", "It's"),
        ("12 Mill Lane<br />\nLeeds", "12 Mill Lane\nLeeds"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("one \r\ntwo ", "one\ntwo"),
        ("a&nbsp;b", "a b"),
        ("\x00odd\x1f", "odd"),
        ("", ""),
    ],
)
def test_stored_text_is_what_a_person_typed(stored: str, typed: str) -> None:
    assert clean(stored) == typed


def test_tidy_leaves_entities_alone() -> None:
    assert tidy(" AT&amp;T\r\nx ") == "AT&amp;T\nx"


@given(st.text())
def test_a_contact_name_is_one_that_xero_takes(text: str) -> None:
    name = contact_name(text)
    assert len(name) <= 255
    assert name == squeeze(name)
    assert "<" not in name
    assert ">" not in name
    assert contact_name(name) == name


def test_names_compare_without_case_accents_and_spaces() -> None:
    assert fold(" Café  MÜLLER ") == fold("cafe muller")
    assert bare("GB 123-456") == bare("gb123456")


@given(st.text())
def test_a_country_has_letters_only(text: str) -> None:
    country = country_name(text)
    assert len(country) <= 50
    assert all(part.isascii() and part.isalpha() for part in country.split())


@pytest.mark.parametrize("good", ["ann@northwind.example", "o'neil+tag@a-b.co.uk"])
def test_addresses_that_xero_takes(good: str) -> None:
    assert is_email(good)


@pytest.mark.parametrize("bad", ["", "ann", "ann@local", "jörg@x.de", "a b@x.de", "a..b@x.de"])
def test_addresses_that_xero_refuses(bad: str) -> None:
    assert not is_email(bad)


def test_marks_name_the_record_of_the_other_side() -> None:
    assert customer_mark("PX", "41") == "PX-C-41"
    assert item_mark("PX", "9") == "PX-I-9"
    assert payment_mark("PX", "551") == "PX-PAY-551"
    mark = xero_payment_mark("PX", "E5F60000-0000-4000-8000-000000000005")
    assert mark == "PX-XP-e5f60000000040008000000000000005"


def test_a_mark_is_told_from_other_text_tags_and_sorts() -> None:
    assert mark_in(" PX-C-41 ", "PX", "C") == "PX-C-41"
    for text in ("PX-I-41", "PY-C-41", "see PX-C-41", "PX-C-", "", None):
        assert mark_in(text, "PX", "C") == ""


def test_an_address_is_a_mark_only_where_it_leads_to_this_site() -> None:
    url = record_url("https://crm.example.test/", Kind.INVOICE, "231")
    assert url == "https://crm.example.test/admin/invoices/list_invoices/231"
    assert url_mark(url, "https://crm.example.test") == url
    assert url_mark(url, "https://crm.example.te") == ""
    assert url_mark("https://shop.example/1", "https://crm.example.test") == ""
    assert url_mark(None, "https://crm.example.test") == ""
    assert url_mark(url, "") == ""
