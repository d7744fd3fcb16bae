"""Bodies as clients of the two systems write them."""

from decimal import Decimal
from typing import Any

NUMBERS = frozenset(
    """Amount BankAmount CurrencyRate DiscountAmount DiscountRate LineAmount Quantity Rate TaxAmount
    UnitAmount UnitPrice""".split()
)


def with_numbers(body: Any) -> Any:
    """The same body with amounts as JSON numbers, which tests write as text to be exact.

    The shortest text of such a float is the amount again.
    """
    if isinstance(body, dict):
        return {k: _number(v) if k in NUMBERS else with_numbers(v) for k, v in body.items()}
    if isinstance(body, list | tuple):
        return [with_numbers(element) for element in body]
    return float(body) if isinstance(body, Decimal) else body


def _number(value: Any) -> Any:
    if not isinstance(value, str | Decimal):
        return value
    try:
        return float(value)
    except ValueError:
        return value
