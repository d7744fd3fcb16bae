"""Contacts: the list, one contact, its edits."""

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.page.visit import Visit, attempt, slug_of
from xero_bridge.simulator.xero.resource import contact as contacts
from xero_bridge.simulator.xero.resource import contact_merge
from xero_bridge.simulator.xero.resource.invoice_view import due

EDITABLE = (
    "Name",
    "FirstName",
    "LastName",
    "EmailAddress",
    "AccountNumber",
    "TaxNumber",
    "CompanyNumber",
)


def listed(visit: Visit) -> Response:
    """Show contacts by name; archived ones on request."""
    query = visit.request.args.get("q", "").strip().lower()
    archived = visit.request.args.get("archived") == "1"
    rows = [
        row
        for row in visit.books.contacts.values()
        if (row["ContactStatus"] == "ARCHIVED") is archived
        and query in f"{row['Name']} {row.get('EmailAddress')} {row.get('ContactNumber')}".lower()
    ]
    rows.sort(key=lambda row: row["Name"].lower())
    return visit.show("contacts.html", rows=rows, query=query, archived=archived)


def new(visit: Visit) -> Response:
    """Show the form of a new contact, or create it."""
    if visit.request.method != "POST":
        return visit.show("contact_new.html", form={}, editable=EDITABLE)
    made: list[str] = []
    raw = visit.input(*EDITABLE)
    wrong = attempt(visit, lambda: made.append(contacts.create(visit.books, raw)))
    if wrong:
        form = visit.form()
        return visit.show("contact_new.html", http=400, wrong=wrong, form=form, editable=EDITABLE)
    return visit.go(f"contacts/{made[0]}", "Created.")


def one(visit: Visit, contact_id: str, wrong: tuple[str, ...] = ()) -> Response:
    """Show a contact with its documents, or save a person's edits of it."""
    books = visit.books
    row = _known(visit, contact_id)
    if visit.request.method == "POST" and not wrong:
        raw = visit.input(*EDITABLE)
        wrong = attempt(visit, lambda: contacts.update(books, contact_id, raw))
        if not wrong:
            return visit.go(f"contacts/{contact_id}", "Saved.")
    documents = books.invoices.find("contact", contact_id)
    return visit.show(
        "contact.html",
        http=400 if wrong else 200,
        wrong=wrong,
        row=row,
        editable=EDITABLE,
        others=[
            other
            for other in sorted(books.contacts.values(), key=lambda other: other["Name"])
            if other["ContactStatus"] == "ACTIVE" and other["ContactID"] != contact_id
        ],
        documents=[(document, due(document)) for document in documents[::-1][:100]],
    )


def change_status(visit: Visit, contact_id: str) -> Response:
    """Archive a contact, or restore it, which the API cannot do."""
    _known(visit, contact_id)
    raw = visit.input("ContactStatus")
    if raw.text("ContactStatus") == "ARCHIVED":
        wrong = attempt(visit, lambda: contacts.update(visit.books, contact_id, raw))
    else:
        wrong = attempt(visit, lambda: contacts.restore(visit.books, contact_id))
    if wrong:
        return one(visit, contact_id, wrong)
    return visit.go(f"contacts/{contact_id}", f"Now {raw.text('ContactStatus')}.")


def merge(visit: Visit, contact_id: str) -> Response:
    """Merge a contact into another, which keeps the documents of both."""
    _known(visit, contact_id)
    into = visit.form().get("Into", "")
    wrong = attempt(visit, lambda: contact_merge.merge(visit.books, contact_id, into))
    return one(visit, contact_id, wrong) if wrong else visit.go(f"contacts/{into}", "Merged.")


def deep_link(visit: Visit, contact_id: str) -> Response:
    """Find a contact by the id that stands in Xero's own addresses."""
    for organisation in visit.simulator.organisations:
        if contact_id.lower() in visit.simulator.books(organisation["OrganisationID"]).contacts:
            address = f"/o/{slug_of(organisation)}/contacts/{contact_id.lower()}"
            return Response(status=303, headers={"Location": address})
    raise KeyError(contact_id)


def _known(visit: Visit, contact_id: str) -> Record:
    row = visit.books.contacts.get(contact_id)
    if row is None:
        raise KeyError(contact_id)
    return row
