"""Modules of generation 2 do not show the taxes of lines: they are derived, but never guessed."""

from tests.remotes.perfex.conftest import OBSERVED, OLD, Connect
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.invoice import Invoice

SEED = "demo"


def taxes(record: Record) -> list[str]:
    assert isinstance(record, Invoice)
    return [line.tax for line in record.lines]


def test_derived_taxes_of_an_old_module_are_those_that_a_new_one_shows(connect: Connect) -> None:
    shown = connect(OBSERVED, seed=SEED).records(Kind.INVOICE)
    derived = connect(OLD, seed=SEED).records(Kind.INVOICE)
    assert set(shown) == set(derived)
    found = 0
    for id, record in derived.items():
        if "?" not in taxes(record):
            assert taxes(record) == taxes(shown[id])
            found += bool(taxes(record))
    assert found
