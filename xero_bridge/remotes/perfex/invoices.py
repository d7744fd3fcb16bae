"""Writing invoices: the number is given when they are sent, addresses are those of the customer."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from xero_bridge.core.entity import Codec, Json
from xero_bridge.core.errors import Refused
from xero_bridge.core.remote import Batch
from xero_bridge.entities.text import clean, perfex_lines
from xero_bridge.remotes.perfex import form, rows
from xero_bridge.remotes.perfex.api import FORM
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import NoData
from xero_bridge.remotes.perfex.sources import Resource

#: Numbers tried above the highest known one: other people make invoices at the same time.
_TRIES = 20
#: Perfex wants a street; this one says that there is none.
NO_STREET = "-"
_STREET = 191
_ADDRESS = tuple(f"billing_{part}" for part in ("street", "city", "state", "zip", "country"))


def post(module: Module, codec: Codec, batch: Batch, key: str) -> tuple[dict[str, Any], bytes]:
    """POST an invoice under the year's next number; the answer, and the body that was taken.

    A number that is in use was surely not taken: the next one is tried, under another key, as
    module 3 answers a repeated key with its first answer. Raises Refused and Unknown.
    """
    pairs = parse_qsl(batch.body.decode("ascii"), keep_blank_values=True)
    sent = form.fields(batch.body)
    year = sent.get("date", "")[:4]
    _learn_numbers(module, codec)
    address = _address_of(module, sent.get("clientid", ""))
    for _try in range(_TRIES):
        number = module.numbers.next(year)
        body = urlencode([*pairs, ("number", str(number)), *address.items()]).encode("ascii")
        attempt = f"{key}-{number}" if key else ""
        try:
            answer = module.api.write("POST", codec.path, body=body, content=FORM, key=attempt)
        except Refused as refusal:
            if "already in use" not in str(refusal.details.get("message", "")).lower():
                raise
            module.numbers.use(year, number)
            continue
        module.numbers.use(year, number)
        return answer, body
    raise Refused("refused_by_perfex", message=f"no number of {year} is free", status=404)


def _learn_numbers(module: Module, codec: Codec) -> None:
    """The numbers go by when the list is read for its changes; here it may not have been."""
    if module.numbers.complete:
        return
    for page in Resource(module, codec).pages():
        for row in page:
            module.numbers.note(msgspec.json.decode(row.raw, type=rows.Members))
    module.numbers.complete = True


def _address_of(module: Module, customer: str) -> dict[str, str]:
    """The billing address of a customer as an invoice copies them; a missing street is stated."""
    shown: Json = {}
    try:
        top, _ = module.api.read("customers", customer, query=module.api.uncached())
        shown = msgspec.json.decode(rows.clean_top(top))
    except NoData:
        pass  # The module says so itself, in its own words.
    found = {name: clean(str(shown.get(name) or "")) for name in _ADDRESS}
    if not found["billing_street"]:
        found["billing_street"] = clean(str(shown.get("address") or "")) or NO_STREET
    found["billing_street"] = perfex_lines(found["billing_street"], _STREET) or NO_STREET
    return {name: text for name, text in found.items() if text}
