"""Elements as our encoders send them, and batches of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tests.remotes.xero.conftest import SITE
from xero_bridge.core.entity import Payload
from xero_bridge.core.remote import Batch, Member, NotWritten, Written
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.remotes.xero.client import XeroClient


def contact(number: int, name: str | None = None) -> Payload:
    mark = f"PX-C-{number}"
    return Payload(body={"Name": name or f"Customer {number}", "ContactNumber": mark}, mark=mark)


def invoice(number: int, contact_id: str, **more: Any) -> Payload:
    mark = f"{SITE}/admin/invoices/list_invoices/{number}"
    body = {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact_id},
        "InvoiceNumber": f"INV-{number:06}",
        "Date": "2026-08-03",
        "DueDate": "2026-08-17",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "Url": mark,
        "LineItems": [
            {
                "Description": "Joinery hours",
                "Quantity": Decimal("3.0000"),
                "UnitAmount": Decimal("45.5000"),
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
            }
        ],
    }
    return Payload(body={**body, **more}, mark=mark)


def payment(number: int, invoice_id: str, amount: str = "163.80", **more: Any) -> Payload:
    mark = f"PX-PAY-{number}"
    body = {
        "Invoice": {"InvoiceID": invoice_id},
        "Account": {"Code": "090"},
        "Date": "2026-08-10",
        "Amount": Decimal(amount),
        "Reference": mark,
    }
    return Payload(body={**body, **more}, mark=mark)


def batch_of(
    client: XeroClient,
    kind: Kind,
    payloads: Sequence[Payload],
    verb: Verb = Verb.CREATE,
    target: str = "",
) -> Batch:
    return Batch(
        side=Side.XERO,
        kind=kind,
        verb=verb,
        body=client.compose(kind, verb, payloads),
        key=uuid4().hex,
        members=tuple(Member(mark=each.mark, target_id=target) for each in payloads),
        created_at=datetime.now(UTC),
    )


def written(client: XeroClient, kind: Kind, *payloads: Payload) -> list[Written]:
    results = client.send(batch_of(client, kind, payloads))
    assert not [each for each in results if isinstance(each, NotWritten)]
    return [each for each in results if isinstance(each, Written)]


def changed(client: XeroClient, kind: Kind, target: str, body: dict[str, Any], verb: Verb) -> Any:
    (result,) = client.send(batch_of(client, kind, [Payload(body=body)], verb, target))
    return result
