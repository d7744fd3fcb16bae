"""Which address and verb leads to which handler, and which capability it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from xero_bridge.simulator.perfex.api import (
    batch,
    common,
    contacts,
    credit_notes,
    custom_fields,
    customers,
    customtable,
    expenses,
    invoices,
    items,
    openapi,
    payments,
)
from xero_bridge.simulator.perfex.api.exchange import Ask, Reply

Handler: TypeAlias = Callable[[Ask], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What answers a call: no handler means that the verb is unknown there."""

    resource: str
    args: tuple[str, ...] = ()
    handler: Handler | None = None
    feature: str = ""
    capability: str = ""
    open: bool = False


RESOURCES: Final[Mapping[str, Mapping[str, Handler]]] = {
    "customers": {
        "index": customers.index,
        "one": customers.one,
        "search": customers.search,
        "create": customers.create,
        "change": customers.change,
        "delete": customers.delete,
    },
    "contacts": {
        "index": contacts.index,
        "one": contacts.one,
        "search": contacts.search,
        "create": contacts.create,
        "change": contacts.change,
        "delete": contacts.delete,
    },
    "items": {
        "index": items.index,
        "one": items.one,
        "search": items.search,
        "create": items.create,
        "change": items.change,
        "delete": items.delete,
    },
    "invoices": {
        "index": invoices.index,
        "one": invoices.one,
        "search": invoices.search,
        "create": invoices.create,
        "change": invoices.change,
        "delete": invoices.delete,
    },
    "payments": {
        "index": payments.index,
        "one": payments.one,
        "search": payments.search,
        "create": payments.create,
        "change": payments.change,
        "delete": payments.delete,
    },
    "credit_notes": {
        "index": credit_notes.index,
        "one": credit_notes.one,
        "search": credit_notes.search,
        "create": credit_notes.create,
        "change": credit_notes.change,
        "delete": credit_notes.delete,
    },
    "expenses": {
        "index": expenses.index,
        "one": expenses.one,
        "search": expenses.search,
        "create": expenses.create,
        "change": expenses.change,
        "delete": expenses.delete,
    },
}
CAPABILITY: Final = {
    "index": "get",
    "one": "get",
    "search": "search_get",
    "create": "post",
    "change": "put",
    "delete": "delete",
}
TABLE_VERBS: Final[Mapping[str, Handler]] = {
    "GET": customtable.read,
    "POST": customtable.create,
    "PUT": customtable.change,
    "DELETE": customtable.delete,
}


def route(method: str, segments: tuple[str, ...], query: Mapping[str, str]) -> Route | None:
    """Return where the call leads; None when the framework knows no such address."""
    match segments:
        case ("delete", resource, identity) if resource in RESOURCES:
            return _known(resource, "delete" if method == "DELETE" else "", (identity,))
        case ("invoices", identity, "send"):
            return _sending(method, identity)
        case (resource, *rest) if resource in RESOURCES:
            return _resource(method, resource, tuple(rest), query)
        case ("thirdparty", "customtable", *rest) if rest:
            return _table(method, tuple(rest))
        case ("batch",):
            return Route(resource="batch", handler=batch.create if method == "POST" else None)
    return _lookup(method, segments)


def _lookup(method: str, segments: tuple[str, ...]) -> Route | None:
    """Route the addresses that can only be read."""
    match segments:
        case ("common", kind) if method == "GET":
            feature = common.FEATURES.get(kind, "common")
            return _read("common", common.one, (kind,), feature)
        case ("custom_fields", _, *_) if method == "GET":
            return Route(resource="custom_fields", args=segments[1:], handler=custom_fields.one)
        case ("openapi",) if method == "GET":
            return Route(resource="openapi", handler=openapi.index, open=True)
        case ("common" | "custom_fields" | "openapi" | "thirdparty", *rest):
            return Route(resource=segments[0], args=tuple(rest))
    return None


def _resource(
    method: str, resource: str, rest: tuple[str, ...], query: Mapping[str, str]
) -> Route | None:
    if rest[:1] == ("search",) and method == "GET":
        term = rest[1] if len(rest) > 1 else query.get("q", "")
        return _known(resource, "search", (term,))
    longest = 2 if resource == "contacts" else 1
    if len(rest) > longest:
        return None
    actions = {
        "GET": "one" if rest else "index",
        "POST": "" if rest else "create",
        "PUT": "change" if rest else "",
        "DELETE": "delete" if rest else "",
    }
    return _known(resource, actions.get(method, ""), rest)


def _known(resource: str, action: str, args: tuple[str, ...]) -> Route:
    return Route(
        resource=resource,
        args=args,
        handler=RESOURCES[resource].get(action),
        feature=resource,
        capability=CAPABILITY.get(action, ""),
    )


def _sending(method: str, identity: str) -> Route:
    handler = invoices.send if method == "POST" else None
    return Route(
        resource="invoices",
        args=(identity,),
        handler=handler,
        feature="invoices",
        capability="send",
    )


def _read(resource: str, handler: Handler, args: tuple[str, ...], feature: str) -> Route:
    return Route(resource=resource, args=args, handler=handler, feature=feature, capability="get")


def _table(method: str, rest: tuple[str, ...]) -> Route:
    capability = method.lower()
    return Route(
        resource="thirdparty",
        args=rest,
        handler=TABLE_VERBS.get(method),
        feature="thirdparty",
        capability=capability,
    )
