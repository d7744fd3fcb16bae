"""The organisations that a consent reaches: `/connections`, without tenant and budget."""

from __future__ import annotations

import msgspec

from xero_bridge.core.errors import NotConnected, Refused, Retriable
from xero_bridge.remotes.http import Answer, Http, NotJsonError, Request

#: The only sort of tenant that keeps books.
ORGANISATION = "ORGANISATION"


class Connection(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One organisation that the user connected to this app; `id` is the connection's own id."""

    id: str
    tenant_id: str
    tenant_type: str = ""
    tenant_name: str | None = ""
    auth_event_id: str | None = ""
    created_date_utc: str | None = ""


def read_connections(
    http: Http, url: str, token: str, auth_event_id: str = ""
) -> tuple[Connection, ...]:
    """The organisations of this token's user, or only those of one consent.

    Raises NotConnected when the token is refused, Retriable when the answer cannot be read.
    """
    request = Request(
        url=url,
        query={"authEventId": auth_event_id} if auth_event_id else {},
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        cost=0,
    )
    found = http.call(request, _connections)
    return tuple(each for each in found if each.tenant_type in ("", ORGANISATION))


def remove_connection(http: Http, url: str, token: str, connection_id: str) -> bool:
    """Disconnect one organisation; False when Xero did not know it (any more).

    Raises Refused when Xero will not, NotConnected when the token is refused.
    """
    request = Request(
        method="DELETE",
        url=f"{url.rstrip('/')}/{connection_id}",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        cost=0,
        # A second DELETE finds nothing and harms nobody.
        repeatable=True,
    )
    return http.call(request, _removed)


def _connections(answer: Answer) -> list[Connection]:
    _admitted(answer)
    try:
        return answer.decode(list[Connection])
    except NotJsonError as error:
        raise Retriable("not_readable", side="Xero", message=str(error)) from error


def _removed(answer: Answer) -> bool:
    _admitted(answer)
    if answer.status in (200, 204):
        return True
    if answer.status == 404:
        return False
    raise Refused("refused_by_xero", message=answer.text or f"HTTP {answer.status}")


def _admitted(answer: Answer) -> None:
    if answer.status == 401:
        raise NotConnected("xero_needs_reconnection")
