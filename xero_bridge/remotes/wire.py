"""One request over the wire: a whole answer, or the certainty whether it may have been sent."""

from __future__ import annotations

import ssl
import time
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3

from xero_bridge.remotes.messages import Answer, Request
from xero_bridge.remotes.peer import PublicOnly

_CHUNK = 1 << 16
_BEFORE_SENDING = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    ssl.SSLCertVerificationError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
)


class BrokenError(Exception):
    """No whole answer came; `sent` tells whether the request may have reached the other side."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


class Wire:
    """A session that keeps connections open and neither cookies, redirects nor .netrc passwords."""

    def __init__(
        self, *, connect: float, answer: float, largest: int, public_only: bool = False
    ) -> None:
        """Seconds for connecting and of silence that are borne, and bytes of the largest answer.

        With `public_only`, exchanges raise NotConnected when the host turns out to be private.
        """
        self._connect = connect
        self._answer = answer
        self._largest = largest
        self._session = requests.Session()
        self._session.auth = _as_it_is
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if public_only:
            self._session.mount("http://", PublicOnly())
            self._session.mount("https://", PublicOnly())

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._session.close()

    def exchange(self, request: Request) -> Answer:
        """The whole answer; raises BrokenError when none came."""
        deadline = time.monotonic() + 3 * (request.timeout or self._answer)
        try:
            with self._session.request(
                request.method,
                request.url,
                params=request.query or None,
                headers=request.headers,
                data=request.body,
                timeout=(self._connect, request.timeout or self._answer),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _whole_body(response, self._largest, deadline)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(status=response.status_code, headers=headers, body=body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise BrokenError(_in_words(error), sent=not _never_sent(error)) from error


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from replacing our Authorization header by one from a .netrc file."""
    return request


def _whole_body(response: requests.Response, largest: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(_CHUNK):
        size += len(part)
        if size > largest:
            raise BrokenError(f"the answer is larger than {largest >> 20} MB", sent=True)
        if time.monotonic() > deadline:
            raise BrokenError("the answer came too slowly", sent=True)
        parts.append(part)
    return b"".join(parts)


def _never_sent(error: BaseException | None) -> bool:
    """Whether the connection failed before the request could leave."""
    while error is not None:
        if isinstance(error, _BEFORE_SENDING):
            return True
        inner = (
            *(getattr(error, name, None) for name in ("reason", "original_error")),
            *error.args,
        )
        error = next((part for part in inner if isinstance(part, BaseException)), None)
    return False


def _in_words(error: BaseException) -> str:
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate cannot be trusted"
    if _never_sent(error):
        return "it cannot be reached"
    return "the connection was cut"
