"""A small project with suites of its own, run by a real pytest process with the report plugin."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from plugfest.reporting.run_folder import RunFolder

REPOSITORY = Path(__file__).resolve().parents[2]
CONFTEST = """
import pytest

pytest_plugins = ["fixtures.report"]


class Cell:
    id = "ConnectX-7 × Jericho3 × AOC"


@pytest.fixture(autouse=True)
def labelled(label_cell, report_environment):
    report_environment.add({"lab": "bench 4"})
    label_cell(Cell(), {"NIC firmware": "28.41.1000", "NOS": "SONiC 202405"})
"""
PYTEST_INI = """
[pytest]
addopts = --strict-markers -p no:cacheprovider
markers =
    case(id): row of the test catalogue
    reference(clause, url=None): where the criterion comes from
"""


class LabProject:
    """A root folder with ``testsuites/l2``; every run is a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.suite = root / "testsuites" / "l2"
        self.suite.mkdir(parents=True)
        (root / "conftest.py").write_text(CONFTEST)
        (root / "pytest.ini").write_text(PYTEST_INI)

    def write(self, body: str, name: str = "test_lldp.py") -> None:
        """Make a test module of the suite."""
        (self.suite / name).write_text(body)

    def run(self, *arguments: str, html: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run pytest on the suites (or on what `arguments` name) and give back what it printed."""
        chosen = arguments if any("testsuites" in argument for argument in arguments) else ("testsuites", *arguments)
        command = [sys.executable, "-m", "pytest", *([] if html else ["--no-html"]), *chosen]
        variables = os.environ | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "160"} | environment
        return subprocess.run(command, cwd=self.root, env=variables, capture_output=True, text=True, timeout=120)

    @property
    def latest(self) -> RunFolder:
        """The newest run."""
        return RunFolder((self.root / "reports" / "out" / "latest").resolve())

    def results(self) -> dict[str, dict[str, Any]]:
        """Allure results of the newest run by test name."""
        documents = [json.loads(path.read_text()) for path in self.latest.results.glob("*-result.json")]
        return {document["name"]: document for document in documents}

    def junit(self) -> dict[str, ElementTree.Element]:
        """JUnit test cases of the newest run by test name."""
        return {case.attrib["name"]: case for case in ElementTree.parse(self.latest.junit).iter("testcase")}
