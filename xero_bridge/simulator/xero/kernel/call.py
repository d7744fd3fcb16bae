"""One call of the API on its way through, and the answers of lists and writes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import INVALID, BadCall, Invalid
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.wire import (
    ZERO_ID,
    bare_stamp,
    day,
    day_text,
    dumps,
    new_id,
    parse_day,
)

# Fields which are echoed in their own type, whatever form they were sent in.
NUMBERS = {
    "Quantity",
    "UnitAmount",
    "LineAmount",
    "TaxAmount",
    "DiscountRate",
    "DiscountAmount",
    "CurrencyRate",
    "Amount",
    "BankAmount",
    "UnitPrice",
}
DATES = {"Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a resource needs to know of a request."""

    books: Books
    provider: str
    client: str
    args: Mapping[str, str] = field(default_factory=dict)  # By lower-case name.
    body: bytes = b""
    modified_since: str | None = None
    touched: list[str] = field(default_factory=list)  # Ids of records written, for the log.

    def flag(self, name: str) -> bool | None:
        """Return a true/false parameter; None when it is absent."""
        value = self.args.get(name.lower())
        return None if value is None else value.lower() == "true"

    def words(self, name: str) -> list[str] | None:
        """Return a comma separated parameter; None when it is absent."""
        value = self.args.get(name.lower())
        return (
            None if value is None else [word.strip() for word in value.split(",") if word.strip()]
        )

    @property
    def places(self) -> int:
        """The decimal places of a unit price: 4 with unitdp=4, otherwise 2."""
        return 4 if self.args.get("unitdp") == "4" else 2


Handler: TypeAlias = Callable[..., Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An address below /api.xro/2.0/ with one method."""

    method: str
    rule: str
    handler: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One endpoint of the API: any of `read` or `write` scopes opens its routes."""

    path: str
    scopes: tuple[str, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """How one kind of element is written in a batch."""

    plural: str
    singular: str
    id_name: str
    flag: str  # HasErrors, HasValidationErrors, or empty where Xero has none.
    save: Callable[[Call, Input], str]  # Returns the id; raises Invalid.
    show: Callable[[Call, str], Record]
    known_id: Callable[[Call, Input], str | None] = lambda _call, _raw: None


def envelope(call: Call, key: str, elements: Iterable[str], extra: str = "") -> Reply:
    """Answer with a list of elements that are JSON already."""
    head = dumps(
        {
            "Id": new_id(),
            "Status": "OK",
            "ProviderName": call.provider,
            "DateTimeUTC": bare_stamp(call.books.clock.now()),
        }
    )
    return Reply(body=f'{head[:-1]},{extra}"{key}":[{",".join(elements)}]}}')


def write(call: Call, writer: Writer, elements: list[Input] | None = None) -> Reply:
    """Write the elements of the body, summarising errors or telling each element's fate.

    What cannot be read at all (BadCall) leaves nothing behind in either mode.
    """
    elements = elements or elements_of(call.body, writer.plural, writer.singular)
    each = call.flag("summarizeErrors") is False
    with call.books.store.transaction():
        shown = (_write_each if each else _write_all)(call, writer, elements)
    return envelope(call, writer.plural, [dumps(one) for one in shown])


class Refused(BadCall):
    """A write whose errors are summarised: nothing was saved."""

    def __init__(self, elements: list[Record]) -> None:
        super().__init__(10, "ValidationException", INVALID)
        self.elements = elements


def _write_all(call: Call, writer: Writer, elements: list[Input]) -> list[Record]:
    outcomes = [_attempt(call, writer, element) for element in elements]
    failed = [
        _failed(call, writer, element, outcome)
        for element, outcome in zip(elements, outcomes, strict=True)
        if isinstance(outcome, Invalid)
    ]
    if failed:
        raise Refused(failed)
    saved = [outcome for outcome in outcomes if isinstance(outcome, str)]
    call.touched.extend(saved)
    return [writer.show(call, one) for one in saved]


def _write_each(call: Call, writer: Writer, elements: list[Input]) -> list[Record]:
    return [_write_one(call, writer, element) for element in elements]


def _write_one(call: Call, writer: Writer, element: Input) -> Record:
    outcome = _attempt(call, writer, element)
    if isinstance(outcome, Invalid):
        return {**_failed(call, writer, element, outcome), "StatusAttributeString": "ERROR"}
    call.touched.append(outcome)
    return {**writer.show(call, outcome), "StatusAttributeString": "OK"}


def _attempt(call: Call, writer: Writer, element: Input) -> str | Invalid:
    try:
        with call.books.store.transaction():
            return writer.save(call, element)
    except Invalid as error:
        return error


def _failed(call: Call, writer: Writer, element: Input, error: Invalid) -> Record:
    echoed = _echo(element.raw)
    known = writer.known_id(call, element)
    failed = {
        **echoed,
        writer.id_name: known or ZERO_ID,
        "ValidationErrors": [{"Message": message} for message in error.messages],
    }
    return {**failed, writer.flag: True} if writer.flag else failed


def _echo(raw: Record) -> Record:
    """Return the sent element as Xero echoes it: nested objects with their own error lists."""
    echoed: Record = {}
    for name, value in raw.items():
        match value:
            case None:
                continue
            case dict():
                echoed[name] = {**_echo(value), "ValidationErrors": []}
            case list():
                echoed[name] = [_echoed_one(one) for one in value]
            case str() if name in NUMBERS:
                echoed[name] = _number(value)
            case str() if name in DATES and (on := parse_day(value)):
                echoed |= {name: day(on), f"{name}String": day_text(on)}
            case _:
                echoed[name] = value
    return echoed


def _number(text: str) -> object:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _echoed_one(one: object) -> object:
    return {**_echo(one), "ValidationErrors": []} if isinstance(one, dict) else one
