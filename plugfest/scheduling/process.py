"""Which process of a distributed run this is, and what its main process knows."""

from collections.abc import Sequence

import pytest

ITEMS = pytest.StashKey[Sequence[pytest.Item]]()
"""All tests of a distributed lab run; only in its main process."""


def is_worker(config: pytest.Config) -> bool:
    """True in a process that another one tells which tests to run."""
    return hasattr(config, "workerinput")


def is_main_process(config: pytest.Config) -> bool:
    """True in the process of a distributed run that gives out the tests."""
    return not is_worker(config) and config.getoption("dist", "no") != "no"
