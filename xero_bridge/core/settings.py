"""The settings of one connection: every key, what it accepts and what it means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from xero_bridge.core.vocabulary import Births, Direction


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person chose for a connection. Empty text means: not chosen yet."""

    sales_account: str = ""
    purchase_account: str = ""
    rounding_account: str = ""
    #: Account of after-tax discounts and adjustments; empty means the sales account.
    discount_account: str = ""
    rounding_policy: Literal["line", "hold"] = "line"
    #: Cents of difference allowed per taxed line, in the document's currency.
    rounding_limit: Decimal = Decimal("0.01")
    invoice_status: Literal["DRAFT", "AUTHORISED"] = "AUTHORISED"
    bill_status: Literal["DRAFT", "AUTHORISED"] = "DRAFT"
    #: Documents dated before it are linked if found, not created.
    start_date: date | None = None
    open_before_start: bool = False
    direction: dict[str, Direction] = {}
    #: `KIND.SIDE` -> policy.
    births: dict[str, Births] = {}
    #: KIND -> whose text holds where both sides changed it differently; else the side of birth.
    owner: dict[str, Literal["birth", "perfex", "xero", "ask"]] = {}
    poll_minutes: int = 15
    expense_as: Literal["spend", "bill", "auto"] = "auto"
    expense_contact: str = ""
    #: Money spent is entered on accounts with a bank feed too.
    expense_consent: bool = False
    #: Which money spent and bills of Xero become Perfex expenses: none, or those whose lines all
    #: stand on accounts of expense categories.
    expense_rule: Literal["off", "accounts"] = "off"
    #: Names of the only contacts that the rule admits, separated by semicolons; empty: all.
    expense_rule_contacts: str = ""
    lock_policy: Literal["hold", "ask"] = "hold"
    void_policy: Literal["ask", "automatic"] = "ask"
    guard_max_count: int = 20
    guard_max_percent: int = 10
    guard_max_amount: Decimal = Decimal(50000)
    #: Xero calls of the day that are kept for people.
    call_reserve: int = 100
    #: Prefix of our marks.
    site_tag: str = "PX"
    #: Time zone of the Perfex site (IANA name).
    time_zone: str = "UTC"
    #: Zero padding of Perfex numbers (its own setting, which the API does not show).
    number_padding: int = 6
    #: Requests an hour that the bridge may take of the Perfex token's quota.
    perfex_hourly: int = 500
