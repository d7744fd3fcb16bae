"""Shapes of the REST module's answers: its own description leaves them open, so they stand here.

Database values are text or null, money has two decimals, and each release has its own envelopes.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

Id = Annotated[str, Meta(pattern=r"^\d+$")]
Code = Annotated[str, Meta(pattern=r"^\w+$")]  # A mode's id, or the name of a gateway.
Money = Annotated[str, Meta(pattern=r"^-?\d+\.\d{2}$")]
Flag = Literal["0", "1"]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Instant = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$")]
Text = str | None
Number = Annotated[int, Meta(ge=1)]
Subset = dict[str, Any]  # Rows of which the caller asked for some columns.


class CustomValue(Struct):
    label: str
    value: Text


class Row(Struct):
    """What REST rows have and raw rows of the batch, of searches and of tables have not."""

    customfields: list[CustomValue] | UnsetType = UNSET


class Customer(Row, kw_only=True):
    userid: Id
    company: str
    vat: Text
    phonenumber: Text
    country: Id
    city: Text
    zip: Text
    state: Text
    address: Text
    website: Text
    datecreated: Instant
    active: Flag
    billing_street: Text
    billing_city: Text
    billing_state: Text
    billing_zip: Text
    billing_country: Id
    shipping_street: Text
    shipping_country: Id
    default_language: Text
    default_currency: Id
    show_primary_contact: Flag
    addedfrom: Id


class Contact(Row, kw_only=True):
    id: Id
    userid: Id
    is_primary: Flag
    firstname: str
    lastname: str
    email: str
    phonenumber: Text
    title: Text
    datecreated: Instant
    password: Text
    active: Flag
    invoice_emails: Flag
    credit_note_emails: Flag


class Item(Row, kw_only=True):
    itemid: Id
    rate: Money
    description: str
    long_description: Text
    unit: Text
    group_id: Id
    group_name: Text
    taxid: Id | None
    taxname: Text
    taxrate: Money | None
    taxid_2: Id | None
    taxname_2: Text
    taxrate_2: Money | None


class RawItem(Row, kw_only=True):
    id: Id
    rate: Money
    description: str
    tax: Text
    tax2: Text


class FoundItem(Struct, kw_only=True):
    id: Id
    rate: Money
    name: str
    subtext: Text


class RawInvoice(Row, kw_only=True):
    id: Id
    clientid: Id
    deleted_customer_name: Text
    number: Id
    prefix: Text
    number_format: Id
    formatted_number: Text | UnsetType = UNSET
    datecreated: Instant
    date: Day
    duedate: Day | None
    currency: Id
    subtotal: Money
    total_tax: Money
    total: Money
    adjustment: Money | None
    discount_percent: Money
    discount_total: Money
    discount_type: Literal["", "before_tax", "after_tax"]
    status: Literal["1", "2", "3", "4", "5", "6"]
    hash: str
    clientnote: Text
    adminnote: Text
    terms: Text
    allowed_payment_modes: Text
    recurring: Id
    is_recurring_from: Id | None
    billing_street: Text
    billing_country: Id | None
    include_shipping: Flag
    show_quantity_as: Id
    project_id: Id | None


class Invoice(RawInvoice, kw_only=True):
    symbol: str
    name: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    currency_name: str
    isdefault: Flag


class FoundInvoice(RawInvoice, kw_only=True):
    invoiceid: Id


class Line(Row, kw_only=True):
    id: Id
    rel_id: Id
    rel_type: Literal["invoice"]
    description: str
    long_description: Text
    qty: Money
    rate: Money
    unit: Text
    item_order: Id | None
    taxname: list[str] | UnsetType = UNSET
    taxrate: list[Money] | UnsetType = UNSET


class RawPayment(Struct, kw_only=True):
    invoiceid: Id
    amount: Money
    paymentmode: Code
    paymentmethod: Text
    date: Day
    daterecorded: Instant
    note: str
    transactionid: Text


class RawPaymentRow(RawPayment, kw_only=True):
    id: Id


class Payment(RawPayment, kw_only=True):
    paymentid: Id
    id: Id | None  # The payment mode; null for a gateway.
    name: Text
    active: Flag | None


class InvoiceDetail(Invoice, kw_only=True):
    total_left_to_pay: Money | float
    items: list[Line]
    payments: list[Payment]
    client: dict[str, Any] | None
    attachments: list[Any]
    scheduled_email: Any


class Tax(Struct, kw_only=True, forbid_unknown_fields=True):
    id: Id
    name: str
    taxrate: Money


class Mode(Struct, kw_only=True):
    id: Code
    name: str
    description: Text
    selected_by_default: Flag


class Category(Struct, kw_only=True, forbid_unknown_fields=True):
    id: Id
    name: str
    description: Text


class Currency(Struct, kw_only=True):
    id: Id
    symbol: str
    name: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    decimal_separator: Text
    thousand_separator: Text
    placement: Literal["before", "after"] | None
    isdefault: Flag


class Country(Struct, kw_only=True):
    country_id: Id
    iso2: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | None
    short_name: str
    long_name: str


class FieldValue(Struct, kw_only=True, forbid_unknown_fields=True):
    field_name: Annotated[str, Meta(pattern=r"^custom_fields\[\w+\]\[\d+\]$")]
    custom_field_id: Id
    label: str
    required: Flag
    type: str
    value: str
    options: str | UnsetType = UNSET


class ListMeta(Struct, kw_only=True, forbid_unknown_fields=True):
    page: Number
    per_page: Annotated[int, Meta(ge=1, le=100)]
    total: int
    total_pages: int
    has_more: bool
    current_page: Number
    last_page: int


class Done(Struct, kw_only=True, forbid_unknown_fields=True):
    """The answer to a change, a deletion, and in 2.x a creation: it tells no id."""

    status: Literal[True]
    message: str


class Created(Struct, kw_only=True, forbid_unknown_fields=True):
    status: Literal[True]
    message: str
    record_id: Number
    item_id: Number | UnsetType = UNSET


class RowCreated(Struct, kw_only=True, forbid_unknown_fields=True):
    status: Literal[True]
    message: str
    id: Number


class Wrapping(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the site's option for standard answers puts around each of them."""

    status: bool
    data: Raw
    meta: dict[str, Any]


