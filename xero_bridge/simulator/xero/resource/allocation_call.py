"""The Allocations below credit notes, overpayments and prepayments."""

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.call import Call, Route, Writer, write
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.wire import bare_stamp, day, dumps
from xero_bridge.simulator.xero.resource import credit
from xero_bridge.simulator.xero.resource.credit import Sort


def routes_for(sort: Sort) -> tuple[Route, ...]:
    """Return the addresses of the allocations of this sort of credit."""

    def put(call: Call, key: str) -> Reply:
        writer = Writer(
            plural="Allocations",
            singular="Allocation",
            id_name="AllocationID",
            flag="",
            save=lambda call, raw: credit.allocate(call.books, sort, key, raw),
            show=lambda call, made: _written(call, sort, made),
        )
        return write(call, writer)

    def delete(call: Call, key: str, allocation: str) -> Reply:
        gone = credit.release(call.books, sort, key, allocation)
        call.touched.extend([gone["AllocationID"], gone["CreditID"], gone["InvoiceID"]])
        # No envelope, another spelling of the id and a list of one invoice: so Xero answers.
        shown = {
            "AllocationId": gone["AllocationID"],
            "Date": bare_stamp(call.books.now()),
            "Invoice": [{"InvoiceID": gone["InvoiceID"]}],
            "IsDeleted": True,
        }
        return Reply(body=dumps(shown))

    return (
        Route(method="PUT", rule="/<key>/Allocations", handler=put),
        Route(method="DELETE", rule="/<key>/Allocations/<allocation>", handler=delete),
    )


def _written(call: Call, sort: Sort, allocation_id: str) -> Record:
    """Return a new allocation; its id is only told by a later read of the credit."""
    made = call.books.allocations.get(allocation_id) or {}
    call.touched.extend([made["CreditID"], made["InvoiceID"]])
    lists = ("Payments", "CreditNotes", "Prepayments", "Overpayments", "LineItems")
    return {
        "Amount": made["Amount"],
        "Date": day(made["Date"]),
        "Invoice": {
            "InvoiceID": made["InvoiceID"],
            **{name: [] for name in lists},
            "HasErrors": False,
            "IsDiscounted": False,
            "ValidationErrors": [],
        },
        sort.name: {sort.id_name: made["CreditID"], "ID": made["CreditID"], "LineItems": []},
        "ValidationErrors": [],
    }
