"""One request of a browser for a playground page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import BadCall, Invalid
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.template import page

if TYPE_CHECKING:
    from xero_bridge.simulator.xero.app import XeroSimulator

TABS = (
    ("invoices", "Invoices"),
    ("bills", "Bills"),
    ("payments", "Payments"),
    ("credit-notes", "Credits"),
    ("bank-transactions", "Bank"),
    ("purchase-orders", "Orders"),
    ("contacts", "Contacts"),
    ("items", "Items"),
    ("accounts", "Accounts"),
    ("tax-rates", "Tax rates"),
    ("settings", "Settings"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The request and, below an organisation's address, its books."""

    simulator: "XeroSimulator"
    request: Request
    slug: str = ""
    open_books: Books | None = None

    @property
    def books(self) -> Books:
        """The books of the organisation in the address."""
        assert self.open_books is not None, "this page belongs to an organisation"
        return self.open_books

    def form(self) -> dict[str, str]:
        """Return the fields that were filled in."""
        return {name: text.strip() for name, text in self.request.form.items() if text.strip()}

    def input(self, *names: str) -> Input:
        """Return the named fields as the API would get them; an emptied field is sent empty."""
        form = self.request.form
        return Input({name: form[name].strip() for name in names if name in form}, "Form")

    def show(self, template: str, *, http: int = 200, **values: object) -> Response:
        """Answer with a page of this organisation."""
        return page(
            template,
            status=http,
            slug=self.slug,
            tabs=TABS,
            here=self.request.path,
            organisation=self.books.organisation if self.open_books else None,
            organisations=[(slug_of(one), one) for one in self.simulator.organisations],
            done=self.request.args.get("done", ""),
            **{"wrong": (), **values},
        )

    def go(self, path: str, done: str = "") -> Response:
        """Send the browser to a page of this organisation, with a word on what was done."""
        query = f"?{urlencode({'done': done})}" if done else ""
        address = f"/o/{self.slug}/{path}{query}"
        return Response(status=303, headers={"Location": address})


Page: TypeAlias = Callable[..., Response]


def attempt(visit: Visit, act: Callable[[], object]) -> tuple[str, ...]:
    """Carry out a person's act as one change; return Xero's messages when it is refused."""
    try:
        with visit.simulator.store.transaction():
            act()
    except Invalid as error:
        return error.messages
    except BadCall as error:
        return (str(error),)
    return ()


def slug_of(organisation: Record) -> str:
    """Return an organisation's name as it stands in addresses."""
    return re.sub(r"[^a-z0-9]+", "-", organisation["Name"].lower()).strip("-")
