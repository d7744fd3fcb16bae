"""The tables of a Perfex database that the REST module can show, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PREFIX: Final = "tbl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its MySQL type, whether it may be NULL, and what an insert without it stores."""

    type: str
    size: int = 0
    nullable: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: the column that counts up, the columns, and those that are looked up often."""

    key: str
    columns: dict[str, Column]
    indexed: tuple[str, ...] = ()


ZEROS: Final = {"int": "0", "dec": "0.00", "date": "0000-00-00", "dt": "0000-00-00 00:00:00"}


def column(text: str) -> tuple[str, Column]:
    """Read `name:type`, with `?` for a nullable column and `=value` for a default."""
    name, _, kind = text.partition(":")
    kind, _, default = kind.partition("=")
    nullable = kind.endswith("?")
    kind = kind.removesuffix("?")
    size = int(kind[1:]) if kind[0] == "v" else 0
    base = "text" if size else kind
    fallback = None if nullable else default or ZEROS.get(base, "")
    return name, Column(type=base, size=size, nullable=nullable, default=fallback)


def table(key: str, columns: str, *indexed: str) -> Table:
    """Build a table from its key and the short notation of `column`."""
    parsed = dict(column(text) for text in columns.split())
    return Table(key=key, columns={key: Column(type="int"), **parsed}, indexed=indexed)


BILLING: Final = """
billing_street:v200? billing_city:v100? billing_state:v100? billing_zip:v100? billing_country:int
shipping_street:v200? shipping_city:v100? shipping_state:v100? shipping_zip:v100?
shipping_country:int
"""

# The tables of the Purchase Management module, which the REST module knows nothing of.
LINE_SUMS: Final = """
item_code:v100? item_name:text? description:text? unit_id:int? unit_price:dec quantity:dec
into_money:dec tax:text? tax_rate:text? tax_name:text? tax_value:dec total:dec discount_money:dec
total_money:dec
"""
HEADER_SUMS: Final = """
subtotal:dec total:dec discount_percent:dec discount_total:dec discount_type:v30? currency:int
currency_rate:dec? from_currency:v20? to_currency:v20? shipping_fee:dec vendor:int
"""
PURCHASE: Final[dict[str, Table]] = {
    "pur_vendor": table(
        "userid",
        f"""company:v200? vendor_code:v100? vat:v50? phonenumber:v30? country:int city:v100?
        zip:v15? state:v50? address:v100? website:v150? datecreated:dt active:int=1 leadid:int?
        {BILLING} longitude:v191? latitude:v191? default_language:v40? default_currency:int
        show_primary_contact:int stripe_id:v40? registration_confirmed:int=1 addedfrom:int
        category:text? bank_detail:text? payment_terms:text? return_within_day:int?
        return_order_fee:dec? return_policies:text?""",
    ),
    "pur_contacts": table(
        "id",
        """userid:int is_primary:int firstname:v191 lastname:v191 email:v100 phonenumber:v100
        title:v100? datecreated:dt password:v255? last_login:dt? active:int=1 direction:v3?""",
        "userid",
    ),
    "pur_orders": table(
        "id",
        f"""pur_order_name:v100 number:int pur_order_number:v30 order_date:date
        delivery_date:date? approve_status:int=1 delivery_status:int order_status:v30? status:int=1
        datecreated:date total_tax:dec tax_order_rate:dec? tax_order_amount:dec? {HEADER_SUMS}
        estimate:int pur_request:int sale_invoice:int? vendornote:text? terms:text? hash:v32?
        buyer:int addedfrom:int clients:text? project:int? department:int? type:text?
        status_goods:int expense_convert:int days_owed:int""",
        "vendor",
    ),
    "pur_order_detail": table(
        "id",
        f"pur_order:int {LINE_SUMS} discount_%:dec wh_quantity_received:v200?",
        "pur_order",
    ),
    "pur_invoices": table(
        "id",
        f"""number:int invoice_number:v100? vendor_invoice_number:v100? invoice_date:date?
        duedate:date? tax_rate:int? tax:dec {HEADER_SUMS} contract:int? pur_order:int?
        transactionid:v100? transaction_date:date? payment_request_status:v30? payment_status:v30?
        vendor_note:text? adminnote:text? terms:text? add_from:int? add_from_type:v20? date_add:date
        order_tax:dec? recurring:int""",
        "vendor",
    ),
    "pur_invoice_details": table(
        "id",
        f"pur_invoice:int {LINE_SUMS} discount_percent:dec",
        "pur_invoice",
    ),
    "pur_invoice_payment": table(
        "id",
        """pur_invoice:int amount:dec paymentmode:v40? date:date daterecorded:dt note:text?
        transactionid:text? approval_status:int=1 requester:int?""",
        "pur_invoice",
    ),
}

TABLES: Final[dict[str, Table]] = {
    "clients": table(
        "userid",
        f"""company:v191? vat:v50? phonenumber:v30? country:int city:v100? zip:v15? state:v50?
        address:v191? website:v150? datecreated:dt active:int=1 leadid:int? {BILLING}
        longitude:v191? latitude:v191? default_language:v40? default_currency:int
        show_primary_contact:int stripe_id:v40? registration_confirmed:int=1 addedfrom:int""",
    ),
    "contacts": table(
        "id",
        """userid:int is_primary:int firstname:v191 lastname:v191 email:v100 phonenumber:v100
        title:v100? datecreated:dt password:v255? new_pass_key:v32? new_pass_key_requested:dt?
        email_verified_at:dt? email_verification_key:v32? email_verification_sent_at:dt?
        last_ip:v40? last_login:dt? last_password_change:dt? active:int=1 profile_image:v191?
        direction:v3? invoice_emails:int estimate_emails:int credit_note_emails:int
        contract_emails:int task_emails:int project_emails:int ticket_emails:int""",
        "userid",
        "email",
    ),
    "contact_permissions": table("id", "permission_id:int userid:int", "userid"),
    "customer_groups": table("id", "groupid:int customer_id:int", "customer_id"),
    "customers_groups": table("id", "name:v191"),
    "items": table(
        "id",
        """description:text long_description:text? rate:dec tax:int? tax2:int? unit:v40?
        group_id:int""",
    ),
    "items_groups": table("id", "name:v50"),
    "invoices": table(
        "id",
        f"""sent:int datesend:dt? clientid:int deleted_customer_name:v100? number:int prefix:v50?
        number_format:int=1 formatted_number:v100? datecreated:dt date:date duedate:date?
        currency:int subtotal:dec total_tax:dec total:dec adjustment:dec? addedfrom:int hash:v32
        status:int=1 clientnote:text? adminnote:text? last_overdue_reminder:date?
        last_due_reminder:date? cancel_overdue_reminders:int allowed_payment_modes:text?
        token:text? discount_percent:dec discount_total:dec discount_type:v30 recurring:int
        recurring_type:v10? custom_recurring:int cycles:int total_cycles:int
        is_recurring_from:int? last_recurring_date:date? terms:text? sale_agent:int {BILLING}
        include_shipping:int show_shipping_on_invoice:int=1 show_quantity_as:int=1 project_id:int
        subscription_id:int short_link:v100?""",
        "clientid",
        "number",
    ),
    "itemable": table(
        "id",
        """rel_id:int rel_type:v15 description:text long_description:text? qty:dec rate:dec
        unit:v40? item_order:int?""",
        "rel_id",
    ),
    "item_tax": table(
        "id", "itemid:int rel_id:int rel_type:v20 taxrate:dec taxname:v100", "itemid", "rel_id"
    ),
    "invoicepaymentrecords": table(
        "id",
        """invoiceid:int amount:dec paymentmode:v40? paymentmethod:v191? date:date daterecorded:dt
        note:text transactionid:text?""",
        "invoiceid",
    ),
    "creditnotes": table(
        "id",
        f"""clientid:int deleted_customer_name:v100? number:int prefix:v50? number_format:int=1
        formatted_number:v100? datecreated:dt date:date adminnote:text? terms:text?
        clientnote:text? currency:int subtotal:dec total_tax:dec total:dec adjustment:dec?
        addedfrom:int? status:int=1 project_id:int discount_percent:dec discount_total:dec
        discount_type:v30 {BILLING} include_shipping:int show_shipping_on_credit_note:int=1
        show_quantity_as:int=1 reference_no:v100?""",
        "clientid",
        "number",
    ),
    "credits": table(
        "id",
        "invoice_id:int credit_id:int staff_id:int date:date date_applied:dt amount:dec",
        "invoice_id",
        "credit_id",
    ),
    "creditnote_refunds": table(
        "id",
        """credit_note_id:int staff_id:int refunded_on:date payment_mode:v40 note:text?
        amount:dec created_at:dt?""",
        "credit_note_id",
    ),
    "expenses": table(
        "id",
        """category:int currency:int amount:dec tax:int? tax2:int reference_no:v100? note:text?
        expense_name:v191? clientid:int project_id:int billable:int invoiceid:int?
        paymentmode:v50? date:date recurring_type:v10? repeat_every:int? recurring:int cycles:int
        total_cycles:int custom_recurring:int last_recurring_date:date?
        create_invoice_billable:int send_invoice_to_customer:int recurring_from:int? dateadded:dt
        addedfrom:int vendor:int?""",
        "category",
    ),
    "taxes": table("id", "name:v100 taxrate:dec"),
    "payment_modes": table(
        "id",
        """name:v100 description:text? show_on_pdf:int invoices_only:int expenses_only:int
        selected_by_default:int=1 active:int=1""",
    ),
    "expenses_categories": table("id", "name:v191 description:text?"),
    "currencies": table(
        "id",
        """symbol:v10 name:v100 decimal_separator:v5? thousand_separator:v5? placement:v10?
        isdefault:int""",
    ),
    "countries": table(
        "country_id",
        """iso2:v2? short_name:v80 long_name:v80 iso3:v3? numcode:v6? un_member:v12?
        calling_code:v8? cctld:v5?""",
    ),
    "customfields": table(
        "id", "fieldto:v30 name:v150 slug:v150 required:int type:v20 options:text? active:int=1"
    ),
    "customfieldsvalues": table(
        "id", "relid:int fieldid:int fieldto:v15 value:text", "relid", "fieldid"
    ),
    "sales_activity": table(
        "id",
        """rel_type:v20? rel_id:int description:text additional_data:text? staffid:v11?
        full_name:v100? date:dt""",
        "rel_id",
    ),
    "staff": table("id", "email:v100 firstname:v50 lastname:v50 password:v250"),
    "options": table("id", "name:v191 value:text"),
    **PURCHASE,
}
