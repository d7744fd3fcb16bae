"""Each rule of the engine broken on purpose: the laws of the machine notice."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine import mutations
from tests.machine.laws import BrokenLaw
from tests.machine.mutations import Mutation
from tests.machine.narrow import Births

#: Always the same stories, so that what is caught today is caught tomorrow.
_SEARCH = settings(
    max_examples=150,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    print_blob=False,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(
    ("mutation", "law"),
    [
        (mutations.no_journal, "2 times|nothing is said"),
        (mutations.no_mark, "2 times|nothing is said"),
        (mutations.no_recheck, "was overwritten unasked"),
        (mutations.one_shared_base, "which nobody changed"),
        (mutations.link_by_number, "are different documents"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_rule_that_is_left_out_is_missed(
    mutation: Mutation, law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation(monkeypatch)
    with pytest.raises(BrokenLaw, match=law):
        run_state_machine_as_test(Births, settings=_SEARCH)


def test_the_same_stories_break_no_law_while_the_rules_are_kept() -> None:
    run_state_machine_as_test(Births, settings=settings(_SEARCH, max_examples=40))
