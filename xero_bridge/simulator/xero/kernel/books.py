"""The books of one organisation: its tables and what nearly every rule asks of them."""

from collections.abc import Callable
from datetime import date, datetime

from xero_bridge.simulator.common import Record, SimClock, Store, Table
from xero_bridge.simulator.xero.kernel.where import fold
from xero_bridge.simulator.xero.kernel.wire import dumps

LOCKED = "The document date cannot be before the period lock date"
YEAR_LOCKED = (
    "The document date cannot be before the end of year lock date, currently set at {:%-d %B %Y}"
)
# Foreign units for one unit of another currency are derived from these units per pound.
UNITS_PER_GBP = {"GBP": "1", "EUR": "1.17", "USD": "1.29", "NZD": "2.18", "AUD": "1.97"}


class Books:
    """One organisation's records; every instant it stores comes from the simulator's clock."""

    def __init__(self, store: Store, tenant: str, clock: SimClock) -> None:
        self.store = store
        self.tenant = tenant
        self.clock = clock
        self._organisations = store.table("organisations")
        self._counters = store.table("counters")
        self._shown: dict[tuple[str, str, str], tuple[object, str]] = {}
        self.currencies = self._table("currencies")
        self.tax_rates = self._table("tax_rates")
        self.accounts = self._table("accounts", code=_lower("Code"), name=_lower("Name"))
        self.contacts = self._table(
            "contacts",
            name=lambda contact: name_key(contact["Name"]),
            number=_lower("ContactNumber"),
            account_number=_lower("AccountNumber"),
        )
        self.items = self._table("items", code=_lower("Code"))
        self.invoices = self._table(
            "invoices",
            number=_lower("InvoiceNumber"),
            contact=lambda invoice: invoice["ContactID"],
        )
        self.payments = self._table(
            "payments", invoice=_plain("InvoiceID"), credit=_plain("CreditID")
        )
        self.credit_notes = self._table("credit-notes", number=_lower("CreditNoteNumber"))
        self.overpayments = self._table("overpayments")
        self.prepayments = self._table("prepayments")
        self.allocations = self._table(
            "allocations", invoice=_plain("InvoiceID"), credit=_plain("CreditID")
        )
        self.bank_transactions = self._table("bank-transactions")
        self.purchase_orders = self._table("purchase-orders", number=_lower("PurchaseOrderNumber"))
        self.notes = self._table("notes", document=_plain("DocumentID"))

    @property
    def organisation(self) -> Record:
        """The organisation itself."""
        found = self._organisations.get(self.tenant)
        assert found is not None, "books exist only for a known organisation"
        return found

    def set_organisation(self, **changes: object) -> None:
        """Change the organisation; a value of None removes the field."""
        changed = {**self.organisation, **changes}
        kept = {name: value for name, value in changed.items() if value is not None}
        self._organisations.put(self.tenant, kept)

    @property
    def base_currency(self) -> str:
        """The currency the books are kept in."""
        return str(self.organisation["BaseCurrency"])

    def tables(self) -> list[Table]:
        """Return all tables of the organisation."""
        return [
            self.currencies,
            self.tax_rates,
            self.accounts,
            self.contacts,
            self.items,
            self.invoices,
            self.payments,
            self.credit_notes,
            self.overpayments,
            self.prepayments,
            self.allocations,
            self.bank_transactions,
            self.purchase_orders,
            self.notes,
        ]

    def now(self) -> datetime:
        """Return the instant of a change, to the millisecond."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def today(self) -> date:
        """Return the organisation's date; the simulated ones live in London or on UTC."""
        return self.clock.now().date()

    def next_number(self, prefix: str) -> str:
        """Return the next number of a sequence, such as INV-0007."""
        key = f"{self.tenant} {prefix}"
        value = (self._counters.get(key) or {"Value": 0})["Value"] + 1
        self._counters.put(key, {"Value": value})
        return f"{prefix}-{value:04d}"

    def lock_messages(self, *days: date | None) -> list[str]:
        """Return why a document of one of these dates may not be touched."""
        earliest = min((day for day in days if day is not None), default=None)
        messages = []
        period = self.organisation.get("PeriodLockDate")
        year = self.organisation.get("EndOfYearLockDate")
        if earliest and period and earliest <= period:
            messages.append(LOCKED)
        if earliest and year and earliest <= year:
            messages.append(YEAR_LOCKED.format(year))
        return messages

    def shown(self, table: Table, key: str, shape: str, make: "Callable[[], Record]") -> str:
        """Return the JSON of a record in a shape, made anew only when it may look different."""
        record = table.get(key) or {}
        contact = str(record.get("ContactID", ""))
        token = (table.version_of(key), self.contacts.version_of(contact), self.accounts.version)
        held = self._shown.get((table.name, key, shape))
        if held and held[0] == token:
            return held[1]
        text = dumps(make())
        self._shown[table.name, key, shape] = (token, text)
        return text

    def _table(self, name: str, /, **indexes: "Callable[[Record], object]") -> Table:
        return self.store.table(f"{self.tenant}:{name}", **indexes)


def name_key(name: str) -> str:
    """Return what makes two contact names the same: no case, accents or squeezed spaces."""
    return " ".join(fold(name).split())


def _lower(name: str) -> Callable[[Record], object]:
    return lambda record: str(record.get(name) or "").lower()


def _plain(name: str) -> Callable[[Record], object]:
    return lambda record: record.get(name)
