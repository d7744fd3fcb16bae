"""Changing invoices: a PUT resets what it is not sent, and may double lines on some versions."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from xero_bridge.core.entity import Codec, Json
from xero_bridge.core.errors import Refused, Unknown
from xero_bridge.core.remote import Batch
from xero_bridge.entities.text import clean
from xero_bridge.remotes.perfex import rows
from xero_bridge.remotes.perfex.api import JSON
from xero_bridge.remotes.perfex.invoices import NO_STREET
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import NoData

#: Header columns that a PUT demands or resets: they are sent again as they are.
_KEPT = (
    "clientid",
    "number",
    "date",
    "duedate",
    "currency",
    "subtotal",
    "total",
    "adjustment",
    "discount_percent",
    "discount_total",
    "discount_type",
    "billing_street",
)
_SHIPPING = tuple(f"shipping_{part}" for part in ("street", "city", "state", "zip", "country"))
#: Columns whose presence alone says yes.
_FLAGS = ("cancel_overdue_reminders", "include_shipping")
#: A PHP list of texts as its column keeps it, or as the documentation shows it.
_QUOTED = re.compile(r"""["']([^"']*)["']""")


def change(module: Module, codec: Codec, batch: Batch) -> None:
    """PUT the invoice whole with what changes, all its lines replaced; mended once if doubled.

    The body holds header columns, and either `newitems` or, where the lines stay, their taxes in
    `kept`. Raises Refused, and Unknown where it cannot be told what became of it.
    """
    (member,) = batch.members
    sent: Json = msgspec.json.decode(batch.body)
    now = _shown(module, codec, member.target_id)
    wanted = _lines(now, sent)
    _put(module, codec, member.target_id, _whole(now, sent, wanted))
    after = _shown(module, codec, member.target_id)
    if len(_items(after)) != len(wanted):
        _put(module, codec, member.target_id, _whole(after, {}, wanted))
        if len(_items(_shown(module, codec, member.target_id))) != len(wanted):
            raise Unknown("not_readable", side="Perfex", message="its lines are not as sent")


def _put(module: Module, codec: Codec, id: str, body: Json) -> None:
    try:
        content = msgspec.json.encode(body)
        module.api.write("PUT", codec.path, id, body=content, content=JSON)
    except Refused as refusal:
        # The module calls it a failure when nothing was different: reading back tells.
        if refusal.details.get("status") != 404:
            raise


def _shown(module: Module, codec: Codec, id: str) -> Json:
    """The invoice as it is this minute."""
    try:
        top, _ = module.api.read(codec.path, id, query=module.api.uncached())
    except NoData as error:
        message = f"invoice {id} is not there"
        raise Refused("refused_by_perfex", message=message, status=404) from error
    found: Json = msgspec.json.decode(rows.clean_top(top))
    return found


def _whole(now: Json, sent: Json, lines: Sequence[Json]) -> Json:
    """The header as it is with what changes, and the pattern that every version understands.

    `items` names one line, so that the module does not take it for a list of new ones; all lines
    that are there are removed before, the wanted ones are added.
    """
    kept = {name: _text(now, name) for name in _KEPT}
    flags = {name: "1" for name in _FLAGS if _text(now, name) == "1"}
    shipping = {name: _text(now, name) for name in _SHIPPING} if "include_shipping" in flags else {}
    header = {**kept, **flags, **shipping}
    header |= {name: value for name, value in sent.items() if name not in {"newitems", "kept"}}
    header["billing_street"] = header["billing_street"] or NO_STREET
    header["adjustment"] = header["adjustment"] or "0.00"
    items = _items(now)
    return {
        **{name: value for name, value in header.items() if name != "duedate" or value},
        "allowed_payment_modes": _modes(now),
        "items": [_edited(line) for line in items[:1]],
        "newitems": list(lines),
        "removed_items": [str(line["id"]) for line in items],
    }


def _lines(now: Json, sent: Json) -> list[Json]:
    """The wanted lines: those sent, or those that are there with the taxes that they bear."""
    items = _items(now)
    if "newitems" in sent:
        units = {clean(_text(line, "description")): _text(line, "unit") for line in items}
        return [{**line, "unit": units.get(line["description"], "")} for line in sent["newitems"]]
    if len(sent["kept"]) != len(items):
        raise Refused("refused_by_perfex", message="its lines have changed meanwhile", status=409)
    pairs = zip(items, sent["kept"], strict=True)
    return [
        {**_content(line), "order": str(place), **({"taxname": names} if names else {})}
        for place, (line, told) in enumerate(pairs, 1)
        for names in [told["taxname"]]
    ]


def _items(now: Json) -> list[Json]:
    """The lines in the order in which they are shown."""
    found: list[Json] = now.get("items") or []
    return sorted(found, key=lambda line: (_whole_number(line, "item_order"), int(line["id"])))


def _whole_number(line: Json, name: str) -> int:
    text = _text(line, name)
    return int(text) if text.isdigit() else 0


def _edited(line: Json) -> Json:
    order = _text(line, "item_order") or "1"
    return {"itemid": str(line["id"]), "order": order, **_content(line)}


def _content(line: Json) -> Json:
    texts = {name: clean(_text(line, name)) for name in ("description", "long_description")}
    return {**texts, **{name: _text(line, name) for name in ("qty", "rate", "unit")}}


def _modes(now: Json) -> list[str]:
    """The payment modes that are allowed, as a list again; the column holds a text of PHP."""
    kept = now.get("allowed_payment_modes")
    if isinstance(kept, list):
        return [str(mode) for mode in kept]
    return _QUOTED.findall(str(kept or "")) or ["1"]


def _text(row: Json, name: str) -> str:
    value = row.get(name)
    plain = "" if value is None else str(value)
    return clean(plain) if name.startswith(("billing_", "shipping_")) else plain
