"""A site that the tests of fetching share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    """A site of the test's own."""
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()
