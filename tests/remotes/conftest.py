"""What the tests of the clients share."""

from collections.abc import Iterator

import pytest
import responses


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    """Answers of a server that is not there; a call that nobody announced fails."""
    with responses.RequestsMock() as mock:
        yield mock
