"""The organisation: identity, base currency, lock dates, and what the user may do."""

from datetime import date

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, envelope
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.wire import bare_stamp, day, dumps

ALLOWED = (
    "CreateDraftInvoice",
    "CreateApprovedInvoice",
    "CreateDraftBill",
    "CreateApprovedBill",
    "CreateInvoicePayment",
    "CreateDraftPurchaseOrder",
    "CreateApprovedPurchaseOrder",
    "AttachFilesIntoInvoice",
    "CreateRepeatingInvoice",
    "CreateRepeatingBill",
    "CreateDraftQuote",
    "CreateSentQuote",
)


def render(organisation: Record) -> Record:
    """Return an organisation as Xero shows it."""
    shown = {
        name: day(value) if isinstance(value, date) else value
        for name, value in organisation.items()
        if not name.startswith("_") and name != "CreatedDateUTC"
    }
    shown["CreatedDateUTC"] = bare_stamp(organisation["CreatedDateUTC"])
    return shown


def _get(call: Call) -> Reply:
    return envelope(call, "Organisations", [dumps(render(call.books.organisation))])


def _actions(call: Call) -> Reply:
    multi = len(call.books.currencies) > 1
    actions = [{"Name": name, "Status": "ALLOWED"} for name in ALLOWED]
    actions.append({"Name": "UseMulticurrency", "Status": "ALLOWED" if multi else "NOT-ALLOWED"})
    actions.append({"Name": "ApproveTransactionsBeforePeriodLockDate", "Status": "NOT-ALLOWED"})
    return envelope(call, "Actions", [dumps(action) for action in actions])


RESOURCE = Resource(
    path="Organisation",
    scopes=("accounting.settings",),
    routes=(
        Route(method="GET", rule="", handler=_get),
        Route(method="GET", rule="/Actions", handler=_actions),
    ),
)
