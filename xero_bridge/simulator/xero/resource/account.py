"""Accounts: the chart of accounts, one account per write."""

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import Invalid, NotFound, refuse
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import fields
from xero_bridge.simulator.xero.kernel.wire import dumps, new_id, stamp

CLASS_OF = {
    "BANK": "ASSET",
    "CURRENT": "ASSET",
    "CURRLIAB": "LIABILITY",
    "DEPRECIATN": "EXPENSE",
    "DIRECTCOSTS": "EXPENSE",
    "EQUITY": "EQUITY",
    "EXPENSE": "EXPENSE",
    "FIXED": "ASSET",
    "INVENTORY": "ASSET",
    "LIABILITY": "LIABILITY",
    "NONCURRENT": "ASSET",
    "OTHERINCOME": "REVENUE",
    "OVERHEADS": "EXPENSE",
    "PREPAYMENT": "ASSET",
    "REVENUE": "REVENUE",
    "SALES": "REVENUE",
    "TERMLIAB": "LIABILITY",
    "PAYG": "LIABILITY",
}
LONGEST_CODE = 10
LONGEST_NAME = 150
LONGEST_DESCRIPTION = 4000
FIELDS = fields(
    AccountID="guid",
    Code="text",
    Name="text",
    Type="text",
    Status="text",
    Class="text",
    TaxType="text",
    SystemAccount="text",
    EnablePaymentsToAccount="bool",
    UpdatedDateUTC="date",
)


def render(account: Record) -> Record:
    """Return an account as Xero shows it."""
    shown = {name: value for name, value in account.items() if value is not None}
    shown["SystemAccount"] = account.get("SystemAccount") or ""
    shown["HasAttachments"] = False
    shown["UpdatedDateUTC"] = stamp(account["UpdatedDateUTC"])
    return shown


def find(books: Books, raw: Input) -> Record | None:
    """Return the account meant by an AccountID or a Code."""
    if account_id := raw.guid("AccountID"):
        return books.accounts.get(account_id)
    code = raw.text("Code")
    return by_code(books, code) if code else None


def by_code(books: Books, code: str) -> Record | None:
    """Return the account of this code, in any case."""
    return next(iter(books.accounts.find("code", code.lower())), None)


def create(books: Books, raw: Input) -> str:
    """Add an account and return its id; raises Invalid."""
    kind = raw.choice("Type", CLASS_OF, "AccountType")
    account: Record = {"AccountID": new_id(), "Status": "ACTIVE", "Type": kind}
    if kind is None:
        raise Invalid("Account type must be specified.")
    account["Class"] = CLASS_OF[kind]
    if kind == "BANK":
        account["CurrencyCode"] = (raw.text("CurrencyCode") or books.base_currency).upper()
        account["BankAccountType"] = raw.text("BankAccountType") or "BANK"
        account["BankAccountNumber"] = raw.text("BankAccountNumber") or ""
    return _save(books, account, raw)


def update(books: Books, account_id: str, raw: Input) -> str:
    """Change an account; archiving it is a change of Status. Raises Invalid."""
    account = books.accounts.get(account_id)
    if account is None:
        raise NotFound
    status = raw.choice("Status", ("ACTIVE", "ARCHIVED"), "AccountStatus") or account["Status"]
    if status == "ARCHIVED" and account.get("SystemAccount"):
        raise Invalid("System accounts can not be archived.")
    return _save(books, {**account, "Status": status}, raw)


def delete(books: Books, account_id: str) -> Record:
    """Remove an account that nothing uses and return it; raises Invalid."""
    account = books.accounts.get(account_id)
    if account is None:
        raise NotFound
    if account.get("SystemAccount") or _is_used(books, account):
        raise Invalid("Account can not be deleted because it is a system account or is in use.")
    books.accounts.delete(account_id)
    return {**account, "Status": "DELETED"}


