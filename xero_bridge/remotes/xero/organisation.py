"""The organisation of this minute: identity, base currency, lock dates."""

from __future__ import annotations

import msgspec

from xero_bridge.core.books import Organisation
from xero_bridge.core.errors import Retriable
from xero_bridge.entities.dates import xero_day


class XeroOrganisation(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """`GET /Organisation` as Xero writes it; lock dates only when they are set."""

    organisation_id: str = msgspec.field(name="OrganisationID")
    name: str
    base_currency: str
    country_code: str | None = ""
    version: str | None = ""
    short_code: str | None = ""
    is_demo_company: bool | None = False
    class_: str | None = msgspec.field(default="", name="Class")
    period_lock_date: str | None = None
    end_of_year_lock_date: str | None = None


def organisation_of(raw: bytes) -> Organisation:
    """The organisation from its row; raises Retriable when it cannot be read."""
    try:
        wire = msgspec.json.decode(raw, type=XeroOrganisation)
        return Organisation(
            id=wire.organisation_id,
            name=wire.name,
            base_currency=wire.base_currency,
            country=wire.country_code or "",
            version=wire.version or "",
            short_code=wire.short_code or "",
            is_demo=bool(wire.is_demo_company),
            class_=wire.class_ or "",
            period_lock=xero_day(None, wire.period_lock_date),
            year_lock=xero_day(None, wire.end_of_year_lock_date),
        )
    except (msgspec.DecodeError, ValueError) as error:
        raise Retriable("not_readable", side="Xero", message=str(error)) from error
