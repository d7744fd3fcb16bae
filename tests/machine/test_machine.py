"""People, time, faults and the bridge in any order: the laws of `laws.py` hold after every step.

`--hypothesis-profile nightly` tries 2,000 stories of 30 steps, the usual run a few and always the
same.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.machine.machine import Machine

_THOROUGH = 1000
#: A profile that asks for more than the usual number of examples is the nightly one.
_NIGHTLY = settings().max_examples >= _THOROUGH

Machine.TestCase.settings = settings(
    max_examples=2000 if _NIGHTLY else 60,
    stateful_step_count=30,
    deadline=None,
    derandomize=not _NIGHTLY,
    suppress_health_check=list(HealthCheck),
)

TestNothingIsDoneTwiceAndNothingIsLost = Machine.TestCase
