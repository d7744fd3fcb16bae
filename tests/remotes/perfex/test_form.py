"""Form bodies, read back by the simulator's own PHP habits."""

from typing import Any
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from xero_bridge.remotes.perfex import form
from xero_bridge.simulator.perfex import php

NAMES = st.text("abcdefgh_", min_size=1, max_size=8)
#: Without the texts that Perfex filters: `%XX` sequences and script words.
TEXTS = st.text("abc ÄÖÜéß€0123456789.,;|&=+?#[]{}'\"\n", max_size=20)
VALUES = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@given(body=st.dictionaries(NAMES, VALUES, max_size=4))
def test_php_reads_what_was_meant(body: dict[str, Any]) -> None:
    pairs = parse_qsl(form.encode(body).decode("ascii"), keep_blank_values=True)
    assert php.nest(pairs) == body


@given(body=st.dictionaries(NAMES, TEXTS, max_size=6))
def test_plain_fields_are_read_back_from_the_bytes(body: dict[str, str]) -> None:
    assert form.fields(form.encode(body)) == body
