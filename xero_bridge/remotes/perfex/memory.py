"""What is remembered of a site between runs, so that idle polls ask nothing twice."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec

#: Refusals count towards a lockout of the address (20 in 15 minutes), so they are not provoked.
_BELIEVED = timedelta(hours=1)
_VERSION_KEPT = timedelta(days=1)
#: One call looks everything up on modern modules; older ones list all invoices for it.
_MODERN_KEPT, _OLD_KEPT = timedelta(hours=1), timedelta(days=1)


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """The module's version, what it refused and when, currencies and countries: no secrets.

    `msgspec.json.encode` and `decode` carry it over; it is forgotten when the token changes.
    """

    #: Fingerprint of the token that all this was learned with.
    token: str = ""
    #: `3.0.3`, or `2.x` where the module tells none; empty when not looked at yet.
    version: str = ""
    detected_at: datetime | None = None
    #: Feature (`batch`, `contacts_list`, `table:tblcurrencies`) -> when it was last refused.
    refused: dict[str, datetime] = {}
    #: Features that were seen to work though some tokens lack them (`payment_dates`).
    proven: frozenset[str] = frozenset()
    #: Perfex currency id -> ISO code, and country id -> short name.
    currencies: dict[str, str] = {}
    base_currency: str = ""
    countries: dict[str, str] = {}
    #: Two-letter code -> Perfex country id.
    country_codes: dict[str, str] = {}
    time_zone: str = ""
    #: Keys of the taxes: no module shows those of all lines.
    taxes: tuple[str, ...] = ()
    looked_up_at: datetime | None = None

    @property
    def modern(self) -> bool:
        """Whether the module is of generation 3 (record ids, batch, idempotency keys)."""
        return self.version.partition(".")[0].isdigit() and int(self.version.split(".")[0]) >= 3

    def knows_version(self, now: datetime) -> bool:
        """Whether the version was looked at within the day."""
        at = self.detected_at
        return bool(self.version) and at is not None and now - at < _VERSION_KEPT

    def knows_lookups(self, now: datetime) -> bool:
        """Whether currencies and the like were looked up lately, and found."""
        kept = _MODERN_KEPT if self.modern else _OLD_KEPT
        at = self.looked_up_at
        return bool(self.base_currency) and at is not None and now - at < kept

    def refuses(self, feature: str, now: datetime) -> bool:
        """Whether the feature was refused within the last hour."""
        at = self.refused.get(feature)
        return at is not None and now - at < _BELIEVED

    def with_refusal(self, feature: str, now: datetime) -> Memory:
        """The same, with one more refusal."""
        refused = {**self.refused, feature: now}
        return msgspec.structs.replace(self, refused=refused, proven=self.proven - {feature})

    def for_token(self, mark: str) -> Memory:
        """The same if it was learned with the token of this fingerprint, else an empty one."""
        return self if self.token == mark else Memory(token=mark)


def fingerprint(token: str) -> str:
    """A few characters that tell tokens apart and cannot be turned back into one."""
    return hashlib.blake2b(token.encode(), digest_size=6, person=b"perfex-token").hexdigest()
