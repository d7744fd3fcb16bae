"""Writes to Perfex, one record per call, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from xero_bridge.core.entity import Codec, Payload
from xero_bridge.core.errors import BridgeError, Refused, Unknown
from xero_bridge.core.record import Seen
from xero_bridge.core.remote import Batch, NotWritten, Result, Written
from xero_bridge.core.vocabulary import Kind, Verb
from xero_bridge.entities.document.record import Document
from xero_bridge.remotes.perfex import customers, form, invoice_edits, invoices
from xero_bridge.remotes.perfex.api import FORM, JSON
from xero_bridge.remotes.perfex.items import with_tax_ids
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.newcomers import Newcomers
from xero_bridge.remotes.perfex.payment import NOT_DATED, date_payment, find_payment
from xero_bridge.remotes.perfex.problems import Gone

ReadBack = Callable[[str], Seen | None]


def compose(verb: Verb, payload: Payload) -> bytes:
    """Bytes that every version reads: a form for what is new, JSON for what changes."""
    return form.encode(payload.body) if verb is Verb.CREATE else msgspec.json.encode(payload.body)


def send(module: Module, codec: Codec, batch: Batch, read_back: ReadBack) -> Result:
    """Send a batch of one. Raises Unknown when nobody can say what became of it."""
    try:
        with module.allowed(f"{batch.verb} {codec.path}"):
            match batch.verb:
                case Verb.CREATE:
                    return _create(module, codec, batch, read_back)
                case Verb.DELETE:
                    return _delete(module, codec, batch)
                case _:
                    return _change(module, codec, batch, read_back)
    except Refused as refusal:
        return NotWritten(reason=refusal.reason, message=str(refusal.details.get("message", "")))


def _create(module: Module, codec: Codec, batch: Batch, read_back: ReadBack) -> Written:
    key = batch.key if module.modern else ""
    newcomers = None if module.modern else Newcomers(module, codec)
    body = with_tax_ids(module, batch) if batch.kind is Kind.ITEM else batch.body
    try:
        if batch.kind is Kind.INVOICE:
            answer, body = invoices.post(module, codec, batch, key)
        else:
            answer = module.api.write("POST", codec.path, body=body, content=FORM, key=key)
        id = _record_id(answer) or _found(module, batch, newcomers, body)
    except Unknown:
        id = _found(module, batch, newcomers, body)
        if not id:
            raise
    if not id:
        raise Unknown("not_readable", side="Perfex", message="the answer names no record")
    dated = batch.kind is not Kind.PAYMENT or date_payment(module, id, form.fields(batch.body))
    warnings = () if dated else (NOT_DATED,)
    return _written(id, _looked_at(read_back, id), warnings)


def _written(id: str, seen: Seen | None, warnings: tuple[str, ...] = ()) -> Written:
    """What was written, with the figures of a document as Perfex shows them."""
    record = seen.record if seen else None
    if isinstance(record, Document):
        total, tax = record.total, record.total_tax
        return Written(id=id, seen=seen, total=total, tax=tax, warnings=warnings)
    return Written(id=id, seen=seen, warnings=warnings)


def _record_id(answer: dict[str, Any]) -> str:
    for name in ("record_id", "item_id", "id"):
        value = answer.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value:
            return str(value)
    return ""


def _found(module: Module, batch: Batch, newcomers: Newcomers | None, body: bytes) -> str:
    """The record by its own mark, where it can be looked for at once; else empty."""
    if batch.kind is not Kind.PAYMENT:
        return newcomers.found(body) if newcomers else ""
    try:
        return find_payment(module, form.fields(batch.body))
    except (BridgeError, Gone):
        return ""  # Looking is a help only: the journal explains it later.


def _change(module: Module, codec: Codec, batch: Batch, read_back: ReadBack) -> Written:
    """PUT, judged by reading back: the module calls it a failure when nothing was different."""
    (member,) = batch.members
    if batch.kind is Kind.CUSTOMER:
        customers.change(module, codec, batch)
        return Written(id=member.target_id, seen=_looked_at(read_back, member.target_id))
    if batch.kind is Kind.INVOICE:
        invoice_edits.change(module, codec, batch)
        return _written(member.target_id, _looked_at(read_back, member.target_id))
    body = with_tax_ids(module, batch) if batch.kind is Kind.ITEM else batch.body
    try:
        module.api.write("PUT", codec.path, member.target_id, body=body, content=JSON)
    except Refused as refusal:
        if refusal.details.get("status") != 404:
            raise
    return Written(id=member.target_id, seen=_looked_at(read_back, member.target_id))


def _delete(module: Module, codec: Codec, batch: Batch) -> Written:
    (member,) = batch.members
    module.api.write("DELETE", codec.path, member.target_id)
    return Written(id=member.target_id)


def _looked_at(read_back: ReadBack, id: str) -> Seen | None:
    """The record as it is now; None where it cannot be read now: it was written all the same.

    Not even a site that has gone away since may pass for one where nothing was written.
    """
    try:
        return read_back(id)
    except (BridgeError, Gone):
        return None
