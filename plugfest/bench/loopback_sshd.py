"""A real OpenSSH server on a free loopback port, with its own keys and configuration, for benchmarks and tests."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from plugfest.errors import LabError, MissingToolError
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.endpoint import Endpoint

START_SECONDS = 20.0
_CONFIGURATION = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
Subsystem sftp internal-sftp
"""


class LoopbackSshd:
    """An sshd that lets the current user log in with a key of its own; keys and settings live in `folder`.

    A context manager that may be entered again, with the same keys and port; raises MissingToolError without OpenSSH
    server and LabError if it does not come up.
    """

    def __init__(self, folder: Path, extra_configuration: str = "", inside: tuple[str, ...] = ()) -> None:
        """`inside`: program and arguments that run the server, such as unshare(1)."""
        self.folder = folder
        self.port = _free_port()
        self.log = folder / "sshd.log"
        self._extra, self._inside = extra_configuration, inside
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the listening server; every connection is a child of it."""
        assert self._process is not None
        return self._process.pid

    @property
    def host_key(self) -> str:
        """The server's public key as `TYPE BASE64`."""
        return " ".join((self.folder / "host_key.pub").read_text(encoding="utf-8").split()[:2])

    def endpoint(self, name: str, jump: Endpoint | None = None) -> Endpoint:
        """How to reach the server, with its key pinned."""
        return Endpoint(
            name=name,
            address="127.0.0.1",
            port=self.port,
            user=pwd.getpwuid(os.getuid()).pw_name,
            key_file=self.folder / "user_key",
            known_hosts=self.folder / "known_hosts",
            jump=jump,
        )

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for key in ("host_key", "user_key"):
            if (self.folder / key).exists():
                continue
            _run(_tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(self.folder / key))
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {self.host_key}\n", encoding="utf-8")
        configuration = self.folder / "sshd_config"
        text = _CONFIGURATION.format(port=self.port, folder=self.folder) + self._extra
        configuration.write_text(text, encoding="utf-8")
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # privilege separation folder; init makes it elsewhere
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*self._inside, _tool("sshd"), "-D", "-e", "-f", str(configuration)],
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        self._await_listening()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_SECONDS)

    def _await_listening(self) -> None:
        deadline = Deadline("sshd on loopback listens", START_SECONDS)
        if not deadline.watch(lambda: self._listening() or self._dead(), bool, 0.02) or self._dead():
            self.__exit__(None, None, None)
            raise LabError(f"sshd did not come up: {self.log.read_text(errors='replace').strip()}")

    def _dead(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _listening(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _tool(name: str) -> str:
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path is None:
        raise MissingToolError(f"{name} is not installed; install the packages openssh-server and openssh-client")
    return path


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True, timeout=30)
