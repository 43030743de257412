"""What device drivers and stimuli may expect of a session, live or replayed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from plugfest.sessions.result import CommandResult

if TYPE_CHECKING:
    from plugfest.sessions.remote_process import RemoteProcess


class SessionProtocol(Protocol):
    """Commands, programs and files of one device; `Session` and `ReplaySession` fulfil it."""

    name: str

    def run(
        self,
        *argv: str,
        timeout: float = 30.0,
        check: bool = True,
        stdin: str | None = None,
        idempotent: bool = False,
    ) -> CommandResult:
        """Run one command to its end."""

    def batch(
        self, commands: Sequence[Sequence[str]], timeout: float = 30.0, check: bool = True, idempotent: bool = False
    ) -> list[CommandResult]:
        """Run several commands in one round trip."""

    def start(self, *argv: str, stdin: bool = False) -> "RemoteProcess":
        """Start a program."""

    def read(self, path: str) -> bytes:
        """The content of a file."""

    def write(self, path: str, data: bytes) -> None:
        """Create or replace a file."""

    def fetch(self, remote: str, local: Path) -> None:
        """Copy a file here."""
