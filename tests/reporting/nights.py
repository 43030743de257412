"""Sixty tests in four suites, as a lab would run them every night; some things go wrong on purpose."""

from pathlib import Path

from tests.reporting.lab_project import LabProject

SUITES = ("link", "l2", "rocev2", "routing")
MODULE = '''
"""{title}."""
import io

import pytest

from plugfest.errors import Inconclusive, LabError
from plugfest.reporting.attachments import attach_capture, attach_plot, attach_transcript
from plugfest.reporting.judgement import report_verdicts
from plugfest.verdicts.verdict import View, demand_all, equal, row, verdict

pytestmark = pytest.mark.case("{case}")
LINKS = [f"h{{number}}:eth1<->leaf{{1 + number % 2}}:swp{{number}}" for number in range(1, 13)]


def plot():
    from matplotlib.figure import Figure
    figure = Figure(figsize=(5, 2))
    figure.subplots().plot([0, 1, 2, 3], [0, 9, 9, 12])
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()


@pytest.mark.reference("RFC 7938 5.2", url="https://www.rfc-editor.org/rfc/rfc7938")
@pytest.mark.parametrize("link", LINKS)
def test_both_ends_agree(request, tmp_path, link):
    """Both ends agree."""
    got = 1500 if "{suite}" == "l2" and link.startswith("h7:") else 4200
    judged = verdict("Both ends have one MTU", [
        equal(f"{{link}} MTU", 4200, got, View.NIC), equal(f"{{link}} MTU", 4200, 4200, View.SWITCH),
        row("ping 4200 bytes", "answer", "answer" if got == 4200 else "none", got == 4200, View.WIRE)])
    attach_transcript("$ ip -j link show eth1\\n[mtu 4200]\\n")
    (tmp_path / "mtu.pcap").write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    attach_capture(tmp_path / "mtu.pcap")
    attach_plot(plot(), "packets over time")
    report_verdicts(request.node, [judged.model_copy(update={{"figures": {{"convergence_s": 0.31}}}})])
    demand_all([judged])


def test_reachable():
    """Every device answers."""
    if "{suite}" == "rocev2":
        raise LabError("h3 does not answer on its management address within 5 s")


def test_counted():
    """Counters tell."""
    if "{suite}" == "routing":
        raise Inconclusive("capture incomplete: 12 frames dropped by the kernel")


def test_capable():
    """ECN marks."""
    if "{suite}" == "link":
        pytest.skip("leaf1 lacks the capability ecn: tc knows no codel")
'''


def lab_of_many_nights(root: Path) -> LabProject:
    """A project whose suites hold sixty tests: 56 pass, 1 fails, 1 is broken, 1 inconclusive, 1 skipped."""
    project = LabProject(root)
    project.suite.rmdir()
    for number, suite in enumerate(SUITES, 1):
        folder = root / "testsuites" / suite
        folder.mkdir()
        body = MODULE.format(title=f"Agreement of both ends, {suite}", suite=suite, case=f"{suite.upper()}-{number:02}")
        (folder / f"test_{suite}_agreement.py").write_text(body)
    return project
