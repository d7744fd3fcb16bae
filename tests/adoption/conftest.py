"""Existing books between which a bridge was set up: it has looked, asked, and written nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.adoption.books import Existing, enter
from tests.adoption.ghosts import a_business
from tests.support.bridge import ANN, NAME, Bridge, a_bridge
from xero_bridge.core.vocabulary import Kind, RunState
from xero_bridge.operations import mappings
from xero_bridge.operations.mappings import NewMapping
from xero_bridge.operations.questions import QuestionView, question_views

MAPPED = (
    NewMapping(kind=Kind.TAX, perfex="VAT|20.00", sales="OUTPUT2"),
    NewMapping(kind=Kind.TAX, perfex="none", sales="NONE"),
    NewMapping(kind=Kind.PAYMENT_MODE, perfex="1", account="090"),
)


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """A bridge before its first sync, and who is who in both systems."""

    bridge: Bridge
    made: Existing

    def open(self, reason: str = "") -> list[QuestionView]:
        """What is asked, in the order of the page."""
        views = question_views(self.bridge.services, NAME)
        return [view for view in views if reason in ("", view.reason)]


@pytest.fixture
def adoption(tmp_path: Path) -> Iterator[Adoption]:
    """60 firms and 80 bills on both sides, and three of each on one side alone; asked about."""
    with a_bridge(f"sqlite:///{tmp_path / 'bridge.sqlite'}", tmp_path, demo=False) as bridge:
        business = a_business(60, 80, seed=11, alone=3)
        made = enter(business, bridge.perfex, bridge.xero, seed=11)
        bridge.add()
        bridge.consent()
        bridge.set(sales_account="200", rounding_account="429", start_date="2026-01-01")
        for new in MAPPED:
            mappings.set_mapping(bridge.services, NAME, new, by=ANN)
        assert bridge.sync().state is RunState.PLANNED
        yield Adoption(bridge=bridge, made=made)
