"""What was tested with which versions: the environment block of the report and the executor of the run."""

import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from plugfest.inventory.models import Lab
from plugfest.reporting.run_folder import RunFolder

FILE = "environment.properties"
TOOLS = ("pytest", "allure-pytest", "scapy", "paramiko", "netmiko")
REPOSITORY = Path(__file__).resolve().parents[2]


class Environment:
    """Facts of a run by name; on disk at once, so that a killed run has them too.

    The workers of a distributed run have no folder to write to: they hand their facts to the main process.
    """

    def __init__(self, results: Path | None) -> None:
        self._file = results / FILE if results else None
        self._facts: dict[str, str] = {}

    @property
    def facts(self) -> dict[str, str]:
        """All facts so far."""
        return dict(self._facts)

    def add(self, facts: Mapping[str, str]) -> None:
        """Add or replace facts and write the file."""
        self._facts |= facts
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".tmp")
        fresh.write_text("".join(f"{_name(name)} = {_value(value)}\n" for name, value in self._facts.items()))
        fresh.replace(self._file)


def merge_environments(sources: Iterable[Path], results: Path) -> None:
    """Write the facts of several runs as those of one."""
    files = (source / FILE for source in sources)
    lines = (line for file in files if file.is_file() for line in file.read_text().splitlines())
    facts = {line.partition(" = ")[0]: line for line in lines}
    (results / FILE).write_text("".join(f"{line}\n" for line in facts.values()))


def harness_facts() -> dict[str, str]:
    """Versions of this harness, its git revision and the tools it stands on."""
    facts = {"plugfest": version("plugfest"), "git revision": git_revision(REPOSITORY)}
    facts["Python"] = platform.python_version()
    facts |= {name: version_of(name) for name in TOOLS}
    return facts


def lab_facts(lab: Lab) -> dict[str, str]:
    """Lab, switch chips with NOS, and NICs with firmware, as the inventory says."""
    switches = {f"{switch.chip} / {switch.nos}" for switch in lab.switches.values()}
    nics = {f"{nic.vendor} {nic.model} {nic.firmware}" for host in lab.hosts.values() for nic in host.nics}
    return {
        "lab": f"{lab.name} ({lab.kind})",
        "switches": ", ".join(sorted(switches)),
        "NICs": ", ".join(sorted(nics)),
    }


def git_revision(folder: Path) -> str:
    """Revision of a git checkout, ``-dirty`` if changed since; ``unknown`` outside one."""
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return answer.stdout.strip()


def version_of(distribution: str) -> str:
    """Version of an installed package, or ``not installed``."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


def write_executor(run: RunFolder) -> None:
    """Name the run in the report."""
    executor = {"name": "plugfest", "type": "plugfest", "buildName": run.run_id}
    (run.results / "executor.json").write_text(json.dumps(executor))


def _name(text: str) -> str:
    """Name of a Java property: blanks and separators escaped."""
    return "".join(f"\\{character}" if character in " =:#!\\" else character for character in " ".join(text.split()))


def _value(text: str) -> str:
    """Value of a Java property on one line."""
    return " ".join(text.split()).replace("\\", "\\\\")
