"""A project whose suites judge the embedded lab's plan, with every kind of trouble on purpose; no lab is touched."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from plugfest.evidence.folder import EvidenceFolder, evidence_of
from tests.evidence.lab_project import CONFTEST
from tests.reporting.lab_project import REPOSITORY, LabProject

PLUGINS = '"fixtures.options", "fixtures.selection", "fixtures.report", "fixtures.verdict", "fixtures.evidence",'
GATE = '''
"""Link layer."""
import pytest
from plugfest.devices.records import InterfaceState
from plugfest.verdicts import link as verdicts
from plugfest.verdicts.link import Ends


def state(end, mtu):
    return InterfaceState(name=end.port, admin_up=True, oper_up=True, mtu=mtu, mac=None)


@pytest.mark.case("L2-07")
def test_mtu_agrees(link, judge, pool):
    """Both ends of a cable have one MTU."""
    pool.ask("h1", "ip -j link", "[]")
    mtu = 9000 if "h1:eth1" in link.id and GATE_FAILS else 4200
    judge(verdicts.mtu_agrees, link, Ends(a=state(link.a, mtu), b=state(link.b, 4200)), 4200)
'''
REST = '''
"""What rests on the links."""
from pathlib import Path
from typing import Any
import pytest
from plugfest.errors import Inconclusive, LabError
from plugfest.verdicts.verdict import Verdict, equal, verdict


def is_even(number: int) -> Verdict:
    return verdict("the number is even", [equal("remainder", 0, number % 2)])


is_even.__module__ = "plugfest.verdicts.even"  # judged once, never replayed
HERE = Path(__file__).parent


def times(name):
    """How often a test was begun, also in earlier runs."""
    file = HERE / f"{name}.count"
    count = int(file.read_text()) + 1 if file.exists() else 1
    file.write_text(str(count))
    return count


@pytest.mark.case("ROCE-01")
def test_traffic(host_pair, judge):
    """Traffic runs."""
    judge(is_even, 2)


@pytest.mark.case("ROCE-02")
def test_steady(judge):
    """Passes at the second attempt."""
    judge(is_even, times("steady"))


@pytest.mark.case("ROCE-03")
def test_wrong(judge):
    """Fails always; the second time the lab is at fault."""
    if times("wrong") > 1:
        raise LabError("h1 is gone")
    judge(is_even, 3)
'''


class NightProject(LabProject):
    """Gate suite ``link``, further suite ``rocev2``."""

    def __init__(self, root: Path, gate_fails: bool = False, rest: str = REST) -> None:
        super().__init__(root)
        self.suite.rmdir()
        plugins = PLUGINS + ' "fixtures.known_issues", "fixtures.history", "fixtures.nightly",'
        (root / "conftest.py").write_text(
            CONFTEST.replace('"fixtures.options", "fixtures.selection", "fixtures.report", "fixtures.verdict", '
                             '"fixtures.evidence",', plugins)
        )  # fmt: skip
        for name, body in (("link", GATE.replace("GATE_FAILS", str(gate_fails))), ("rocev2", rest)):
            folder = root / "testsuites" / name
            folder.mkdir()
            (folder / f"test_{name}.py").write_text(body)

    def plan(self, text: str = "", budget: str = "1h") -> Path:
        """Write a plan without HTML report; `text` holds further lines."""
        file = self.root / "plan.yaml"
        base = f"version: 1\nname: nightly\ntime_budget: {budget}\ngate: [testsuites/link]\n"
        file.write_text(base + ("" if "finish:" in text else "finish: {html: false}\n") + text)
        return file

    def nightly(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `plugfest nightly plan.yaml`."""
        command = [sys.executable, "-m", "plugfest", "nightly", "plan.yaml", *arguments]
        variables = self.variables | environment
        return subprocess.run(command, cwd=self.root, env=variables, capture_output=True, text=True, timeout=180)

    @property
    def variables(self) -> dict[str, str]:
        """Environment of a night: a database of its own."""
        state = str(self.root / "state")
        return os.environ | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "160", "PLUGFEST_STATE": state}

    @property
    def evidence(self) -> EvidenceFolder:
        """Evidence of the newest night."""
        return evidence_of(self.latest.path)

    def outcomes(self) -> dict[str, list[str]]:
        """Outcomes of all attempts by test name."""
        found: dict[str, list[tuple[int, str]]] = {}
        for bundle in self.evidence.bundles():
            name = bundle.record.test.partition("::")[2]
            found.setdefault(name, []).append((bundle.record.attempt, bundle.record.outcome.value))
        return {name: [outcome for _, outcome in sorted(made)] for name, made in found.items()}

    def all_results(self) -> list[tuple[str, dict[str, Any]]]:
        """Allure results of all attempts with the names of their tests."""
        documents = [json.loads(path.read_text()) for path in self.latest.results.glob("*-result.json")]
        return [(document["name"], document) for document in documents]
