"""The three generations of the REST module, as data: what each answers and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """How one release of the module behaves where releases differ."""

    number: str
    unknown_token: str = "Token is not found"  # noqa: S105 -- a text of the product
    auth_status: int = 404
    enveloped: frozenset[str] = frozenset({"customers", "invoices", "items"})
    paging: bool = True
    record_ids: bool = True
    created: int = 200
    documented_errors: bool = False
    json_post: bool = True
    form_put: frozenset[str] = frozenset({"items", "expenses"})
    writable_items: bool = True
    quotas: bool = True
    rate_headers_always: bool = False
    lockout: bool = True
    idempotency: bool = True
    idempotency_by_request: bool = False
    modern_routes: bool = True
    line_taxes: bool = True
    converts_items: bool = True
    computes_totals: bool = False
    silent_payment_post: bool = False
    payment_verbs: bool = False
    contact_list: bool = False
    batch_args: tuple[str, ...] = ("arguments",)
    table_denied: int = 404
    table_unknown_column: int = 400
    table_grants: bool = False
    table_put_broken: bool = True
    drops_unknown_keys: bool = False
    formatted_number: bool = True
    open_description: bool = True
    before_is_inclusive: bool = False


OBSERVED: Final = Version(number="3.0.3")

OLD: Final = Version(
    number="2.0.8",
    unknown_token="Token is not defined.",  # noqa: S106 -- an error text, not a secret
    enveloped=frozenset(),
    paging=False,
    record_ids=False,
    json_post=False,
    form_put=frozenset(),
    writable_items=False,
    quotas=False,
    lockout=False,
    idempotency=False,
    modern_routes=False,
    line_taxes=False,
    converts_items=False,
    silent_payment_post=True,
    formatted_number=False,
)

DOCUMENTED: Final = replace(
    OBSERVED,
    number="3.1.0",
    auth_status=401,
    enveloped=frozenset(),
    created=201,
    documented_errors=True,
    form_put=frozenset(
        {"customers", "contacts", "items", "invoices", "payments", "credit_notes", "expenses"}
    ),
    rate_headers_always=True,
    idempotency_by_request=True,
    computes_totals=True,
    payment_verbs=True,
    contact_list=True,
    batch_args=("args", "arguments"),
    table_denied=403,
    table_unknown_column=422,
    table_grants=True,
    table_put_broken=False,
    drops_unknown_keys=True,
    open_description=False,
    before_is_inclusive=True,
)

VERSIONS: Final = {version.number: version for version in (OLD, OBSERVED, DOCUMENTED)}


def version_named(number: str) -> Version:
    """Return the release of that number; raise ValueError naming those that exist."""
    if number not in VERSIONS:
        known = ", ".join(VERSIONS)
        raise ValueError(f"No REST module {number} is simulated; choose one of {known}.")
    return VERSIONS[number]
