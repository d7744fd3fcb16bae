"""Webhooks: one address for the app, signed deliveries, and the test before the first of them."""

import base64
import hashlib
import hmac
import json
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from xero_bridge.simulator.common import Record, SimClock, Table
from xero_bridge.simulator.xero.kernel.books import Books

LOCAL = ("localhost", "127.0.0.1", "::1")
PATIENCE = 5.0  # Seconds that Xero waits for an answer.
RETRY_AFTER = timedelta(minutes=15)
GIVEN_UP_AFTER = timedelta(hours=24)
ENTROPY = 20
API = "https://api.xero.com/api.xro/2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One request to the app and what was wrong with its answer, if anything."""

    at: datetime
    events: int
    status: int = 0  # 0: no answer in time.
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A sort of record whose changes are told."""

    name: str
    path: str
    id_name: str
    tells_more: bool  # Whether type and status come with the event.
    table: Callable[[Books], Table]


CATEGORIES = (
    Category(
        name="CONTACT",
        path="Contacts",
        id_name="ContactID",
        tells_more=False,
        table=lambda books: books.contacts,
    ),
    Category(
        name="INVOICE",
        path="Invoices",
        id_name="InvoiceID",
        tells_more=False,
        table=lambda books: books.invoices,
    ),
    Category(
        name="CREDITNOTE",
        path="CreditNotes",
        id_name="CreditNoteID",
        tells_more=True,
        table=lambda books: books.credit_notes,
    ),
)


class Webhooks:
    """The app's subscription; nothing is sent but by `subscribe` and `deliver`."""

    def __init__(self, all_books: Callable[[], list[Books]], clock: SimClock, key: str) -> None:
        self.key = key
        self.url = ""
        self.state = "off"  # off, ok, refused or disabled.
        self.deliveries: list[Delivery] = []
        self.patience = PATIENCE
        self._all_books = all_books
        self._clock = clock
        self._seen: dict[str, datetime] = {}
        self._waiting: list[Record] = []
        self._sequence = 0
        self._failing_since: datetime | None = None
        self._next_try: datetime | None = None

    def subscribe(self, url: str) -> list[str]:
        """Set the address and test it; return what was wrong, nothing when it may receive.

        Raises ValueError for an address that is not on this machine.
        """
        if (urlsplit(url).hostname or "") not in LOCAL:
            raise ValueError(f"{url} is not on this machine; deliveries stay on it.")
        self.url = url
        if self.state == "off":
            self._collect()
            self._waiting.clear()
        wrong = [self._probe(good=good) for good in (True, False, True, False)]
        self.state = "refused" if any(wrong) else "ok"
        self._failing_since = self._next_try = None
        return [one for one in wrong if one]

    def deliver(self, *, twice: bool = False, newest_first: bool = False) -> Delivery | None:
        """Send what changed since the last time, all in one call; None when nothing is due.

        `twice` delivers it again, `newest_first` out of order: both happen with Xero. A failed
        delivery is repeated at once, then no sooner than after 15 minutes, for a day.
        """
        if self.state == "ok":
            self._collect()
        now = self._clock.now()
        if self.state != "ok" or not self._waiting or (self._next_try and now < self._next_try):
            return None
        body = self._body(self._waiting[::-1] if newest_first else self._waiting)
        told = self._tell(body, len(self._waiting))
        told = self._tell(body, len(self._waiting)) if told.problem or twice else told
        self._settle(told, now)
        return told

    def _settle(self, told: Delivery, now: datetime) -> None:
        if not told.problem:
            self._waiting.clear()
            self._failing_since = self._next_try = None
            return
        self._failing_since = self._failing_since or now
        self._next_try = now + RETRY_AFTER
        if now - self._failing_since >= GIVEN_UP_AFTER:
            self.state = "disabled"

    def _collect(self) -> None:
        """Add an event for every record that is new or moved since it was last looked at."""
        for books in self._all_books():
            for category in CATEGORIES:
                for row in category.table(books).values():
                    self._look_at(books.tenant, category, row)

    def _look_at(self, tenant: str, category: Category, row: Record) -> None:
        record_id, at = row[category.id_name], row["UpdatedDateUTC"]
        before = self._seen.get(record_id)
        if before == at:
            return
        self._seen[record_id] = at
        self._sequence += 1
        event = {
            "resourceUrl": f"{API}/{category.path}/{record_id}",
            "resourceId": record_id,
            "tenantId": tenant,
            "tenantType": "ORGANISATION",
            "eventCategory": category.name,
            "eventType": "UPDATE" if before else "CREATE",
            "eventDateUtc": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}",
        }
        if category.tells_more:
            event["data"] = {"Type": row["Type"], "Status": row["Status"]}
        self._waiting.append(event)

    def _body(self, events: list[Record]) -> bytes:
        first = self._sequence - len(events) + 1 if events else 0
        letters = (secrets.choice(string.ascii_uppercase) for _ in range(ENTROPY))
        content = {
            "events": events,
            "firstEventSequence": first,
            "lastEventSequence": self._sequence if events else 0,
            "entropy": "".join(letters),
        }
        return json.dumps(content, separators=(",", ":")).encode()

    def _probe(self, *, good: bool) -> str:
        """Send one call of the test; the badly signed ones must be refused."""
        body = self._body([])
        signature = sign(body, self.key if good else f"{self.key} of somebody else")
        told = self._send(body, signature, 0)
        expected = 200 if good else 401
        if told.problem and told.status not in (200, 401):
            return told.problem
        if told.status != expected:
            what = "well" if good else "badly"
            return f"A {what} signed call was answered {told.status}, not {expected}."
        return told.problem if told.status == 200 else ""

    def _tell(self, body: bytes, events: int) -> Delivery:
        told = self._send(body, sign(body, self.key), events)
        self.deliveries.append(told)
        return told

    def _send(self, body: bytes, signature: str, events: int) -> Delivery:
        parts = urlsplit(self.url)
        line = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=self.patience)
        headers = {"Content-Type": "application/json", "x-xero-signature": signature}
        at = self._clock.now()
        try:
            line.request("POST", parts.path or "/", body, headers)
            answer = line.getresponse()
            problem = _problem(answer, answer.read())
        except (OSError, HTTPException) as error:
            return Delivery(at=at, events=events, problem=f"There was no answer: {error}")
        finally:
            line.close()
        return Delivery(at=at, events=events, status=answer.status, problem=problem)


def sign(body: bytes, key: str) -> str:
    """Return the signature of a body as it stands in `x-xero-signature`."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def _problem(answer: HTTPResponse, content: bytes) -> str:
    if content:
        return "The answer has a body."
    if answer.headers.get("Set-Cookie"):
        return "The answer sets a cookie."
    return "" if 200 <= answer.status < 300 else f"The answer was {answer.status}."