class Sent(Struct, kw_only=True):
    status: bool
    message: str


class Failed(Struct, kw_only=True, forbid_unknown_fields=True):
    """A refusal; payments say `paymentmode: false`, and unknown verbs `error`."""

    status: Literal[False] | UnsetType = UNSET
    paymentmode: Literal[False] | UnsetType = UNSET
    message: str | UnsetType = UNSET
    error: str | dict[str, str] | UnsetType = UNSET
    errors: dict[str, str] | UnsetType = UNSET


class Operation(Struct, kw_only=True):
    tool: str
    arguments: dict[str, Any] | UnsetType = UNSET
    args: dict[str, Any] | UnsetType = UNSET


class BatchAsked(Struct, kw_only=True, forbid_unknown_fields=True):
    operations: Annotated[list[Operation], Meta(min_length=1, max_length=50)]


class Result(Struct, kw_only=True, forbid_unknown_fields=True):
    index: int
    tool: str
    status: bool
    result: Any = UNSET
    error: str | UnsetType = UNSET


class BatchDone(Struct, kw_only=True, forbid_unknown_fields=True):
    status: bool
    completed: int
    failed: int
    results: list[Result]


class Info(Struct, kw_only=True):
    title: str
    version: Annotated[str, Meta(pattern=r"^3\.\d+\.\d+$")]


class OpenApi(Struct, kw_only=True):
    openapi: str
    info: Info
    paths: dict[str, Any]


class Clock(Struct, kw_only=True):
    datetime: Instant
    date: Day
    timezone: str


class Server(Struct, kw_only=True):
    name: str
    version: str
    tools: int | list[str]
