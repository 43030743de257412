"""Runs of the real suites against a simulated lab, in a process of their own, and what came of them."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from plugfest.devices.simulated.fabric import Fault
from plugfest.devices.simulated.lab import simulated_lab
from plugfest.inventory.loader import load
from plugfest.inventory.models import Lab

REPOSITORY = Path(__file__).parents[2]
RUN_SECONDS = 300
ENDS = re.compile(r"\[(?P<subject>[^\]]+)\]")


@dataclass(frozen=True)
class Case:
    """One test of a run."""

    name: str
    """Function and subject: ``test_link_is_up[leaf1:swp1<->h1:eth1]``."""
    outcome: str
    """``passed``, ``failed``, ``broken`` or ``skipped``."""
    text: str
    """What the test said; empty if it passed."""

    @property
    def devices(self) -> set[str]:
        """Devices at the ends of the subject."""
        found = ENDS.search(self.name)
        return {end.split(":")[0] for end in re.split(r"<->|->", found["subject"])} if found else set()


def reference() -> Lab:
    """The lab that is simulated."""
    return load("odcc_reference").lab


def run(folder: Path, *suites: str, faults: tuple[Fault, ...] = ()) -> list[Case]:
    """Run suites against the simulated reference lab; the outcome of every test."""
    out = folder / "out"
    with simulated_lab(reference(), folder / "lab", faults) as lab:
        own = {"PLUGFEST_STATE": str(folder / "state"), "PLUGFEST_DB": f"sqlite:///{folder / 'lab.db'}"}
        command = [sys.executable, "-m", "pytest", *suites, "--lab", str(lab.file), "--no-html", "-q"]
        done = subprocess.run(
            [*command, f"--report-dir={out}", "-p", "no:cacheprovider", "-p", "tests.simulated.impatience"],
            cwd=REPOSITORY,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
    assert done.returncode in (0, 1), done.stdout[-4000:] + done.stderr[-4000:]
    return [_case(element) for element in ElementTree.parse(out / "junit.xml").iter("testcase")]


def _case(element: ElementTree.Element) -> Case:
    for child in element:
        if child.tag in ("failure", "error", "skipped"):
            outcome = {"failure": "failed", "error": "broken"}.get(child.tag, "skipped")
            return Case(element.attrib["name"], outcome, f"{child.get('message', '')}\n{child.text or ''}")
    return Case(element.attrib["name"], "passed", "")
