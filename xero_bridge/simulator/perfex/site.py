"""One simulated Perfex site: its database, options, tokens, mail outbox and call log."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from xero_bridge.simulator.perfex.database import Database
from xero_bridge.simulator.perfex.versions import Version

LOG_LENGTH: Final = 20_000


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message that Perfex would have sent."""

    to: str
    subject: str
    kind: str
    sent_at: datetime
    record: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to the REST module and how it was answered."""

    method: str
    path: str
    query: str
    status: int
    at: datetime
    note: str = ""


@dataclass(slots=True, kw_only=True)
class Token:
    """An API token: `permissions` maps features to capabilities; None is an unrestricted token."""

    value: str
    permissions: Mapping[str, frozenset[str]] | None = None
    table_grants: Mapping[str, frozenset[str]] | None = None
    expires_at: datetime | None = None

    def may(self, feature: str, capability: str) -> bool:
        """Tell whether the token holds the capability."""
        return self.permissions is None or capability in self.permissions.get(feature, ())


@dataclass(slots=True, kw_only=True)
class Settings:
    """The options of the site and of the REST module that change its answers."""

    time_zone: str = "Europe/London"
    company: str = "Harbour & Mill Ltd"
    invoice_prefix: str = "INV-"
    credit_note_prefix: str = "CN-"
    number_format: int = 1
    number_padding: int = 6
    formatted_numbers: bool = True
    delete_only_last_invoice: bool = False
    decrement_number_on_delete: bool = False
    company_requires_vat: bool = True
    module_active: bool = True
    quota: int = 1000
    quota_seconds: int = 3600
    burst: int = 0
    old_limiter: bool = False
    lockout: bool = True
    get_cache: bool = False
    standard_response: bool = False
    sql_debug: bool = False
    receipts: bool = True
    batch_limit: int = 50
    custom_tables: set[str] = field(default_factory=set)
    gateways: tuple[tuple[str, str], ...] = (("stripe", "Stripe Checkout"),)


class Site:
    """Everything that the staff pages and the REST module share."""

    def __init__(self, *, version: Version, settings: Settings, clock: Clock, db: Database) -> None:
        """Join the parts; nothing is stored or served yet."""
        self.version = version
        self.settings = settings
        self.clock = clock
        self.db = db
        self.tokens: dict[str, Token] = {}
        self.outbox: list[Mail] = []
        self.calls: deque[Call] = deque(maxlen=LOG_LENGTH)

    def local_now(self) -> datetime:
        """Return the server's local time, naive, as Perfex writes it."""
        return self.clock.now().astimezone(ZoneInfo(self.settings.time_zone)).replace(tzinfo=None)

    def stamp(self) -> str:
        """Return the server's local time as a DATETIME text."""
        return self.local_now().strftime("%Y-%m-%d %H:%M:%S")

    def today(self) -> date:
        """Return the server's local date."""
        return self.local_now().date()

    def mail(self, *, to: str, subject: str, kind: str, record: str = "") -> None:
        """Put a message into the outbox."""
        self.outbox.append(
            Mail(to=to, subject=subject, kind=kind, record=record, sent_at=self.clock.now())
        )

    def option(self, name: str, fallback: str) -> str:
        """Return a stored option of the site."""
        found = self.db.where("options", name=name)
        return (found[0]["value"] or "") if found else fallback

    def set_option(self, name: str, value: str) -> None:
        """Store an option of the site."""
        found = self.db.where("options", name=name)
        if found:
            self.db.update("options", found[0]["id"], {"value": value})
        else:
            self.db.insert("options", {"name": name, "value": value})

    def base_currency(self) -> str:
        """Return the id of the site's base currency."""
        for row in self.db.rows("currencies"):
            if row["isdefault"] == "1":
                return row["id"] or "0"
        return "0"


def token_value(user: str) -> str:
    """Make a token that looks like the module's JWT; the same user always gets the same one."""
    header = _segment(json.dumps({"typ": "JWT", "alg": "HS256"}).encode())
    payload = _segment(json.dumps({"user": user, "name": user}).encode())
    signature = _segment(hashlib.sha256(f"simulated {user}".encode()).digest())
    return f"{header}.{payload}.{signature}"


def _segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
