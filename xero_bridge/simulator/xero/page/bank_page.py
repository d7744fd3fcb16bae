"""Bank transactions: the list, spending and receiving money, deleting."""

from werkzeug.wrappers import Response

from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.page import document_form as form
from xero_bridge.simulator.xero.page.visit import Visit, attempt
from xero_bridge.simulator.xero.resource import bank_transaction

HEADER = ("Type", "Reference", "Date", "LineAmountTypes")
PLACES = 4
NEW_LINES = 2


def listed(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show what was spent and received, the latest first."""
    books = visit.books
    rows = [
        (row, form.name(books, row), books.accounts.get(row["BankAccountID"]))
        for row in books.bank_transactions.values()
    ]
    rows.sort(key=lambda one: (one[0]["Date"], one[0]["UpdatedDateUTC"]), reverse=True)
    return visit.show("bank.html", http=400 if wrong else 200, wrong=wrong, rows=rows)


def new(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the form of money spent or received, or record it."""
    typed, books = visit.form(), visit.books
    if visit.request.method == "POST" and not wrong:
        return _make(visit)
    return visit.show(
        "bank_new.html",
        http=400 if wrong else 200,
        wrong=wrong,
        kinds=bank_transaction.KINDS,
        today=books.today().isoformat(),
        contacts=form.contacts(books),
        form=typed,
        banks=[one for one in form.banks(books) if one["Type"] == "BANK"],
        lines=[form.typed(typed, number) for number in range(NEW_LINES)],
        **form.choices(books),
    )


def _make(visit: Visit) -> Response:
    bank = {"AccountID": visit.form().get("AccountID")}
    raw = form.read(visit, HEADER, {"BankAccount": bank})
    wrong = attempt(visit, lambda: bank_transaction.create(visit.books, raw, PLACES))
    return new(visit, wrong) if wrong else visit.go("bank-transactions", "Recorded.")


def delete(visit: Visit, transaction_id: str) -> Response:
    """Delete money spent or received; it stays in the list with that status."""
    if transaction_id not in visit.books.bank_transactions:
        raise KeyError(transaction_id)
    raw = Input({"Status": "DELETED"}, "Form")
    act = lambda: bank_transaction.update(visit.books, transaction_id, raw, PLACES)  # noqa: E731
    wrong = attempt(visit, act)
    return listed(visit, wrong) if wrong else visit.go("bank-transactions", "Deleted.")
