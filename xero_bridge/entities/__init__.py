"""The kinds of records, in the order in which they depend on each other."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.reasons import learn
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.account import ACCOUNT
from xero_bridge.entities.credit_note import CREDIT_NOTE
from xero_bridge.entities.currency import CURRENCY
from xero_bridge.entities.customer import CUSTOMER
from xero_bridge.entities.expense import EXPENSE
from xero_bridge.entities.expense_category import EXPENSE_CATEGORY
from xero_bridge.entities.invoice import INVOICE
from xero_bridge.entities.item import ITEM
from xero_bridge.entities.payment import PAYMENT
from xero_bridge.entities.payment_mode import PAYMENT_MODE
from xero_bridge.entities.purchase_order import PURCHASE_ORDER
from xero_bridge.entities.tax import TAX
from xero_bridge.entities.vendor import VENDOR

ENTITIES: Mapping[Kind, Entity] = {
    entity.kind: entity
    for entity in (
        CURRENCY,
        ACCOUNT,
        TAX,
        PAYMENT_MODE,
        EXPENSE_CATEGORY,
        CUSTOMER,
        VENDOR,
        ITEM,
        INVOICE,
        CREDIT_NOTE,
        PAYMENT,
        EXPENSE,
        PURCHASE_ORDER,
    )
}

for _entity in ENTITIES.values():
    learn(_entity.says)

_ENCODER = msgspec.json.Encoder()
_DECODERS = {kind: msgspec.json.Decoder(entity.record) for kind, entity in ENTITIES.items()}


def encode_record(record: Record) -> bytes:
    """The record as JSON for the store; the same values always give the same bytes."""
    return _ENCODER.encode(record)


def decode_record(kind: Kind, raw: bytes) -> Record:
    """The stored record; raises msgspec.ValidationError for bytes of another kind or older form."""
    return _DECODERS[kind].decode(raw)
