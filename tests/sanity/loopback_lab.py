"""A lab of two hosts that are SSH servers on this machine, and a project whose suites change files on them.

Each host has processes, a ``/tmp`` and a start time of its own (Linux namespaces, which need root).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.sessions.tag import VARIABLE, RunTag
from tests.reporting.lab_project import PYTEST_INI, LabProject

REPOSITORY = Path(__file__).resolve().parents[2]
HOSTS = ("h1", "h2")
OWN_NAMESPACES = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
LAB = """
version: 1
name: loopback
kind: hardware
known_hosts: known_hosts
credentials:
{credentials}
devices:
{devices}
links:
  - "h1:lo <-> h2:lo"
"""
CREDENTIAL = "  {name}: {{user: {user}, key_file: {key}}}"
DEVICE = "  {name}: {{role: host, ports: {{lo: {{}}}}, ssh: {{address: 127.0.0.1, port: {port}, credential: {name}}}}}"
CONFTEST = '''
import pytest
from plugfest.devices.changes import Change, ReadBack
from plugfest.devices.records import InterfaceState
from plugfest.verdicts import link as verdicts
from plugfest.verdicts.link import Ends

pytest_plugins = {plugins}


def written(host, name, text):
    """The change that gives a file of a host another content."""
    path = f"{folder}/{{host}}/{{name}}"
    write = ("sh", "-c", 'printf %s "$0" >"$1"')
    return Change(
        device=host, description=f"{{name}} of {{host}} is {{text}}",
        do=((*write, text, path),), undo=((*write, "pristine", path),),
        read_back=ReadBack(ask=("cat", path), made=text, undone="pristine"))


@pytest.fixture
def judged(judge, lab):
    """Every test must judge something; here it is a recorded cable that is fine."""
    up = InterfaceState(name="lo", admin_up=True, oper_up=True, mtu=65536, mac=None)
    return lambda: judge(verdicts.oper_up, lab.links[0], Ends(a=up, b=up))
'''


class LoopbackHost(LoopbackSshd):
    """An SSH server that is process 1 of its own namespace: with it everything on the host ends."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        temporary.mkdir(parents=True)
        super().__init__(folder, f"SetEnv TMPDIR={temporary}\nMaxSessions 100\n", OWN_NAMESPACES)

    @property
    def server(self) -> psutil.Process:
        """Process 1 of the host."""
        return psutil.Process(self.pid).children()[0]

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.server.kill()  # unshare itself ignores every polite request
        super().__exit__(None, None, None)


class LoopbackLab:
    """Two hosts, their state as files, and suites to run on them."""

    def __init__(self, root: Path, hosts: dict[str, LoopbackHost]) -> None:
        self.hosts = hosts
        self.project = LabProject(root / "project")
        self.states = root / "state"
        self._plugfest_state = root / "plugfest"
        for name in HOSTS:
            (self.states / name).mkdir(parents=True)
            (self.states / name / "mtu").write_text("pristine")
        self._write_project()

    @property
    def file(self) -> Path:
        """The lab file."""
        return self.project.root / "loopback.yaml"

    def state(self) -> dict[str, str]:
        """Everything that tests can change."""
        return {str(path.relative_to(self.states)): path.read_text() for path in sorted(self.states.rglob("mtu*"))}

    def suite(self, body: str, name: str = "test_changes.py") -> None:
        """Write a test module of the suite."""
        self.project.write(body, name)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the suites to their end."""
        return self.project.run("testsuites", f"--lab={self.file}", *arguments, **self.environment)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a run that will be killed; its output is in ``output`` below the project."""
        command = [sys.executable, "-m", "pytest", "testsuites", f"--lab={self.file}", "--no-html", *arguments]
        variables = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"} | self.environment
        with (self.project.root / "output").open("wb") as output:
            return subprocess.Popen(
                command, cwd=self.project.root, env=variables, stdout=output, stderr=subprocess.STDOUT
            )

    def command(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``plugfest ARGUMENTS``."""
        return subprocess.run(
            [sys.executable, "-m", "plugfest", *arguments],
            env=os.environ | self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        """Where this lab's runs keep journals."""
        return {"PLUGFEST_STATE": str(self._plugfest_state), "PLUGFEST_DB": f"sqlite:///{self.states.parent}/lab.db"}

    def temporary(self, host: str) -> Path:
        """Where programs on a host put temporary files."""
        return self.states.parent / f"tmp-{host}"

    def journals(self) -> Iterator[Path]:
        """Undo journals that are still there."""
        return (self._plugfest_state / "undo").glob("*.jsonl")

    @contextmanager
    def program(self, host: str, *argv: str, tag: RunTag | None = None) -> "Iterator[subprocess.Popen[bytes]]":
        """A program on a host that no run has started (or, with `tag`, that one seems to have started)."""
        inside = ("nsenter", "--target", str(self.hosts[host].server.pid), "--pid", "--mount")
        variables = {VARIABLE: str(tag)} if tag else {}
        program = subprocess.Popen([*inside, *argv], env=os.environ | variables)
        try:
            yield program
        finally:
            if program.poll() is None:
                for process in psutil.Process(program.pid).children():
                    process.kill()
                program.wait()

    def programs(self, host: str) -> dict[int, str]:
        """Command lines on a host by process id here, without its SSH server."""
        found = {}
        for process in self.hosts[host].server.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if not process.name().startswith("sshd"):
                    found[process.pid] = " ".join(process.cmdline())
        return found

    def cut(self, host: str) -> None:
        """Break all connections of a host; its server goes on."""
        for process in self.hosts[host].server.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if process.name().startswith("sshd"):
                    process.kill()

    def restart(self, host: str) -> None:
        """The host goes down with all its processes and comes back as new."""
        server = self.hosts[host]
        server.__exit__(None, None, None)
        server.__enter__()

    def _write_project(self) -> None:
        root = self.project.root
        plugins = (REPOSITORY / "conftest.py").read_text().partition("pytest_plugins = ")[2]
        (root / "conftest.py").write_text(CONFTEST.format(plugins=plugins, folder=self.states))
        (root / "pytest.ini").write_text(PYTEST_INI)
        user = self.hosts["h1"].endpoint("h1").user
        keys = [
            CREDENTIAL.format(name=name, user=user, key=each.folder / "user_key") for name, each in self.hosts.items()
        ]
        devices = [DEVICE.format(name=name, port=each.port) for name, each in self.hosts.items()]
        self.file.write_text(LAB.format(credentials="\n".join(keys), devices="\n".join(devices)))
        known = (each.folder / "known_hosts" for each in self.hosts.values())
        (root / "known_hosts").write_text("".join(path.read_text() for path in known))


@contextmanager
def loopback_lab(root: Path) -> Iterator[LoopbackLab]:
    """The lab while the block runs."""
    if os.getuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("hosts with processes of their own need root and unshare(1)")
    with ExitStack() as stack:
        hosts = {name: stack.enter_context(LoopbackHost(root / f"sshd-{name}", root / f"tmp-{name}")) for name in HOSTS}
        yield LoopbackLab(root, hosts)
