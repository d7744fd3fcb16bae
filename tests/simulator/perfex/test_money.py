"""The simulator's own arithmetic, against the worked example and the independent oracle."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.oracle import perfex as oracle
from tests.simulator.perfex.conftest import Serve
from tests.simulator.perfex.site import ECO, VAT, Perfex, line
from xero_bridge.simulator.perfex import impossible_invoices

EXAMPLE = [
    line("A", "2.00", "150.00", VAT),
    line("B", "3.00", "33.33", VAT, ECO),
    line("C", "1.00", "50.00", "VAT|5.00"),
]


@pytest.mark.parametrize(
    ("kind", "percent", "fixed", "adjustment", "discount", "tax", "total"),
    [
        ("", "0", "0", "0", "0.00", "85.00", "534.99"),
        ("before_tax", "10", "0", "0", "45.00", "76.50", "481.49"),
        ("after_tax", "10", "0", "0", "53.50", "85.00", "481.49"),
        ("before_tax", "0", "50", "0", "50.00", "75.55", "475.54"),
        ("after_tax", "0", "50", "0", "50.00", "85.00", "484.99"),
        ("before_tax", "0", "50", "-0.54", "50.00", "75.55", "475.00"),
    ],
)
def test_the_worked_example_comes_out_to_the_cent(
    perfex: Perfex,
    kind: str,
    percent: str,
    fixed: str,
    adjustment: str,
    discount: str,
    tax: str,
    total: str,
) -> None:
    invoice = perfex.invoice(
        lines=EXAMPLE,
        discount_type=kind,
        discount_percent=percent,
        discount_total=fixed,
        adjustment=adjustment,
    )
    detail = perfex.get(f"invoices/{invoice}")
    found = (detail["subtotal"], detail["discount_total"], detail["total_tax"], detail["total"])
    assert found == ("449.99", discount, tax, total)


def test_every_demo_invoice_agrees_with_the_oracle_but_the_two_that_were_stored_wrong(
    serve: Serve,
) -> None:
    demo = serve(seed="demo")
    rows = demo.simulator.rows("invoices")
    different = []
    for row in rows:
        detail = demo.get(f"invoices/{row['id']}")
        assert oracle.stored_tax(detail) == Fraction(detail["total_tax"]), row["id"]
        if oracle.perfex_total(detail) != Fraction(detail["total"]):
            different.append(Fraction(detail["total"]) - oracle.perfex_total(detail))
    assert sorted(different) == [Fraction(1, 100), Fraction(12)]
    assert len(impossible_invoices()) == 8
