"""Numbers of the oracle: fractions from JSON, whole cents from fractions."""

from fractions import Fraction


def number(value: object) -> Fraction:
    """A JSON number or text as a fraction; nothing (absent, null, empty) counts as zero."""
    return Fraction(str(value)) if value not in (None, "") else Fraction()


def half_up(value: Fraction, places: int = 2) -> Fraction:
    """The nearest multiple of a cent (or 10 ** -places), ties away from zero."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**places)


def text(value: Fraction) -> str:
    """Two decimals, for a value in whole cents: `475.54`."""
    cents = value * 100
    assert cents.denominator == 1, f"{value} is not in whole cents"
    sign, whole = "-" if cents < 0 else "", abs(cents.numerator)
    return f"{sign}{whole // 100}.{whole % 100:02d}"
