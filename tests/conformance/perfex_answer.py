"""Holds an answer of the Perfex stand-in to the shape that its request and release call for."""

from types import GenericAlias
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from tests.conformance import perfex_rows as rows
from tests.conformance import perfex_shapes as shapes
from tests.conformance.exchange import Exchange
from tests.conformance.verdict import SPOILT, UNLISTED, Verdict, checked, noted

SPOILING = ("html", "html-after", "empty", "notice", "500-before", "500-after")
CUT = ("drop-before", "drop-after")


def judge(exchange: Exchange) -> Verdict:
    """Check an answer, or say why there is nothing to check."""
    if exchange.status == 0:
        cut = exchange.fault in CUT
        return noted(SPOILT, exchange.fault) if cut else Verdict(faults=("there was no answer",))
    if exchange.fault in SPOILING:
        return noted(SPOILT, exchange.fault)
    if "json" not in exchange.headers.get("accept", "json") and "json" not in exchange.answer_type:
        return noted(UNLISTED, "another format, because the request did not ask for JSON")
    if exchange.answer_type == "text/html":
        return _page(exchange)
    shape = expected(exchange)
    wrong = misfit(exchange.answer, shape)
    if shape is shapes.BatchDone and not wrong:
        wrong = _wrong_results(exchange.answer)
    return checked("answer", wrong)


def misfit(content: bytes, shape: Any) -> list[str]:
    """What keeps JSON from being of a shape, if anything."""
    try:
        msgspec.json.decode(content, type=shape)
    except msgspec.DecodeError as error:
        return [str(error)]
    return []


def expected(exchange: Exchange) -> Any:
    """The shape of an answer by what was asked, of which release, and the status."""
    if exchange.status >= 400:
        return shapes.Failed
    return _read(exchange) if exchange.method == "GET" else _written(exchange)


def _written(exchange: Exchange) -> Any:
    match exchange.method, exchange.segments:
        case _, ("batch",):
            return shapes.BatchDone
        case _, ("invoices", _, "send"):
            return shapes.Sent
        case "POST", ("thirdparty", *_):
            return shapes.RowCreated
        case "POST", (_,) if not exchange.release.startswith("2."):
            return shapes.Created
    return shapes.Done


def _read(exchange: Exchange) -> Any:
    match exchange.segments:
        case ("openapi",):
            return shapes.OpenApi
        case ("common", kind):
            return _list_of(rows.COMMON[kind])
        case ("custom_fields", *_):
            return list[shapes.FieldValue]
        case ("thirdparty", "customtable", _):
            return list[dict[str, str | None]]
        case ("thirdparty", *_):
            return dict[str, str | None]
    return _rows(exchange)


def _rows(exchange: Exchange) -> Any:
    some_columns = "fields" in dict(parse_qsl(exchange.query))
    match exchange.segments:
        case (resource, "search", *_):
            return _list_of(rows.FOUND[resource])
        case ("contacts", _):
            return list[shapes.Contact]
        case (resource,):
            row = shapes.Subset if some_columns else rows.ROWS[resource]
            in_pages = exchange.answer.lstrip().startswith(b"{")
            return _pages_of(row) if in_pages else _list_of(row)
    return shapes.Subset if some_columns else rows.DETAILS[exchange.segments[0]]


def _list_of(shape: Any) -> Any:
    return GenericAlias(list, (shape,))


def _pages_of(row: Any) -> Any:
    members = [("data", _list_of(row)), ("meta", shapes.ListMeta)]
    return msgspec.defstruct("Page", members, forbid_unknown_fields=True)


def _page(exchange: Exchange) -> Verdict:
    """PHP answers with a page where the route is unknown or the database refuses."""
    paid = exchange.release.startswith("2.") and exchange.segments == ("payments",)
    if exchange.status in (404, 500) or (paid and not exchange.answer):
        return noted(UNLISTED, f"a page instead of JSON, as PHP gives it ({exchange.status})")
    return Verdict(faults=(f"answer: a page with status {exchange.status}",))


def _wrong_results(answer: bytes) -> list[str]:
    done = msgspec.json.decode(answer, type=shapes.BatchDone)
    worked = [result.status for result in done.results]
    wrong = [] if done.completed == sum(worked) else ["`completed` is not the number that worked"]
    wrong += [] if done.status == all(worked) else ["`status` does not say whether all worked"]
    for result in done.results:
        shape = _of_tool(result.tool)
        if result.status and shape is not None:
            wrong += misfit(msgspec.json.encode(result.result), shape)
    return wrong


def _of_tool(tool: str) -> Any:
    resource, _, action = tool.rpartition("_")
    if resource in rows.RAW and action in ("list", "search"):
        return _list_of(rows.RAW[resource])
    if resource in rows.RAW and action == "get":
        return rows.RAW[resource]
    return rows.TOOLS.get(tool)
