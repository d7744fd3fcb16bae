"""Writing items: their taxes are sent by id, which only the list of taxes tells."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Json, Lookups
from xero_bridge.core.errors import Refused
from xero_bridge.core.remote import Batch
from xero_bridge.core.vocabulary import Verb
from xero_bridge.entities.tax import TAX
from xero_bridge.entities.wire import read
from xero_bridge.remotes.perfex import form, lists, rows
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.rows import Members

_TAXES = ("tax", "tax2")


def with_tax_ids(module: Module, batch: Batch) -> bytes:
    """The body of a batch with the ids of its taxes instead of their keys.

    Raises Refused for a tax that Perfex does not have (any more).
    """
    is_new = batch.verb is Verb.CREATE
    body: Json = dict(form.fields(batch.body)) if is_new else msgspec.json.decode(batch.body)
    wanted = {name: body[name] for name in _TAXES if name in body}
    if any(wanted.values()):
        ids = _ids(module)
        missing = [key for key in wanted.values() if key and key not in ids]
        if missing:
            raise Refused("refused_by_perfex", message=f"there is no tax {missing[0]} in Perfex")
        wanted = {name: ids.get(key, "0") for name, key in wanted.items()}
    body |= {name: id or "0" for name, id in wanted.items()}
    return form.encode(body) if is_new else msgspec.json.encode(body)


def _ids(module: Module) -> dict[str, str]:
    codec = TAX.perfex
    assert codec is not None
    with module.allowed(codec.path):
        listed = lists.plain(module.api, codec.path)
    return {
        read(codec, bytes(raw), Lookups()).id: rows.as_text(
            msgspec.json.decode(raw, type=Members).get("id")
        )
        for raw in listed
    }
