"""Records that a module made without saying under which id: those that were not there before."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from xero_bridge.core.entity import Codec, Json
from xero_bridge.core.errors import BridgeError
from xero_bridge.entities.text import clean
from xero_bridge.remotes.perfex import form
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.rows import Row
from xero_bridge.remotes.perfex.sources import Resource

#: What of a record was sent as it is listed, and tells it from another new one.
_TOLD: Mapping[str, tuple[str, ...]] = {
    "customers": ("company",),
    "expenses": ("note",),
    "invoices": ("clientid", "number", "date"),
}


class Newcomers:
    """The list of one kind before a create, and what came since. For modules that tell no ids."""

    def __init__(self, module: Module, codec: Codec) -> None:
        """Read the ids that are there now; raises what reading a list raises."""
        self._source = Resource(module, codec)
        self._told = _TOLD.get(codec.path, ())
        self._before = (
            {row.id for page in self._source.pages() for row in page} if self._told else set()
        )

    def found(self, body: bytes) -> str:
        """The id of the only new record that agrees with what was sent; else empty."""
        if not self._told:
            return ""
        sent = form.fields(body)
        try:
            new = [
                row for page in self._source.pages() for row in page if row.id not in self._before
            ]
        except BridgeError:
            return ""  # Looking is a help only: the journal explains it later.
        same = [row.id for row in new if self._agrees(row, sent)]
        return same[0] if len(same) == 1 else ""

    def _agrees(self, row: Row, sent: Mapping[str, str]) -> bool:
        shown: Json = msgspec.json.decode(row.raw)
        return all(clean(str(shown.get(name))) == clean(sent.get(name, "")) for name in self._told)
