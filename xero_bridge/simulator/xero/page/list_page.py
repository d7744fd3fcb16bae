"""Items, accounts and tax rates: the lists and the few edits a demo needs."""

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.page.visit import Visit, attempt
from xero_bridge.simulator.xero.resource import account as account_rules
from xero_bridge.simulator.xero.resource import item as item_rules
from xero_bridge.simulator.xero.resource import tax_rate as rate_rules
from xero_bridge.simulator.xero.resource.account import CLASS_OF

NEW_TYPES = ("REVENUE", "EXPENSE", "OVERHEADS", "DIRECTCOSTS", "CURRENT", "CURRLIAB", "BANK")


def items(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the price list."""
    rows = sorted(visit.books.items.values(), key=lambda row: row["Code"])
    return visit.show("items.html", http=400 if wrong else 200, wrong=wrong, rows=rows)


def new_item(visit: Visit) -> Response:
    """Add an item, or change the one of this code."""
    form = visit.form()
    details = _sent(form, "UnitPrice", "AccountCode", "TaxType")
    raw = Input({**_sent(form, "Code", "Name", "Description"), "SalesDetails": details}, "Form")
    wrong = attempt(visit, lambda: item_rules.upsert(visit.books, raw, 4))
    return items(visit, wrong) if wrong else visit.go("items", "Saved.")


def accounts(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the chart of accounts."""
    rows = sorted(
        visit.books.accounts.values(), key=lambda row: (row.get("Code") or "", row["Name"])
    )
    return visit.show(
        "accounts.html",
        http=400 if wrong else 200,
        wrong=wrong,
        rows=rows,
        kinds=[kind for kind in NEW_TYPES if kind in CLASS_OF],
        rates=visit.books.tax_rates.values(),
    )


def new_account(visit: Visit) -> Response:
    """Add an account."""
    form = visit.form()
    raw = _sent(form, "Code", "Name", "Type", "TaxType", "EnablePaymentsToAccount")
    wrong = attempt(visit, lambda: account_rules.create(visit.books, Input(raw, "Form")))
    return accounts(visit, wrong) if wrong else visit.go("accounts", "Added.")


def change_account(visit: Visit, account_id: str) -> Response:
    """Archive an account or make it active again."""
    if account_id not in visit.books.accounts:
        raise KeyError(account_id)
    raw = visit.input("Status")
    wrong = attempt(visit, lambda: account_rules.update(visit.books, account_id, raw))
    return accounts(visit, wrong) if wrong else visit.go("accounts", f"Now {raw.text('Status')}.")


def tax_rates(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the tax rates, deleted ones included."""
    return visit.show(
        "tax_rates.html",
        http=400 if wrong else 200,
        wrong=wrong,
        rows=visit.books.tax_rates.values(),
        report_types=rate_rules.REPORT_TYPES.get(visit.books.organisation["Version"], []),
    )


def new_tax_rate(visit: Visit) -> Response:
    """Add a custom tax rate of one or two components."""
    form = visit.form()
    components = [
        {"Name": form[f"component-{n}"], "Rate": form.get(f"rate-{n}", "0")}
        for n in (1, 2)
        if f"component-{n}" in form
    ]
    raw: Record = {"Name": form.get("Name", ""), "TaxComponents": components}
    if "ReportTaxType" in form:
        raw["ReportTaxType"] = form["ReportTaxType"]
    wrong = attempt(visit, lambda: rate_rules.save(visit.books, Input(raw, "Form"), create=True))
    return tax_rates(visit, wrong) if wrong else visit.go("tax-rates", "Added.")


def delete_tax_rate(visit: Visit, code: str) -> Response:
    """Delete a custom tax rate; it stays in the list with that status."""
    rate = visit.books.tax_rates.get(code)
    if rate is None:
        raise KeyError(code)
    raw = {**rate_rules.render(rate), "Status": "DELETED"}
    wrong = attempt(visit, lambda: rate_rules.save(visit.books, Input(raw, "Form"), create=False))
    return tax_rates(visit, wrong) if wrong else visit.go("tax-rates", "Deleted.")


def _sent(form: dict[str, str], *names: str) -> Record:
    return {name: form[name] for name in names if name in form}
