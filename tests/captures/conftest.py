"""Captures for the tests of this folder: synthetic ones with known content, written once per session."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plugfest.bench.synthetic.capture import write_capture
from plugfest.bench.synthetic.scenario import Scenario, Truth

Synthetic = Callable[[Scenario], tuple[Path, Truth]]


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    """Writes a scenario to disk and tells what was put in; the same scenario is written once."""
    folder = tmp_path_factory.mktemp("synthetic")
    written: dict[Scenario, tuple[Path, Truth]] = {}

    def write(scenario: Scenario) -> tuple[Path, Truth]:
        if scenario not in written:
            path = folder / f"{len(written)}.pcap"
            written[scenario] = path, write_capture(path, scenario)
        return written[scenario]

    return write
