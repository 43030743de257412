"""Detection, listing and probing over a real SSH server whose search path holds programs that answer as tools do."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plugfest.accelerators.detection import family
from plugfest.accelerators.host import AcceleratorHost
from plugfest.accelerators.probing import probe_host
from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.cli.device import app
from plugfest.nics.pci import SHOW_UEVENTS
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.session import Session
from tests.accelerators.host import recorded, uevent

ASKED = {"mx-smi": ("mx-smi", "mx-smi -L", "mx-smi --show-temperature", "mx-smi topo -n")}
PCI = uevent("0000:0e:00.0", "9999", "4001", "30200") + uevent("0000:0f:00.0", "9999", "4001", "30200")


def install(folder: Path, tool: str, answers: dict[str, str]) -> None:
    """A program that prints a recorded answer for each command line, and refuses any other."""
    cases = []
    for number, (command, text) in enumerate(answers.items()):
        (folder / f"{tool}.{number}").write_text(text)
        options = command.partition(" ")[2]
        cases.append(f"  '{options}') exec cat '{folder / f'{tool}.{number}'}' ;;")
    script = ["#!/bin/sh", 'case "$*" in', *cases, "  *) echo 'Usage: see the manual' >&2; exit 2 ;;", "esac"]
    (folder / tool).write_text("\n".join(script) + "\n")
    (folder / tool).chmod(stat.S_IRWXU)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LoopbackSshd]:
    """A host that has two MetaX accelerators and their tool."""
    programs = tmp_path / "programs"
    programs.mkdir()
    told = recorded("metax")
    install(programs, "mx-smi", {command: told[command] for command in ASKED["mx-smi"]})
    install(programs, "find", {SHOW_UEVENTS: PCI})
    extra = f"SetEnv PATH={programs}:/usr/sbin:/usr/bin:/sbin:/bin\n"
    with LoopbackSshd(tmp_path / "sshd", extra) as running:
        yield running


@pytest.fixture
def session(server: LoopbackSshd) -> Iterator[Session]:
    """A session with that host."""
    with SessionPool({"gpu1": server.endpoint("gpu1")}) as pool:
        yield pool.session("gpu1")


def test_accelerators_over_ssh(session: Session) -> None:
    host = AcceleratorHost("gpu1", session)
    assert [match.family for match in host.families()] == ["metax"]
    found = host.accelerators()
    assert [(each.index, each.model, each.bus) for each in found][:2] == [
        (0, "MetaX C550", "0000:0e:00.0"),
        (1, "MetaX C550", "0000:0f:00.0"),
    ]
    assert found[0].uuid == "GPU-aa01bb02-1c1d-2e2f-3a3b-4c4d5e5f6a6b"
    assert host.program(family("nvidia"), "nvidia-smi") is None


def test_probe_over_ssh(session: Session, tmp_path: Path) -> None:
    findings = probe_host("gpu1", session, folder=tmp_path / "recordings", only="metax")
    assert [(finding.command, finding.records is not None) for finding in findings] == [
        (command, True) for command in ASKED["mx-smi"]
    ]
    assert len(list((tmp_path / "recordings").rglob("good_*.txt"))) == 4


def test_the_command_line_probes_whatever_a_host_has(server: LoopbackSshd, tmp_path: Path) -> None:
    endpoint = server.endpoint("gpu1")
    where = ["127.0.0.1", "--port", str(endpoint.port), "--known-hosts", str(endpoint.known_hosts)]
    who = ["--user", endpoint.user, "--key-file", str(endpoint.key_file)]
    what = ["--dialect", "host", "--out", str(tmp_path / "new")]
    result = CliRunner().invoke(app, ["probe", *where, *who, *what], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert f"parsed      {SHOW_UEVENTS}: 2 records" in result.output
    assert "parsed      mx-smi -L: 2 records" in result.output
    assert (tmp_path / "new" / "metax" / "mx_smi_l").is_dir()
