"""What pytest finds that the tests of a project need, by their ids; loaded as a plugin by the pytest under test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.reservation.needs import Needs

PROJECT = Path(__file__).resolve().parents[2]
FILE = "NEEDS_FILE"


def pytest_collection_finish(session: pytest.Session) -> None:
    from fixtures.needs import needs_of

    needs = {item.nodeid: needs_of(item).model_dump(mode="json") for item in session.items}
    Path(os.environ[FILE]).write_text(json.dumps(needs))


def collected_needs(file: Path, project: Path, *arguments: str) -> dict[str, Needs]:
    """Needs of the tests that ``pytest ARGUMENTS`` would run in `project`, by test id; written to `file` on the way."""
    command = [sys.executable, "-m", "pytest", "-p", __name__, "--collect-only", "-q", *arguments]
    environment = os.environ | {FILE: str(file), "PYTHONPATH": str(PROJECT)}
    run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return {test: Needs.model_validate_json(json.dumps(found)) for test, found in json.loads(file.read_text()).items()}