def _save(books: Books, account: Record, raw: Input) -> str:
    changed = {
        **account,
        "Code": raw.text("Code") if raw.has("Code") else account.get("Code"),
        "Name": (raw.text("Name") or account.get("Name", "")).strip(),
        "Description": raw.text("Description") or account.get("Description"),
        "TaxType": raw.text("TaxType") or account.get("TaxType") or "NONE",
        "EnablePaymentsToAccount": _flag(raw, account, "EnablePaymentsToAccount"),
        "ShowInExpenseClaims": _flag(raw, account, "ShowInExpenseClaims"),
        "UpdatedDateUTC": books.now(),
    }
    refuse(_problems(books, changed))
    books.accounts.put(changed["AccountID"], changed)
    return str(changed["AccountID"])


def _flag(raw: Input, account: Record, name: str) -> bool:
    value = raw.flag(name)
    return bool(account.get(name)) if value is None else value


def _problems(books: Books, account: Record) -> list[str]:
    code, name = account["Code"], account["Name"]
    problems = []
    if not name or len(name) > LONGEST_NAME or _taken(books, account, "name", name):
        problems.append("Please enter a unique Name.")
    if code and _taken(books, account, "code", code):
        problems.append("Please enter a unique Code.")
    if not code and account["Type"] != "BANK":
        problems.append("Account code must be specified.")
    if code and len(code) > LONGEST_CODE:
        problems.append("The account code must be 10 characters or less.")
    if account.get("Description") and account["Type"] == "BANK":
        problems.append("Description cannot be specified for bank accounts.")
    if len(account.get("Description") or "") > LONGEST_DESCRIPTION:
        problems.append("The description must be 4000 characters or less.")
    if account["TaxType"] not in books.tax_rates:
        problems.append(f"The TaxType code {account['TaxType']} does not exist.")
    currency = account.get("CurrencyCode")
    if currency and currency not in books.currencies:
        problems.append(f"The current organisation is not subscribed to currency '{currency}'.")
    return problems


def _taken(books: Books, account: Record, index: str, value: str) -> bool:
    found = books.accounts.find(index, value.lower())
    return any(other["AccountID"] != account["AccountID"] for other in found)


def _is_used(books: Books, account: Record) -> bool:
    account_id = account["AccountID"]
    paid = any(payment["AccountID"] == account_id for payment in books.payments.values())
    return paid or any(
        line.get("AccountID") == account_id
        for invoice in books.invoices.values()
        for line in invoice["LineItems"]
    )


def _list(call: Call) -> Reply:
    return answer(call, LISTING, call.books.accounts.values())


def _get(call: Call, key: str) -> Reply:
    account = call.books.accounts.get(key.lower()) or by_code(call.books, key)
    if account is None:
        raise NotFound
    return envelope(call, "Accounts", [dumps(render(account))])


def _put(call: Call) -> Reply:
    return write(call, WRITER, _one(call))


def _post(call: Call, key: str) -> Reply:
    if key.lower() not in call.books.accounts:
        raise NotFound
    elements = [Input({**raw.raw, "AccountID": key.lower()}, raw.path) for raw in _one(call)]
    return write(call, UPDATER, elements)


def _delete(call: Call, key: str) -> Reply:
    shown = render(delete(call.books, key.lower()))
    call.touched.append(key.lower())
    return envelope(call, "Accounts", [dumps(shown)])


def _one(call: Call) -> list[Input]:
    # Accounts take one element per request; the rest of a longer list is not looked at.
    return elements_of(call.body, "Accounts", "Account")[:1]


def _shown(call: Call, account_id: str) -> Record:
    account = call.books.accounts.get(account_id)
    assert account is not None, "only saved accounts are shown"
    return render(account)


WRITER = Writer(
    plural="Accounts",
    singular="Account",
    id_name="AccountID",
    flag="",
    save=lambda call, raw: create(call.books, raw),
    show=_shown,
)
UPDATER = Writer(
    plural="Accounts",
    singular="Account",
    id_name="AccountID",
    flag="",
    save=lambda call, raw: update(call.books, str(raw.guid("AccountID")), raw),
    show=_shown,
    known_id=lambda _, raw: raw.guid("AccountID"),
)
LISTING = Listing(
    key="Accounts",
    id_name="AccountID",
    fields=FIELDS,
    show=lambda _, account, __: dumps(render(account)),
    has_pages=False,
)
RESOURCE = Resource(
    path="Accounts",
    scopes=("accounting.settings",),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_put),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_post),
        Route(method="DELETE", rule="/<key>", handler=_delete),
    ),
)
