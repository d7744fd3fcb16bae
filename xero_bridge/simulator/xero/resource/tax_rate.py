"""Tax rates: system ones are fixed, custom ones get the codes TAX001, TAX002 and so on."""

from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import Invalid, NotFound
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import fields
from xero_bridge.simulator.xero.kernel.wire import dumps, rounded

STATUSES = ("ACTIVE", "DELETED", "ARCHIVED", "PENDING")
REPORTING_COUNTRIES = ("AU", "NZ", "UK")
UK_REPORT_TYPES = (
    "OUTPUT INPUT EXEMPTOUTPUT EXEMPTINPUT GSTONIMPORTS CAPITALSALESOUTPUT CAPITALEXPENSESINPUT "
    "ECOUTPUT ECOUTPUTSERVICES ECINPUT ECACQUISITIONS REVERSECHARGES MOSSSALES NONE"
).split()
REPORT_TYPES = {
    "UK": UK_REPORT_TYPES,
    "NZ": "OUTPUT INPUT EXEMPTOUTPUT EXEMPTINPUT GSTONIMPORTS NONE".split(),
    "AU": (
        "OUTPUT INPUT EXEMPTOUTPUT EXEMPTEXPENSES EXEMPTEXPORT EXEMPTCAPITAL INPUTTAXED "
        "BASEXCLUDED CAPITALEXINPUT GSTONIMPORTS GSTONCAPIMPORTS"
    ).split(),
}
CLASSES = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}
FIELDS = fields(
    Name="text", TaxType="text", Status="text", EffectiveRate="number", ReportTaxType="text"
)


def render(rate: Record) -> Record:
    """Return a tax rate as Xero shows it."""
    return {name: value for name, value in rate.items() if not name.startswith("_")}


def effective(components: list[Record]) -> Decimal:
    """Return the percentage that the components come to; a compound one taxes the others too."""
    simple = sum((c["Rate"] for c in components if not c["IsCompound"]), Decimal())
    compound = sum((c["Rate"] for c in components if c["IsCompound"]), Decimal())
    return rounded(simple + compound * (100 + simple) / 100, 4)


def save(books: Books, raw: Input, *, create: bool) -> str:
    """Add a rate, or update the custom rate of this TaxType or Name; raises Invalid."""
    existing = _meant(books, raw)
    if existing is None:
        return _put(books, _new(books, raw), raw)
    if create:
        raise Invalid("The tax rate name already exists. Please enter a unique Name.")
    if existing["_system"]:
        raise Invalid("System tax rates cannot be updated.")
    return _put(books, existing, raw)


def by_name(books: Books, name: str) -> Record | None:
    """Return the rate of this name unless it was deleted."""
    wanted = name.strip().lower()
    rates = (rate for rate in books.tax_rates.values() if rate["Status"] != "DELETED")
    return next((rate for rate in rates if rate["Name"].lower() == wanted), None)


def _meant(books: Books, raw: Input) -> Record | None:
    if code := raw.text("TaxType"):
        return books.tax_rates.get(code)
    return by_name(books, raw.text("Name") or "")


def _new(books: Books, raw: Input) -> Record:
    if raw.has("TaxType"):
        raise Invalid("TaxType cannot be chosen for a new tax rate.")
    used = {rate["TaxType"] for rate in books.tax_rates.values()}
    code = next(code for n in range(1, 1000) if (code := f"TAX{n:03d}") not in used)
    return {"TaxType": code, "Status": "ACTIVE", "_system": False, "TaxComponents": []}


def _put(books: Books, rate: Record, raw: Input) -> str:
    components = _components(raw)
    kept = {component["Name"] for component in components}
    if any(component["Name"] not in kept for component in rate["TaxComponents"]):
        raise Invalid("Tax components cannot be renamed or removed; all of them must be sent.")
    name = (raw.text("Name") or rate.get("Name", "")).strip()
    if not name:
        raise Invalid("The tax rate name must be specified.")
    percent = effective(components)
    report = _report_type(books, raw)
    sells = report in (None, "OUTPUT", "EXEMPTOUTPUT", "NONE") or "OUTPUT" in str(report)
    buys = report in (None, "NONE") or "INPUT" in str(report) or "CHARGES" in str(report)
    changed = {
        **rate,
        "Name": name,
        "Status": raw.choice("Status", STATUSES, "TaxRateStatus") or rate["Status"],
        "TaxComponents": components,
        "CanApplyToAssets": True,
        "CanApplyToEquity": True,
        "CanApplyToExpenses": buys,
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": sells,
        "DisplayTaxRate": percent,
        "EffectiveRate": percent,
        **({"ReportTaxType": report} if report else {}),
    }
    books.tax_rates.put(changed["TaxType"], changed)
    return str(changed["TaxType"])


def _components(raw: Input) -> list[Record]:
    components = [
        {
            "Name": (component.text("Name") or "").strip(),
            "Rate": rounded(component.number("Rate") or Decimal(), 4),
            "IsCompound": bool(component.flag("IsCompound")),
            "IsNonRecoverable": bool(component.flag("IsNonRecoverable")),
        }
        for component in raw.children("TaxComponents") or []
    ]
    if not components or not all(component["Name"] for component in components):
        raise Invalid("At least one tax component with a name must be specified.")
    return components


def _report_type(books: Books, raw: Input) -> str | None:
    version = str(books.organisation["Version"])
    if version not in REPORTING_COUNTRIES:
        return None
    report = raw.text("ReportTaxType")
    if report is None:
        raise Invalid("ReportTaxType must be specified.")
    if report not in REPORT_TYPES[version]:
        raise Invalid(f"The ReportTaxType {report} is not valid for this organisation.")
    return report


def _list(call: Call) -> Reply:
    return answer(call, LISTING, call.books.tax_rates.values())


def _get(call: Call, key: str) -> Reply:
    rate = call.books.tax_rates.get(key.upper())
    if rate is None:
        raise NotFound
    return envelope(call, "TaxRates", [dumps(render(rate))])


def _write(call: Call, *, create: bool) -> Reply:
    writer = Writer(
        plural="TaxRates",
        singular="TaxRate",
        id_name="TaxType",
        flag="",
        save=lambda call, raw: save(call.books, raw, create=create),
        show=lambda call, code: render(call.books.tax_rates.get(code) or {}),
        known_id=lambda _, raw: raw.text("TaxType") or "",
    )
    return write(call, writer, elements_of(call.body, "TaxRates", "TaxRate")[:1])


LISTING = Listing(
    key="TaxRates",
    id_name="TaxType",
    fields=FIELDS,
    show=lambda _, rate, __: dumps(render(rate)),
    has_pages=False,
    has_modified=False,
)
RESOURCE = Resource(
    path="TaxRates",
    scopes=("accounting.settings",),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=lambda call: _write(call, create=True)),
        Route(method="POST", rule="", handler=lambda call: _write(call, create=False)),
        Route(method="GET", rule="/<key>", handler=_get),
    ),
)
