"""A small project whose suites judge recorded observations of the embedded lab's plan; no lab is touched."""

from pathlib import Path

from plugfest.evidence.folder import EvidenceFolder, evidence_of
from tests.reporting.lab_project import LabProject

CONFTEST = '''
import time
import pytest
from plugfest.sessions.result import CommandResult
from plugfest.sessions.transcript import Recorder

pytest_plugins = [
    "fixtures.options", "fixtures.selection", "fixtures.report", "fixtures.verdict", "fixtures.evidence",
    "fixtures.scheduling",
]


class Pool:
    """Answers every command at once."""

    def __init__(self):
        self._recorder = Recorder()
        self.recording = self._recorder.recording

    def ask(self, device, command, out):
        self._recorder.add(CommandResult(
            device=device, command=command, out=out, err="", exit_status=0, duration=0.01, started=time.time()))


@pytest.fixture(scope="session")
def pool():
    return Pool()


@pytest.fixture(autouse=True)
def transcript(pool):
    with pool.recording() as recorded:
        yield recorded
'''
SUITE = '''
"""Link layer of recorded ports."""
import pytest
from plugfest.devices.records import InterfaceState
from plugfest.verdicts import link as verdicts
from plugfest.verdicts.link import Ends


@pytest.fixture(scope="session")
def mtus(pool, attach_evidence):
    attach_evidence("at leaf1.pcap", b"\\xd4\\xc3\\xb2\\xa1 shared", "application/vnd.tcpdump.pcap")
    pool.ask("leaf1", "ip -j link", "[{}]\\n")
    return {"leaf1": 4200, "leaf2": 9000}


def state(end, mtus):
    mtu = mtus.get(end.device, 4200)
    return InterfaceState(name=end.port, admin_up=True, oper_up=True, mtu=mtu, mac=None)


@pytest.mark.case("L2-07")
@pytest.mark.reference("RFC 4821")
def test_mtu_agrees(link, mtus, judge, pool, evidence):
    """Both ends of a cable have one MTU."""
    pool.ask("h1", "cat /etc/token", "api_token=canary-7193\\n")
    evidence.attach("frames.pcap", b"\\xd4\\xc3\\xb2\\xa1 not a real one", "application/vnd.tcpdump.pcap")
    evidence.attach("notes", "password: canary-5521", "text/plain")
    judge(verdicts.mtu_agrees, link, Ends(a=state(link.a, mtus), b=state(link.b, mtus)), 4200)


@pytest.mark.case("PHY-01")
def test_is_up(link, mtus, judge):
    judge(verdicts.oper_up, link, Ends(a=state(link.a, mtus), b=state(link.b, mtus)))
'''


def recorded_run(root: Path, suite: str = SUITE, *arguments: str) -> tuple[LabProject, EvidenceFolder]:
    """Run the suite in a fresh project; its evidence."""
    project = LabProject(root)
    (root / "conftest.py").write_text(CONFTEST)
    project.write(suite, "test_ports.py")
    answer = project.run(*arguments)
    assert (project.root / "reports" / "out" / "latest").exists(), answer.stdout + answer.stderr
    return project, evidence_of(project.latest.path)
