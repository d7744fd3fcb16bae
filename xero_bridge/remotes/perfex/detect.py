"""Which generation of the module answers, found out without provoking a refusal."""

from __future__ import annotations

from typing import Any

from xero_bridge.core.errors import NotConnected, Refused
from xero_bridge.remotes.perfex import parse
from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.problems import Gone, NoData

#: The version of modules that tell none.
OLD = "2.x"


def detect_version(api: Api) -> str:
    """The module's version, `2.x` where it tells none.

    Raises NotConnected when no REST API module answers, or when it refuses the token.
    """
    try:
        top, _ = api.read("openapi")
    except (Gone, NoData):
        return _old(api)
    except NotConnected as error:
        if error.reason != "perfex_not_json":
            raise
        return _old(api)
    told = _version(parse.value(top["info"])) if isinstance(top, dict) and "info" in top else ""
    return told or _old(api)


def _old(api: Api) -> str:
    """A 2.x module has no description of itself, but knows the taxes."""
    try:
        api.read("common", "tax_data")
    except Gone as error:
        raise NotConnected("perfex_no_api", url=api.site) from error
    except NoData:
        return OLD
    except Refused as error:
        if error.reason != "perfex_forbidden":
            raise NotConnected("perfex_no_api", url=api.site) from error
    return OLD


def _version(info: Any) -> str:
    version = info.get("version") if isinstance(info, dict) else None
    return version if isinstance(version, str) and version[:1].isdigit() else ""
