"""Bodies as PHP sends them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_bridge.remotes.perfex import parse, rows

NOTICE = (
    b"<br />\n<b>Notice</b>:  Undefined index: unit['x'] in <b>/var/www/sales_helper.php</b> "
    b"on line <b>412</b><br />\n"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def plain(top: parse.Top) -> object:
    return json.loads(rows.encoded(top))


def test_plain_json_is_read() -> None:
    assert plain(parse.top(b'{"status": true, "record_id": 5}')) == {"status": True, "record_id": 5}


def test_json_behind_a_byte_order_mark_is_read() -> None:
    assert plain(parse.top(b'\xef\xbb\xbf[{"id":"1"}]')) == [{"id": "1"}]


@pytest.mark.parametrize("front", [NOTICE, b"Deprecated: old in /x.php on line 3\n", b"ok "])
def test_json_behind_php_output_is_read(front: bytes) -> None:
    body = front + b'{"status":true,"items":[{"id":"1"}]}'
    assert plain(parse.top(body)) == {"status": True, "items": [{"id": "1"}]}
    assert parse.has_junk(body)


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!DOCTYPE html><html><body>Login</body></html>", "html"),
        (b"Allowed memory size of 134217728 bytes exhausted", "text"),
        (b'{"data":[{"id":"1"},{"id":"2"}', "cut"),
        (b'[{"id":"1"},', "cut"),
        (b'"just a text"', "text"),
    ],
)
def test_what_is_no_json_is_told_apart(body: bytes, shape: str) -> None:
    with pytest.raises(parse.NotJsonError) as caught:
        parse.top(body)
    assert caught.value.shape == shape


def test_a_cut_answer_behind_a_notice_is_not_taken_for_its_last_row() -> None:
    with pytest.raises(parse.NotJsonError):
        parse.top(NOTICE + b'{"data":[{"id":"1"},{"id":"2"}')


@given(
    value=st.lists(JSON) | st.dictionaries(st.text(), JSON),
    cut=st.integers(1, 40),
    indent=st.sampled_from([None, 4]),
)
def test_no_cut_answer_is_ever_taken_for_a_whole_one(
    value: object, cut: int, indent: int | None
) -> None:
    whole = json.dumps(value, indent=indent).encode()
    for body in (whole[:-cut], NOTICE + whole[:-cut]):
        with pytest.raises(parse.NotJsonError):
            parse.top(body)


@given(value=st.lists(JSON) | st.dictionaries(st.text(), JSON))
def test_whatever_stands_behind_a_notice_is_the_same_as_without_it(value: object) -> None:
    whole = json.dumps(value).encode()
    assert plain(parse.top(NOTICE + whole)) == plain(parse.top(whole)) == value


@pytest.mark.parametrize(
    "body",
    [
        b'[{"id":"1"}]',
        b'{"data":[{"id":"1"}],"meta":{"total":1}}',
        b'{"status":true,"data":[{"id":"1"}],"meta":{}}',
        b'{"status":true,"data":{"data":[{"id":"1"}],"meta":{"total":1}},"meta":{}}',
    ],
)
def test_envelopes_come_off(body: bytes) -> None:
    inner, _ = parse.unwrap(parse.top(body))
    assert plain(inner) == [{"id": "1"}]


def test_a_record_that_has_a_status_of_its_own_is_no_envelope() -> None:
    body = b'{"id":"5","status":"3","data":"x"}'
    assert plain(parse.unwrap(parse.top(body))[0])["id"] == "5"  # type: ignore[index]


def test_an_empty_envelope_is_an_empty_list() -> None:
    assert parse.unwrap(parse.top(b'{"data":[],"meta":{"total":"0"}}')) == (
        [],
        parse.Meta(total=0),
    )


def test_the_head_of_a_page_is_readable_text() -> None:
    assert parse.head(b"<html><body><h1>Login</h1>\n<p>please</p></body></html>") == "Login please"
