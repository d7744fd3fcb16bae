"""People, time, faults and the bridge in any order: the laws of `laws.py` hold after every step.

`pytest tests/machine --hypothesis-profile nightly` tries 2,000 stories of 30 steps; the usual run
a few, and always the same.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.machine.machine import Machine
from tests.machine.narrow import Births, Till

#: A profile that asks for more than the usual number of examples is the nightly one.
NIGHTLY = settings().max_examples >= 1000


def _stories(usual: int) -> settings:
    return settings(
        max_examples=2000 if NIGHTLY else usual,
        stateful_step_count=30,
        deadline=None,
        derandomize=not NIGHTLY,
        suppress_health_check=list(HealthCheck),
    )


Machine.TestCase.settings = _stories(150)
Births.TestCase.settings = _stories(20)
Till.TestCase.settings = _stories(40)

TestNothingIsDoneTwiceAndNothingIsLost = Machine.TestCase
TestBirthsAndEditsSurviveLostAnswers = Births.TestCase
TestMoneyIsEnteredOnce = Till.TestCase
