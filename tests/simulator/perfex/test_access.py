"""Tokens, capabilities, lockout, quotas and detection of the module's version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.perfex.conftest import Serve
from tests.simulator.perfex.site import Perfex


def test_a_wrong_token_is_a_404_that_says_token(perfex: Perfex) -> None:
    answer = perfex.call("GET", "invoices", headers={"authtoken": "a.b.c"})
    assert answer.status_code == 404
    assert answer.json() == {"status": False, "message": "Token is not found"}


def test_a_missing_token_is_refused_in_the_words_of_each_release(serve: Serve) -> None:
    for version, status, words in (
        ("2.0.8", 404, "Token is not defined."),
        ("3.0.3", 404, "Token is not found"),
        ("3.1.0", 401, "Token is not found"),
    ):
        answer = serve(version).call("GET", "customers", headers={"authtoken": ""})
        assert (answer.status_code, answer.json()["message"]) == (status, words)


def test_a_text_that_is_no_jwt_is_refused_in_the_words_of_the_jwt_library(perfex: Perfex) -> None:
    answer = perfex.call("GET", "invoices", headers={"authtoken": "nonsense"})
    assert (answer.status_code, answer.json()["message"]) == (404, "Wrong number of segments")


def test_an_expired_token_is_refused(perfex: Perfex) -> None:
    yesterday = perfex.simulator.clock.now() - timedelta(days=1)
    token = perfex.simulator.add_token("late", expires_at=yesterday)
    answer = perfex.call("GET", "invoices", headers={"authtoken": token})
    assert (answer.status_code, answer.json()["message"]) == (404, "Expired token")


def test_3x_also_reads_a_bearer_header_and_the_query(perfex: Perfex, old: Perfex) -> None:
    bearer = {"authtoken": "", "Authorization": f"Bearer {perfex.simulator.token}"}
    assert perfex.call("GET", "common/tax_data", headers=bearer).status_code == 200
    path = f"common/tax_data?api_key={perfex.simulator.token}"
    assert perfex.call("GET", path, headers={"authtoken": ""}).status_code == 200
    assert old.call("GET", "common/tax_data", headers=bearer).status_code == 404


def test_a_missing_capability_is_a_403_with_the_products_spelling(perfex: Perfex) -> None:
    token = perfex.simulator.add_token("reader", permissions={"invoices": frozenset({"get"})})
    answer = perfex.call("GET", "customers", headers={"authtoken": token})
    assert answer.status_code == 403
    assert "necessay permissions" in answer.json()["message"]
    searching = perfex.call("GET", "invoices/search/x", headers={"authtoken": token})
    assert searching.status_code == 403


def test_twenty_refusals_lock_the_address_out_for_fifteen_minutes(perfex: Perfex) -> None:
    for _ in range(20):
        assert perfex.call("GET", "items", headers={"authtoken": "a.b.c"}).status_code == 404
    locked = perfex.call("GET", "common/tax_data")
    assert (locked.status_code, locked.json()["message"][:8]) == (429, "Too many")
    perfex.simulator.clock.move(minutes=15)
    assert perfex.call("GET", "common/tax_data").status_code == 200


def test_2x_locks_nobody_out(old: Perfex) -> None:
    for _ in range(25):
        old.call("GET", "items", headers={"authtoken": "a.b.c"})
    assert old.call("GET", "common/tax_data").status_code == 200


def test_the_quota_counts_over_a_sliding_hour_and_shows_its_headers(perfex: Perfex) -> None:
    perfex.simulator.settings.quota = 2
    first = perfex.call("GET", "common/tax_data")
    assert first.headers["X-RateLimit-Remaining"] == "1"
    perfex.call("GET", "common/tax_data")
    refused = perfex.call("GET", "common/tax_data")
    assert (refused.status_code, refused.json()["message"]) == (429, "Rate limit exceeded")
    perfex.simulator.clock.move(minutes=61)
    assert perfex.call("GET", "common/tax_data").status_code == 200


def test_the_older_limiter_answers_401_with_its_text_under_error(perfex: Perfex) -> None:
    perfex.simulator.settings.quota = 1
    perfex.simulator.settings.old_limiter = True
    perfex.call("GET", "common/tax_data")
    refused = perfex.call("GET", "common/tax_data")
    assert refused.status_code == 401
    assert "time limit" in refused.json()["error"]


def test_the_burst_limit_frees_up_after_a_minute(perfex: Perfex) -> None:
    perfex.simulator.settings.burst = 3
    codes = [perfex.call("GET", "common/tax_data").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    perfex.simulator.clock.move(minutes=1)
    assert perfex.call("GET", "common/tax_data").status_code == 200


def test_the_description_names_the_version_and_needs_no_token_on_303(
    perfex: Perfex, documented: Perfex
) -> None:
    answer = perfex.call("GET", "openapi", headers={"authtoken": ""})
    assert answer.json()["info"]["version"] == "3.0.3"
    assert documented.get("openapi")["info"]["version"] == "3.1.0"
    assert documented.call("GET", "openapi", headers={"authtoken": ""}).status_code == 401


def test_2x_has_no_description_and_no_batch(old: Perfex) -> None:
    for method, path in (("GET", "openapi"), ("POST", "batch")):
        answer = old.call(method, path)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/html")


def test_an_unknown_verb_is_a_405_with_its_text_under_error(perfex: Perfex) -> None:
    answer = perfex.call("DELETE", "payments/1")
    assert (answer.status_code, answer.json()) == (
        405,
        {"status": False, "error": "Unknown method"},
    )


def test_a_switched_off_module_is_a_401(perfex: Perfex) -> None:
    perfex.simulator.settings.module_active = False
    answer = perfex.call("GET", "invoices")
    assert (answer.status_code, answer.json()["message"]) == (401, "API Module is not active")


@pytest.mark.parametrize("accept", ["application/xml", "text/html"])
def test_an_accept_header_without_json_gets_another_format(perfex: Perfex, accept: str) -> None:
    answer = perfex.call("GET", "common/tax_data", headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith(accept)


def test_the_site_can_stand_below_any_folder(perfex: Perfex) -> None:
    environ = {"SCRIPT_NAME": "/crm", "PATH_INFO": "/admin", "REQUEST_METHOD": "GET"}
    environ |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
    body = b"".join(perfex.simulator.wsgi(environ, lambda *_: lambda _: None))
    assert b'href="/crm/admin/clients"' in body


def test_times_are_the_servers_own_without_an_offset(serve: Serve) -> None:
    summer = serve()
    summer.simulator.clock.fix(datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    customer = summer.customer()
    assert summer.get(f"customers/{customer}")["datecreated"] == "2026-07-01 13:00:00"
