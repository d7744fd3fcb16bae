"""The matrix says what was seen where a step did not go as its cell says."""

import pytest

pytest.register_assert_rewrite("tests.matrix.trial", "tests.matrix.drivers")
