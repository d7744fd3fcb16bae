"""The REST API module of one site: what it can do and refused, its currencies and countries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import msgspec

from xero_bridge.core.books import Site
from xero_bridge.core.entity import Lookups
from xero_bridge.core.errors import NotConnected, Refused
from xero_bridge.remotes.perfex import lookups
from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.batch import Operation, Outcome
from xero_bridge.remotes.perfex.detect import detect_version
from xero_bridge.remotes.perfex.line_taxes import LineTaxes
from xero_bridge.remotes.perfex.memory import Memory
from xero_bridge.remotes.perfex.numbers import Numbers
from xero_bridge.remotes.perfex.problems import Gone, NoData

BATCH = "batch"
#: Capabilities of every generation 3 module.
_MODERN = frozenset({BATCH, "idempotency", "record_ids", "item_writes"})


class Module:
    """One site's API with what is remembered of it; looks things up once."""

    def __init__(self, api: Api, memory: Memory, *, tag: str, padding: int) -> None:
        """`memory` was learned with the token of `api` (see `Memory.for_token`)."""
        self.api = api
        self.memory = memory
        self._tag = tag
        self._padding = padding
        self._looked = False
        self.line_taxes = LineTaxes(self)
        self.numbers = Numbers()

    @property
    def modern(self) -> bool:
        """Whether it is of generation 3; asks the site when that is not known of today."""
        return self._detected().modern

    def site(self) -> Site:
        """The site as its API shows it."""
        known = self._looked_up()
        features = {name for name in _MODERN if known.modern and not self.refuses(name)}
        return Site(
            url=self.api.site,
            version=known.version,
            base_currency=known.base_currency,
            time_zone=known.time_zone,
            capabilities=known.proven | features,
            currencies={code: id for id, code in known.currencies.items()},
            countries=known.countries,
            country_codes=known.country_codes,
        )

    def lookups(self) -> Lookups:
        """What decoders need beside the record."""
        known = self._looked_up()
        base = known.base_currency
        return Lookups(
            currencies={**known.currencies, **({"0": base} if base else {})},
            countries=known.countries,
            base_currency=base,
            site_url=self.api.site,
            tag=self._tag,
            padding=self._padding,
            taxes=known.taxes,
        )

    def refuses(self, feature: str) -> bool:
        """Whether the feature was refused within the last hour."""
        return self.memory.refuses(feature, self.api.now())

    def refused(self, feature: str) -> None:
        """Remember that the feature is refused."""
        self.memory = self.memory.with_refusal(feature, self.api.now())

    def works(self, feature: str) -> None:
        """Remember that a feature which some tokens lack is there."""
        self.memory = msgspec.structs.replace(self.memory, proven=self.memory.proven | {feature})

    @contextmanager
    def allowed(self, feature: str) -> Iterator[None]:
        """While open, a refusal of the token is remembered.

        Raises Refused at once while one is remembered; NotConnected for an unknown address.
        """
        if self.refuses(feature):
            raise Refused("perfex_forbidden", message=f"{feature} was refused within the hour")
        try:
            yield
        except Gone as error:
            raise NotConnected("perfex_no_api", url=f"{self.api.site}/api/{feature}") from error
        except Refused as error:
            if error.reason == "perfex_forbidden":
                self.refused(feature)
            raise

    def check_alive(self) -> None:
        """Nothing when the site answers a small question; else raises what is wrong with it."""
        with suppress(NoData, Refused):
            self.api.read("common", "tax_data")

    def batch(
        self, operations: Sequence[Operation], *, writes: bool = False
    ) -> Sequence[Outcome] | None:
        """The outcomes of the operations, None where this module or token has no batches."""
        if not self.modern or self.refuses(BATCH):
            return None
        try:
            outcomes = self.api.batch(operations, writes=writes)
        except (Gone, Refused):
            self.refused(BATCH)
            return None
        return outcomes if len(outcomes) == len(operations) else None

    def _detected(self) -> Memory:
        now = self.api.now()
        if not self.memory.knows_version(now):
            version = detect_version(self.api)
            self.memory = msgspec.structs.replace(self.memory, version=version, detected_at=now)
        return self.memory

    def _looked_up(self) -> Memory:
        now = self.api.now()
        known = self._detected()
        if not (self._looked or known.knows_lookups(now)):
            found = lookups.find(self)
            self._looked = True
            self.memory = msgspec.structs.replace(
                self.memory,
                currencies=found.currencies or known.currencies,
                base_currency=found.base_currency or known.base_currency,
                countries=found.countries or known.countries,
                country_codes=found.country_codes or known.country_codes,
                time_zone=found.time_zone or known.time_zone,
                taxes=_remembered(found.taxes, known.taxes),
                looked_up_at=now,
            )
        return self.memory


def _remembered(now: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """The taxes of now, and those of before whose rate none has any more: invoices bear them yet.

    A tax that was renamed is not kept: the totals of an invoice would fit both names.
    """
    rates = {key.rpartition("|")[2] for key in now}
    return (*now, *(key for key in before if key.rpartition("|")[2] not in rates))
