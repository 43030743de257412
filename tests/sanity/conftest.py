from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sanity.loopback_lab import LoopbackLab, loopback_lab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[LoopbackLab]:
    """Two hosts of this test alone."""
    with loopback_lab(tmp_path) as lab:
        yield lab
