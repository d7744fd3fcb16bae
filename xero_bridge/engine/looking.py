"""Who is there: organisation and site are remembered, looked at again, and never mistaken."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.errors import Fatal
from xero_bridge.engine.context import Context, remembered

_DAILY = timedelta(hours=24)
#: How soon a site that lacks something is looked at again when a person asks for a run.
_SITE_LACKING = timedelta(hours=1)


def learn_about_sides(context: Context, *, sure: bool) -> None:
    """Organisation and site: remembered, read daily, and read in this minute before writing.

    Raises `Fatal` when it is not the pinned organisation, base currency or site.
    """
    facts = context.store.facts()
    known = remembered(facts, "organisation", Organisation)
    site = remembered(facts, "site", Site)
    looked_at = facts.get("organisation_at", "")
    if known is None or sure or _is_old(looked_at, context.started_at, _DAILY):
        known = _check_organisation(context, known, context.xero.organisation())
    if site is None or _is_due(context, site, facts.get("site_at", "")):
        site = _check_site(context, site, context.perfex.site())
    context.organisation, context.site = known, site


def _is_due(context: Context, site: Site, stamp: str) -> bool:
    """Daily; a person who waits for a kind that was off sees it as soon as its tables may be read.

    A refusal is remembered for an hour, so it is not asked for more often.
    """
    off = any(e.needs and e.needs not in site.capabilities for e in context.entities.values())
    kept = _SITE_LACKING if off and context.scope.by_person else _DAILY
    return _is_old(stamp, context.started_at, kept)


def _is_old(stamp: str, now: datetime, kept: timedelta) -> bool:
    return not stamp or now - datetime.fromisoformat(stamp) > kept


def _check_organisation(
    context: Context, pinned: Organisation | None, found: Organisation
) -> Organisation:
    if pinned is not None and pinned.id != found.id:
        raise Fatal("wrong_organisation", found=found.name, pinned=pinned.name)
    if pinned is not None and pinned.base_currency != found.base_currency:
        raise Fatal("base_currency_changed", found=found.base_currency, pinned=pinned.base_currency)
    _remember(context, "organisation", found)
    return found


def _check_site(context: Context, pinned: Site | None, found: Site) -> Site:
    currencies = {site.base_currency for site in (pinned, found) if site and site.base_currency}
    if pinned is not None and len(currencies) > 1:
        raise Fatal("wrong_site", found=found.base_currency, pinned=pinned.base_currency)
    _remember(context, "site", found)
    return found


def _remember(context: Context, name: str, value: msgspec.Struct) -> None:
    with context.store.atomically():
        context.store.remember(name, msgspec.json.encode(value).decode())
        context.store.remember(f"{name}_at", context.clock.now().isoformat())
