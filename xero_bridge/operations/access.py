"""The secrets of a connection, given anew: a Perfex token that was renewed, another app at Xero."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from xero_bridge.operations.connections import valid_url
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import connection_row, note, reading, remember, writing
from xero_bridge.operations.services import By, Services


@dataclass(frozen=True, kw_only=True)
class NewAccess:
    """What a person gives anew; empty text: it stays as it is."""

    perfex_url: str = ""
    perfex_token: str = field(default="", repr=False)
    allow_private_address: bool = False
    xero_client_id: str = ""
    xero_client_secret: str = field(default="", repr=False)


def change(services: Services, name: str, new: NewAccess, *, by: By) -> list[str]:
    """Look at the Perfex site with what was given and, if it answers, keep it; says what changed.

    Raises `NotAccepted`, and `NotConnected` or `Retriable` when the site cannot be used.
    """
    if bool(new.xero_client_id) != bool(new.xero_client_secret):
        raise NotAccepted(
            "A client id and a client secret of a Xero app go together: give both, or neither.",
            field="xero_client_secret" if new.xero_client_id else "xero_client_id",
        )
    changed = _perfex(services, name, new) if new.perfex_url or new.perfex_token else []
    if new.xero_client_id:
        with writing(services) as session:
            row = connection_row(session, name)
            row.xero_client_id = new.xero_client_id
            row.xero_client_secret = new.xero_client_secret
        changed.append("the app at Xero")
    if changed:
        with writing(services) as session:
            connection_row(session, name).next_run_at = None
            note(session, services, by, "access changed", name, what=changed)
    return changed


def _perfex(services: Services, name: str, new: NewAccess) -> list[str]:
    with reading(services) as session:
        row = connection_row(session, name)
    url = valid_url(new.perfex_url) if new.perfex_url else row.perfex_url
    token = new.perfex_token or row.perfex_token or ""
    private = new.allow_private_address or row.allow_private_address
    site = services.connector.check_perfex(url, token, allow_private=private)
    with writing(services) as session:
        row = connection_row(session, name)
        changed = [
            words
            for words, differs in (
                ("the address of Perfex", row.perfex_url != site.url),
                ("the Perfex token", bool(new.perfex_token)),
            )
            if differs
        ]
        row.perfex_url, row.perfex_token = site.url, token
        row.allow_private_address = private
        row.site = msgspec.to_builtins(site)
        row.trouble, row.trouble_text = "", ""
        remember(session, row, "site", msgspec.json.encode(site).decode())
    return changed
