"""Where a person finds a record: its page in Perfex and in Xero."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.ports import Store
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.context import remembered
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.services import Services

_XERO_API, _XERO_SITE = "api.xero.com", "https://go.xero.com"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The addresses of one connection's records; empty where a record has no page."""

    site_url: str
    xero_site: str
    short_code: str

    def of(self, key: Key | None) -> str:
        """The page of a record in its own system."""
        path = ENTITIES[key.kind].pages.get(key.side, "") if key and key.id else ""
        if key is None or not path:
            return ""
        page = path.format(id=key.id)
        return self._in_perfex(page) if key.side is Side.PERFEX else self._in_xero(page)

    def _in_perfex(self, page: str) -> str:
        return f"{self.site_url}/{page}" if self.site_url else ""

    def _in_xero(self, page: str) -> str:
        """Xero's guide to deep links: by way of its sign-in page."""
        if not self.short_code:
            return ""
        target = quote(f"/{page}", safe="/")
        code = quote(self.short_code, safe="!")
        login = "organisationlogin/default.aspx"
        return f"{self.xero_site}/{login}?shortcode={code}&redirecturl={target}"


def addresses(services: Services, store: Store) -> Addresses:
    """The addresses of a connection, as far as its sides were read."""
    facts = store.facts()
    site = remembered(facts, "site", Site)
    organisation = remembered(facts, "organisation", Organisation)
    api = urlsplit(services.environment.xero_api_url)
    xero_site = _XERO_SITE if api.hostname == _XERO_API else f"{api.scheme}://{api.netloc}"
    return Addresses(
        site_url=site.url.rstrip("/") if site else "",
        xero_site=xero_site,
        short_code=organisation.short_code if organisation else "",
    )
