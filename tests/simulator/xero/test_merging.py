"""Merged contacts: one keeps all documents, the other points at it (trap 6 of a client)."""

from tests.simulator.xero.client import Api
from tests.simulator.xero.documents import contact_id, made, spent
from tests.simulator.xero.test_pages import BOOKS, Person
from xero_bridge.simulator.common import Server


def test_a_merged_contact_is_archived_points_on_and_leaves_its_documents(
    server: Server, api: Api
) -> None:
    person = Person(server.url)
    gone, kept = contact_id(api, "Bayside Sailing Club"), contact_id(api, "City Limousines")
    invoice, note = api.invoice(), made(api)
    here = f"{BOOKS}/contacts/{gone}"
    assert "Merge into" in person.look(here)
    assert "City Limousines" in person.send(f"{here}/merge", {"Into": kept})
    (read,) = api.get(f"Contacts/{gone}")
    assert (read["ContactStatus"], read["MergedToContactID"]) == ("ARCHIVED", kept)
    assert "Merged into" in person.look(here)
    (moved,) = api.get(f"Invoices/{invoice['InvoiceID']}")
    assert moved["Contact"]["ContactID"] == kept
    assert moved["UpdatedDateUTC"] == invoice["UpdatedDateUTC"]
    assert api.get(f"CreditNotes/{note['CreditNoteID']}")[0]["Contact"]["ContactID"] == kept
    assert api.get(f"Contacts/{kept}")[0]["IsCustomer"] is True
    body = spent(Contact={"ContactID": gone})
    assert "has been archived" in api.refused("PUT", "BankTransactions", body)[0]


def test_a_merge_needs_two_active_contacts_and_is_not_taken_back(server: Server, api: Api) -> None:
    person = Person(server.url)
    gone, kept = contact_id(api, "Bayside Sailing Club"), contact_id(api, "City Limousines")
    here = f"{BOOKS}/contacts/{gone}"
    assert "Choose another contact" in person.refused(f"{here}/merge", {"Into": gone})
    person.send(f"{here}/merge", {"Into": kept})
    assert "archived" in person.refused(f"{here}/merge", {"Into": kept})
    assert "cannot be restored" in person.refused(f"{here}/status", {"ContactStatus": "ACTIVE"})
