"""``pytest --dry-run`` shows every change and sends nothing that changes a switch; without it the same suite does."""

from ast import literal_eval
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from plugfest.devices.simulated.configuration import Configurable
from plugfest.devices.simulated.switch import PASSWORD, USER, SimulatedSwitch, simulated_switch
from tests.configuration.switches import configuration, state
from tests.reporting.lab_project import PYTEST_INI, LabProject

REPOSITORY = Path(__file__).resolve().parents[2]
CONFTEST = """
import pytest
from plugfest.devices.records import InterfaceState
from plugfest.verdicts import link as verdicts
from plugfest.verdicts.link import Ends

pytest_plugins = {plugins}


@pytest.fixture
def judged(judge, lab):
    # Every test must judge something; here it is a recorded cable that is fine.
    up = InterfaceState(name="Ethernet3/1", admin_up=True, oper_up=True, mtu=9000, mac=None)
    return lambda: judge(verdicts.oper_up, lab.links[0], Ends(a=up, b=up))
"""
LEFT_OUT = ("fixtures.sanity", "fixtures.facts", "fixtures.versions")
"""They ask the switch many questions before and after each test, which this one has no answers to."""
LAB = """
version: 1
name: dry
kind: hardware
known_hosts: known_hosts
credentials:
  lab: {{user: {user}, password_env: DRY_RUN_PASSWORD}}
groups:
  leaves:
    role: switch
    vendor: Arista
    model: 7060X6
    chip: Tomahawk 5
    nos: EOS
    dialect: arista_eos
    capabilities: [configuration]
    ports: {{Ethernet3/1: {{}}, Ethernet4/1: {{}}}}
devices:
  leaf1: {{group: leaves, ssh: {{address: 127.0.0.1, port: {port}, credential: lab}}}}
  leaf2: {{group: leaves, ssh: {{address: 127.0.0.2, port: {port}, credential: lab}}}}
links:
  - leaf1:Ethernet3/1 <-> leaf2:Ethernet3/1
  - leaf1:Ethernet4/1 <-> leaf2:Ethernet4/1
"""
SUITE = """
from plugfest.devices.changes import Change
from plugfest.verdicts.verdict import Outcome

LINES = (("configure terminal",), ("interface Ethernet3/1",), ("shutdown",), ("end",))
BACK = (*LINES[:2], ("no shutdown",), ("end",))


def test_lossless(configure, judged):
    configured = configure("leaf1", "lossless_roce")
    assert [row for row in configured.reasons if row.outcome is Outcome.FAILED] == []
    judged()


def test_port_down(change, judged):
    change(Change(device="leaf1", description="Ethernet3/1 down", do=LINES, undo=BACK))
    judged()


def test_reads_only(pool, lab, judged):
    from plugfest.devices.lines import line_to

    assert "interface Ethernet3/1" in line_to(lab, pool, "leaf1").run("show running-config").out
    judged()
"""


@dataclass
class DryLab:
    """A simulated switch and a project whose suite changes it."""

    switch: SimulatedSwitch
    configured: Configurable
    project: LabProject

    def run(self, *arguments: str) -> CompletedProcess[str]:
        return self.project.run(
            "testsuites",
            "--lab=dry.yaml",
            "-rs",
            *arguments,
            DRY_RUN_PASSWORD=PASSWORD,
            PLUGFEST_STATE=str(self.project.root / "state"),
            PLUGFEST_DB=f"sqlite:///{self.project.root}/lab.db",
        )


@contextmanager
def _lab(folder: Path) -> Iterator[DryLab]:
    configured, project = configuration("arista_eos"), LabProject(folder / "project")
    with simulated_switch("arista_eos", {}, folder, configuration=configured) as switch:
        plugins = literal_eval((REPOSITORY / "conftest.py").read_text().partition("pytest_plugins = ")[2])
        chosen = [plugin for plugin in plugins if plugin not in LEFT_OUT]
        (project.root / "conftest.py").write_text(CONFTEST.format(plugins=chosen))
        (project.root / "pytest.ini").write_text(PYTEST_INI)
        (project.root / "dry.yaml").write_text(LAB.format(user=USER, port=switch.port))
        (project.root / "known_hosts").write_text(switch.known_hosts.read_text())
        project.write(SUITE)
        yield DryLab(switch, configured, project)


@pytest.fixture
def dry_lab(tmp_path: Path) -> Iterator[DryLab]:
    with _lab(tmp_path) as lab:
        yield lab


def test_a_dry_run_shows_every_change_and_makes_none(dry_lab: DryLab) -> None:
    before = state(dry_lab.configured)
    done = dry_lab.run("--dry-run")
    assert "1 passed, 2 skipped" in done.stdout, done.stdout + done.stderr
    assert {line for line in dry_lab.switch.typed if not line.startswith("terminal ")} == {"show running-config"}
    assert state(dry_lab.configured) == before
    for shown in (
        "leaf1 (arista_eos): intent lossless_roce on Ethernet3/1, Ethernet4/1",
        "do: priority-flow-control priority 3 no-drop",
        "undo: configure session NAME abort; configure replace checkpoint:NAME",
        "leaf1: Ethernet3/1 down",
        "do: shutdown",
        "undo: no shutdown",
        "dry run: the change is shown and not made: intent lossless_roce on leaf1",
    ):
        assert shown in done.stdout
    assert not list((dry_lab.project.root / "state").rglob("*.jsonl"))


def test_the_same_suite_changes_the_switch_and_takes_it_back(dry_lab: DryLab) -> None:
    before = state(dry_lab.configured)
    done = dry_lab.run()
    assert "3 passed" in done.stdout, done.stdout + done.stderr
    assert "priority-flow-control priority 3 no-drop" in dry_lab.switch.typed
    assert dry_lab.switch.typed.count("shutdown") == 1
    assert state(dry_lab.configured) == before
