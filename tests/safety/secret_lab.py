"""A lab with every kind of credential, made of real SSH servers on loopback."""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path

from ruamel.yaml import YAML

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.devices.simulated.switch import PASSWORD, USER, SimulatedSwitch, simulated_switch
from plugfest.reporting.run_folder import RunFolder
from plugfest.sessions.deadline import Deadline
from tests.reporting.lab_project import PYTEST_INI, REPOSITORY

DIALECT = "arista_eos"
LOOKING = {"fixtures.sanity", "fixtures.facts", "fixtures.versions"}
"""Plugins that ask every device for its health and versions, which servers on loopback cannot tell."""
PLUGINS = [name for name in run_path(str(REPOSITORY / "conftest.py"))["pytest_plugins"] if name not in LOOKING]
SWITCH = {
    "role": "switch",
    "vendor": "Edgeworks",
    "model": "EW-64",
    "chip": "Ridge 5",
    "nos": "EOS",
    "dialect": DIALECT,
}


@dataclass
class SecretLab:
    """A project, its lab file, and where its secrets are."""

    root: Path
    secrets: Path
    """Outside of the project: key files, password file, agent."""
    environment: dict[str, str]
    servers: dict[str, LoopbackSshd]
    switches: dict[str, SimulatedSwitch]

    @property
    def known_hosts(self) -> Path:
        """Pinned host keys of all devices."""
        return self.root / "known_hosts"

    @property
    def latest(self) -> RunFolder:
        """The newest run."""
        return RunFolder((self.root / "reports" / "out" / "latest").resolve())

    def write(self, body: str) -> None:
        """The only suite."""
        (self.root / "testsuites" / "link" / "test_link.py").write_text(body)

    def run(self, *command: str, umask: int = 0o022, **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m COMMAND`` in the project."""
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=self.root, env=self.environment | more, umask=umask,
            capture_output=True, text=True, timeout=240,
        )  # fmt: skip


@contextmanager
def secret_lab(
    folder: Path, hosts: tuple[str, ...] = ("h1", "h2", "h3"), project: str = "project"
) -> Iterator[SecretLab]:
    """h1 logs in with a key file, h2 with the agent, h3 through a bastion; leaf1 and leaf2 with passwords."""
    secrets, root = folder / "secrets", folder / project
    (root / "testsuites" / "link").mkdir(parents=True)
    secrets.mkdir()
    (root / "conftest.py").write_text(f"pytest_plugins = {PLUGINS}\n")
    (root / "pytest.ini").write_text(PYTEST_INI)
    (secrets / "password").write_text(f"{PASSWORD}\n")
    with ExitStack() as stack:
        servers = {name: stack.enter_context(LoopbackSshd(secrets / name)) for name in (*hosts, "bastion")}
        switches = {
            name: stack.enter_context(
                simulated_switch(DIALECT, {"show secret": f"the secret is {PASSWORD}\n"}, secrets, name=name)
            )
            for name in ("leaf1", "leaf2")
        }
        owner = servers.get("h2", servers["h1"])
        agent = stack.enter_context(_agent(secrets / "agent", owner.folder / "user_key"))
        lab = SecretLab(root, secrets, _environment(root, agent), servers, switches)
        pins = [(server.folder / "known_hosts").read_text() for server in servers.values()]
        lab.known_hosts.write_text("".join([*pins, *(switch.known_hosts.read_text() for switch in switches.values())]))
        with (root / "lab.yaml").open("w") as file:
            YAML(typ="safe").dump(_lab_file(lab), file)
        yield lab


def _environment(root: Path, agent: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(REPOSITORY), "COLUMNS": "160", "PLUGFEST_STATE": str(root / "state"),
        "PLUGFEST_LAB": str(root / "lab.yaml"), "LAB_PASSWORD": PASSWORD, "SSH_AUTH_SOCK": str(agent),
    }  # fmt: skip


def _lab_file(lab: SecretLab) -> dict[str, object]:
    user = pwd.getpwuid(os.getuid()).pw_name
    logins: dict[str, dict[str, object]] = {
        name: {"user": user, "key_file": str(server.folder / "user_key")} for name, server in lab.servers.items()
    }
    if "h2" in logins:
        logins["h2"] = {"user": user, "agent": True}
    logins["leaf1"] = {"user": USER, "password_env": "LAB_PASSWORD"}
    logins["leaf2"] = {"user": USER, "password_command": ["cat", str(lab.secrets / "password")]}
    ports = {name: server.port for name, server in lab.servers.items()}
    ports |= {name: switch.port for name, switch in lab.switches.items()}
    ssh = {name: {"address": "127.0.0.1", "port": port, "credential": name} for name, port in ports.items()}
    if "h3" in ssh:
        ssh["h3"]["jump"] = "bastion"
    roles: dict[str, dict[str, object]] = {"bastion": {"role": "bastion"}, "leaf1": SWITCH, "leaf2": SWITCH}
    devices = {name: {**roles.get(name, {"role": "host"}), "ssh": ssh[name]} for name in ssh}
    return {"version": 1, "name": "secretive", "kind": "hardware", "known_hosts": "known_hosts",
            "credentials": logins, "devices": devices}  # fmt: skip


@contextmanager
def _agent(socket: Path, key: Path) -> Iterator[Path]:
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        Deadline("ssh-agent listens", 20).wait_for(socket.exists, interval=0.02)
        environment = os.environ | {"SSH_AUTH_SOCK": str(socket)}
        subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True, env=environment)
        yield socket
    finally:
        process.terminate()
        process.wait(20)
