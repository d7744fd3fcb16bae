"""An API description, made strict where its authors were vague and lenient where they were wrong."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.testing import MockRequest, MockResponse

from tests.support import paths

HOST = "http://127.0.0.1"
# The headers that the descriptions speak of.
HEADERS = ("xero-tenant-id", "if-modified-since", "idempotency-key")
METHODS = ("get", "put", "post", "delete")
TEXT = {"type": "string"}
WHOLE = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d+$"}]}
DECIMAL = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
FLAG = {"anyOf": [{"type": "boolean"}, {"type": "string", "enum": ["0", "1", "on", "yes"]}]}
# Said to be whole numbers, but their columns are text: the name of a state, and postal codes.
MISTYPED = frozenset({"billing_state", "billing_zip", "shipping_zip"})
# Xero adds these to every envelope and element, and a text twin to every date: recorded answers
# have them, the description has not.
ENVELOPE = {"Id": TEXT, "Status": TEXT, "ProviderName": TEXT, "DateTimeUTC": TEXT}
EMPTIES = {"ValidationErrors": {"type": "array", "items": {"type": "object"}}}
SERVICES = {"InvoicePaymentServices": {"type": "array", "items": {"type": "object"}}}
# More of what recorded answers have: the id twice, and the sort and flags of an order.
TWICE = {"ID": TEXT}
FLAGS = {"Type": TEXT, "HasErrors": {"type": "boolean"}, "IsDiscounted": {"type": "boolean"}}
RECORDED = {
    **dict.fromkeys(("CreditNote", "Overpayment", "Prepayment"), TWICE),
    **dict.fromkeys(("CreditNote_Nested", "Overpayment_Nested", "Prepayment_Nested"), TWICE),
    **dict.fromkeys(("Invoice", "Invoice_Nested"), SERVICES),
    "PurchaseOrder": FLAGS,
    # The answer of undoing an allocation spells its id otherwise and lists one invoice.
    "Allocation": {"AllocationId": TEXT, "Invoice": {}},
    # What an allocation inside a credit tells of its invoice; the description leaves it empty.
    "Allocation_Nested": {"Invoice": {"properties": {"InvoiceID": TEXT, "InvoiceNumber": TEXT}}},
}
# Any call may be refused or fail so: connections too, and a body may be too large.
UNNAMED = {code: {"$ref": "#/components/responses/AnyError"} for code in ("403", "413", "500")}
# An error answer shows the refused element, whatever its kind.
ECHOED = ("Element", "AnyError")
DATES = ("x-is-msdate", "x-is-msdate-time")


class NotDescribed(Exception):
    """The description knows no such path, or not this verb on it."""


class Kept:
    """Makes the validator of each schema once: making one takes longer than using it."""

    def __init__(self, factory: Any) -> None:
        self._factory = factory
        self._made: dict[Any, Any] = {}

    def create(self, spec: Any, schema: Any, **options: Any) -> Any:
        """The validator of a schema, which is known by its place in the document."""
        if schema.parts not in self._made:
            self._made[schema.parts] = self._factory.create(spec, schema, **options)
        return self._made[schema.parts]


class Description:
    """One API as its maker describes it."""

    def __init__(self, document: dict[str, Any], **options: Any) -> None:
        # Who may call is shown by tests of the stand-ins, refusals included.
        document.pop("security", None)
        for operation in operations(document):
            operation.pop("security", None)
        config = Config(spec_validator_cls=None, **options)
        api = OpenAPI.from_dict(document, config=config)
        self._requests: Any = api.request_validator
        self._answers: Any = api.response_validator
        self._known: dict[Any, list[str]] = {}
        validator: Any
        for validator in (self._requests, self._answers):
            validator.schema_validators_factory = Kept(validator.schema_validators_factory)

    def faults_of_request(self, request: MockRequest) -> list[str]:
        """What is wrong with a request; raises NotDescribed. The same request is judged once."""
        parameters = request.parameters
        sent = tuple((name, parameters.header.get(name)) for name in HEADERS)
        address = (request.method, request.path, tuple(parameters.query.items()))
        key = (*address, *sent, request.content_type, request.body)
        if key not in self._known:
            self._known[key] = list(_told(self._requests.iter_errors(request)))
        return self._known[key]

    def faults_of_answer(self, request: MockRequest, answer: MockResponse) -> list[str]:
        """What is wrong with the answer to a request; raises NotDescribed."""
        return list(_told(self._answers.iter_errors(request, answer)))


@cache
def xero() -> Description:
    """Xero's Accounting API; a member that it does not list is an error."""
    document = _load("xero_accounting.prepared.json")
    for schema in document["components"]["schemas"].values():
        properties = schema.get("properties", {})
        dates = [name for name, of in properties.items() if any(mark in of for mark in DATES)]
        twins = {f"{name}String": TEXT for name in dates}
        added = ENVELOPE if "x-objectArrayKey" in schema else EMPTIES
        if properties:
            schema["properties"] = {**added, **twins, **properties}
    for operation in operations(document):
        operation["responses"] = {**UNNAMED, **operation["responses"]}
    _open_ended(document["components"]["schemas"])
    return Description(document, additional_properties_default_policy="forbid")


@cache
def perfex() -> Description:
    """Perfex's REST module 3.1.0, for requests: it takes numbers as text, so they are text here."""
    document = _load("perfex-rest-api.openapi.json")
    document["servers"] = [{"url": f"{HOST}/api"}]
    for operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            _as_text(content["schema"].get("properties", {}))
    return Description(document)


def _open_ended(schemas: dict[str, Any]) -> None:
    for name in ECHOED:
        schemas[name]["additionalProperties"] = True
    any_error = schemas["AnyError"]["properties"]
    any_error["Type"]["nullable"] = True  # So Xero answers where token or tenant are wrong.
    any_error["Elements"]["items"]["additionalProperties"] = True
    for name, members in RECORDED.items():
        schemas[name]["properties"] |= members


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of a description."""
    for path in document["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


def _as_text(properties: dict[str, Any]) -> None:
    mended = {"integer": WHOLE, "number": DECIMAL, "boolean": FLAG}
    for name, of in properties.items():
        # A rate must have its decimal point, whatever the description says.
        properties[name] = DECIMAL if name == "rate" else mended.get(of.get("type"), of)
        if name in MISTYPED:
            properties[name] = TEXT
        if of.get("type") == "array":
            of["items"] = {}  # Said to be objects, but modes, taxes and line ids are plain values.


def _told(errors: Iterable[Exception]) -> Iterator[str]:
    for error in errors:
        if isinstance(error, PathError):
            raise NotDescribed(str(error))
        causes = getattr(error.__cause__, "schema_errors", None)
        if causes is None:
            yield f"{type(error).__name__}: {error} {error.__cause__ or ''}"[:400]
        for cause in causes or ():
            if "Tried to write read-only" not in cause.message:
                yield f"{cause.json_path}: {cause.message[:300]}"


def _load(name: str) -> dict[str, Any]:
    folder = paths.specs_folder()
    assert folder, "the descriptions are looked for before they are used"
    document: dict[str, Any] = json.loads((folder / name).read_text())
    return document
