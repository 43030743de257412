"""A project whose suites judge made-up observations of the embedded lab's plan, in one process or in several."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from plugfest.evidence.folder import EVIDENCE, EvidenceFolder
from plugfest.evidence.records import Bundle
from plugfest.reporting.result_files import read_results
from plugfest.reporting.run_folder import RunFolder
from tests.evidence.lab_project import CONFTEST
from tests.reporting.lab_project import REPOSITORY, LabProject

PLUGINS = '"fixtures.scheduling", "fixtures.shards", "fixtures.history", "fixtures.lab",'
PRELUDE = '''
"""Pairs of hosts."""
import os
import pytest
from plugfest.devices.records import InterfaceState
from plugfest.errors import LabError
from plugfest.inventory.models import Link
from plugfest.verdicts.link import Ends, oper_up

LINK = Link.model_validate("h1:eth1 <-> leaf1:swp1")


def state(up):
    return InterfaceState(name="swp1", admin_up=True, oper_up=up, mtu=9000, mac=None)


def observed(up=True):
    return oper_up, LINK, Ends(a=state(up), b=state(True))


'''
"""What all modules begin with: ``judge(*observed())`` passes."""
SUITE = '''
@pytest.mark.case("L2-07")
def test_answers(host_pair, judge, pool, evidence):
    """One host answers the other."""
    pool.ask(host_pair.client, "ping", host_pair.server)
    evidence.attach("answer", host_pair.server, "text/plain")
    if host_pair.id == "h2->h1":
        raise LabError("h2: no answer within 5 s")
    if host_pair.id == "h3->h4":
        pytest.skip("h3 has no capability ping")
    judge(*observed(up=host_pair.id != "h1->h4"))


def test_says_nothing(host_pair):
    pass


def test_alone(judge, pool):
    judge(*observed())
'''


class ParallelProject(LabProject):
    """Its pool answers at once, and no lab is started."""

    def __init__(self, root: Path, suite: str = SUITE) -> None:
        super().__init__(root)
        conftest = CONFTEST.replace('"fixtures.scheduling",', PLUGINS)
        assert PLUGINS in conftest
        (root / "conftest.py").write_text(conftest + NO_LAB)
        self.write(PRELUDE + suite, "test_pairs.py")

    def run(self, *arguments: str, html: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run pytest; the harness's revision is unknown in every run, even if somebody commits meanwhile."""
        return super().run(*arguments, html=html, **{"GIT_DIR": os.devnull} | environment)

    def started(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start pytest and do not wait."""
        command = [sys.executable, "-m", "pytest", "testsuites", "--no-html", *arguments]
        variables = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        return subprocess.Popen(command, cwd=self.root, env=variables, stdout=subprocess.DEVNULL)


NO_LAB = """

import fixtures.lab


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    fixtures.lab.lab_of_run = __import__("contextlib").nullcontext
"""


def bundles(run: RunFolder) -> dict[str, Bundle]:
    """Evidence of a run by test."""
    found = [bundle.record for bundle in EvidenceFolder(run.path / EVIDENCE).bundles()]
    assert len({record.test for record in found}) == len(found)
    return {record.test: record for record in found}


def outcomes(run: RunFolder) -> dict[str, tuple[str, str]]:
    """Outcome and reason by test."""
    return {test: (record.outcome.value, record.reason) for test, record in bundles(run).items()}


def allure_statuses(run: RunFolder) -> list[tuple[str, str]]:
    """Name with parameters, and status, of every Allure result."""
    return sorted((_identity(result), result["status"]) for result in read_results(run.results))


def _identity(result: dict[str, Any]) -> str:
    stable = [each["value"] for each in result.get("parameters", []) if not each.get("excluded")]
    return f"{result['fullName']} {' '.join(stable)}"


def junit_outcomes(run: RunFolder) -> dict[str, list[str]]:
    """What JUnit says of each test case."""
    cases = ElementTree.parse(run.junit).iter("testcase")
    return {
        f"{case.get('classname')}.{case.get('name')}": [kind.tag for kind in case if kind.tag != "properties"]
        for case in cases
    }
