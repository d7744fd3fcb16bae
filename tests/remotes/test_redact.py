"""Nothing that is written down holds a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_bridge.remotes.redact import redact_headers, redact_text, redact_url

SECRET = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", min_size=8, max_size=40).map(
    lambda text: f"canary{text}"
)


@given(
    secret=SECRET,
    name=st.sampled_from(["access_token", "refresh_token", "password", "authtoken", "hash"]),
)
def test_a_secret_member_never_survives_in_json_or_a_form(secret: str, name: str) -> None:
    for text in (
        f'{{"status":false,"{name}":"{secret}","x":1}}',
        f'{{"{name}" : "{secret}',
        f"grant_type=refresh&{name}={secret}&x=1",
        f"{{'{name}': '{secret}'}}",
    ):
        assert secret not in redact_text(text)


@given(secret=SECRET, before=st.integers(min_value=450, max_value=500))
def test_a_secret_at_the_cut_does_not_show_its_beginning(secret: str, before: int) -> None:
    text = "x" * (before - 18) + f'{{"refresh_token":"{secret}"}}'
    assert "canary" not in redact_text(text)


@pytest.mark.parametrize("word", ["Bearer", "bearer", "Basic"])
def test_credentials_in_prose_are_starred_out(word: str) -> None:
    assert "c2VjcmV0OnNlY3JldA" not in redact_text(f"sent {word} c2VjcmV0OnNlY3JldA== to it")


def test_ordinary_words_are_kept() -> None:
    text = '{"message": "Token is not found", "status": false, "Detail": "TokenExpired: at 5"}'
    assert redact_text(text) == text


def test_an_address_keeps_its_harmless_parameters() -> None:
    url = "https://user:pw@host/x?page=1&where=Type%3D%3D%22ACCREC%22&api_key=s&token=t"
    assert redact_url(url, {"pageSize": "1000"}) == (
        'https://host/x?page=1&where=Type=="ACCREC"&api_key=***&token=***&pageSize=1000'
    )


def test_only_headers_known_to_be_harmless_keep_their_value() -> None:
    headers = {"Accept": "a", "X-Anything": "s", "Cookie": "s", "Idempotency-Key": "k"}
    assert redact_headers(headers) == {
        "accept": "a",
        "cookie": "***",
        "idempotency-key": "k",
        "x-anything": "***",
    }
