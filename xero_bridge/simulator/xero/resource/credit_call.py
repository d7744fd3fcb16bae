"""The Overpayments and Prepayments endpoints; both are made as bank transactions."""

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, envelope
from xero_bridge.simulator.xero.kernel.errors import NotFound
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.wire import dumps
from xero_bridge.simulator.xero.resource import allocation_call, history
from xero_bridge.simulator.xero.resource.credit import OVERPAYMENT, PREPAYMENT, Sort
from xero_bridge.simulator.xero.resource.credit_view import fields_for, render


def _resource(sort: Sort) -> Resource:
    plural = f"{sort.name}s"

    def show(call: Call, row: Record, paged: bool) -> str:  # noqa: FBT001
        return dumps(render(call.books, sort, row, "page" if paged else "head", call.places))

    def listed(call: Call) -> Reply:
        rows = sort.table(call.books).values()
        if (words := call.words("References")) is not None and sort is OVERPAYMENT:
            wanted = {word.strip('"').lower() for word in words}
            rows = [row for row in rows if (row.get("Reference") or "").lower() in wanted]
        fields = fields_for(call.books, sort)
        listing = Listing(key=plural, id_name=sort.id_name, fields=fields, show=show)
        return answer(call, listing, rows)

    def one(call: Call, key: str) -> Reply:
        row = sort.table(call.books).get(key.lower())
        if row is None:
            raise NotFound
        return envelope(call, plural, [dumps(render(call.books, sort, row, "one", call.places))])

    return Resource(
        path=plural,
        scopes=("accounting.payments", "accounting.transactions"),
        routes=(
            Route(method="GET", rule="", handler=listed),
            Route(method="GET", rule="/<key>", handler=one),
            *allocation_call.routes_for(sort),
            *history.routes_for(plural.lower()),
        ),
    )


OVERPAYMENTS = _resource(OVERPAYMENT)
PREPAYMENTS = _resource(PREPAYMENT)
