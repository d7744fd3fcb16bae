"""The organisations, and the settings of one: lock dates, currencies, reset."""

from datetime import date

from werkzeug.wrappers import Response

from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid
from xero_bridge.simulator.xero.kernel.wire import parse_day
from xero_bridge.simulator.xero.page.visit import Visit, attempt, slug_of
from xero_bridge.simulator.xero.resource import currency

LOCKS = ("PeriodLockDate", "EndOfYearLockDate")


def organisations(visit: Visit) -> Response:
    """Show the organisations with the size of their books."""
    rows = []
    for organisation in visit.simulator.organisations:
        books = visit.simulator.books(organisation["OrganisationID"])
        sizes = {
            "invoices": len(books.invoices),
            "contacts": len(books.contacts),
            "payments": len(books.payments),
        }
        rows.append((slug_of(organisation), organisation, sizes))
    return visit.show("organisations.html", rows=rows)


def shown(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the settings of an organisation."""
    return visit.show(
        "settings.html",
        http=400 if wrong else 200,
        wrong=wrong,
        currencies=visit.books.currencies.values(),
        connections=[
            connection
            for connection in visit.simulator.grants.connections.values()
            if connection["tenantId"] == visit.books.tenant
        ],
    )


def set_locks(visit: Visit) -> Response:
    """Set or remove the lock dates."""
    wrong = attempt(visit, lambda: _lock(visit.books, visit.form()))
    return shown(visit, wrong) if wrong else visit.go("settings", "Lock dates set.")


def _lock(books: Books, form: dict[str, str]) -> None:
    books.set_organisation(**{name: _day(form.get(name)) for name in LOCKS})


def _day(text: str | None) -> date | None:
    found = parse_day(text) if text else None
    if text and found is None:
        raise Invalid(f"'{text}' is no date; write it as 2026-03-31.")
    return found


def add_currency(visit: Visit) -> Response:
    """Enable a currency."""
    wrong = attempt(visit, lambda: currency.add(visit.books, visit.input("Code", "Description")))
    return shown(visit, wrong) if wrong else visit.go("settings", "Currency added.")


def reset(visit: Visit) -> Response:
    """Reset the organisation: a new tenantId, connections gone."""
    visit.simulator.reset_organisation(visit.books.tenant)
    return Response(status=303, headers={"Location": "/"})
