"""How the lines of any document look in answers."""

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.wire import rounded


def shown_lines(books: Books, document: Record, places: int, shape: str) -> list[Record]:
    """Return the lines with unit prices of so many places; written ones list their errors."""
    lines = [_line(books, line, places) for line in document["LineItems"]]
    return [{**line, "ValidationErrors": []} for line in lines] if shape == "write" else lines


def _line(books: Books, line: Record, places: int) -> Record:
    shown = {name: value for name, value in line.items() if value is not None}
    account = books.accounts.get(line.get("AccountID") or "") or {}
    if account.get("Code"):
        shown["AccountCode"] = account["Code"]
    if "UnitAmount" in line:
        shown["UnitAmount"] = rounded(line["UnitAmount"], places)
    return shown
