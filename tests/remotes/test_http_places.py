"""Where calls may go, and what goes with them: hosts, redirects, cookies, credentials."""

import pytest
import responses

from tests.remotes.calls import BASE, get, put, same
from tests.remotes.support import patient_http
from xero_bridge.core.errors import NotConnected
from xero_bridge.remotes.http import Request


def test_only_configured_hosts_are_called(web: responses.RequestsMock) -> None:
    with pytest.raises(NotConnected) as caught:
        patient_http(BASE).call(Request(url="https://elsewhere.example.test/list"), same)
    assert caught.value.reason == "host_not_allowed"


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example.test/list", "http://api.example.test/list", "//evil.test/"],
)
def test_a_redirect_to_another_origin_is_not_followed(
    web: responses.RequestsMock, target: str
) -> None:
    web.get(f"{BASE}/list", status=302, headers={"Location": target})
    with pytest.raises(NotConnected) as caught:
        patient_http(BASE).call(get(), same)
    assert caught.value.reason == "redirected"


def test_a_read_follows_a_redirect_within_its_origin(web: responses.RequestsMock) -> None:
    web.get(f"{BASE}/list", status=301, headers={"Location": "/list/"})
    web.get(f"{BASE}/list/", json={"ok": True})
    assert patient_http(BASE).call(get(), same).status == 200


def test_endless_redirects_end(web: responses.RequestsMock) -> None:
    web.get(f"{BASE}/list", status=301, headers={"Location": "/list"})
    with pytest.raises(NotConnected):
        patient_http(BASE).call(get(), same)


def test_a_write_is_never_redirected(web: responses.RequestsMock) -> None:
    web.put(f"{BASE}/list", status=307, headers={"Location": "/other"})
    with pytest.raises(NotConnected):
        patient_http(BASE).call(put(), same)
    assert len(web.calls) == 1


def test_cookies_are_not_kept(web: responses.RequestsMock) -> None:
    web.get(f"{BASE}/list", json={}, headers={"Set-Cookie": "session=1; Path=/"})
    http = patient_http(BASE)
    http.call(get(), same)
    http.call(get(), same)
    assert "Cookie" not in web.calls[1].request.headers


def test_our_authorization_is_not_replaced_by_one_of_the_users_netrc_file(
    web: responses.RequestsMock,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine api.example.test login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    web.get(f"{BASE}/list", json={})
    request = Request(url=f"{BASE}/list", headers={"Authorization": "Bearer ours"})
    patient_http(BASE).call(request, same)
    assert web.calls[0].request.headers["Authorization"] == "Bearer ours"
