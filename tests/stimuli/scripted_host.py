"""A host that answers from a script, to test what the traffic tools make of good and bad answers."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self, cast

from plugfest.errors import CommandError
from plugfest.sessions.command_line import for_people
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.result import CommandResult


class ScriptedProcess:
    """A program that has already printed all it will ever print."""

    def __init__(self, host: "ScriptedHost", command: str, out: str, err: str, exit_status: int) -> None:
        self.pid, self.running = 4711, True
        self.result = CommandResult(
            device=host.name, command=command, out=out, err=err, exit_status=exit_status, duration=1.5, started=1
        )
        self._unread = f"{out}\n{err}"

    def read_until(self, pattern: str, deadline: Deadline) -> re.Match[str]:
        """The next match in what it printed."""
        match = re.search(pattern, self._unread, re.MULTILINE)
        if match is None:
            raise CommandError(f"{self.result.device}: ended before it printed {pattern!r}: {self.result.said}")
        self._unread = self._unread[match.end() :]
        return match

    def wait(self, deadline: Deadline, check: bool = True) -> CommandResult:
        """Its result."""
        self.running = False
        return self.result.require_ok() if check else self.result

    def stop(self, deadline: Deadline | None = None) -> CommandResult:
        """Its result."""
        self.running = False
        return self.result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.running = False


class ScriptedHost:
    """Programs by the start of their command line; files by path; notes every command."""

    def __init__(self, name: str, programs: dict[str, tuple[str, str, int]], answers: dict[str, str]) -> None:
        self.name, self.programs, self.answers = name, programs, answers
        self.commands: list[str] = []
        self.processes: list[ScriptedProcess] = []

    def run(self, *argv: str, **_: object) -> CommandResult:
        """The scripted answer, or nothing."""
        command = for_people(argv)
        self.commands.append(command)
        text = next((answer for start, answer in self.answers.items() if command.startswith(start)), "")
        return CommandResult(
            device=self.name, command=command, out=text, err="", exit_status=0, duration=0.1, started=1
        )

    def batch(self, commands: Sequence[Sequence[str]], **_: object) -> list[CommandResult]:
        """One answer after the other."""
        return [self.run(*argv) for argv in commands]

    def start(self, *argv: str, stdin: bool = False) -> ScriptedProcess:
        """The scripted program."""
        command = for_people(argv)
        self.commands.append(command)
        out, err, status = next(script for start, script in self.programs.items() if command.startswith(start))
        self.processes.append(ScriptedProcess(self, command, out, err, status))
        return self.processes[-1]

    def fetch(self, remote: str, local: Path) -> None:
        """A file with the name of its origin."""
        local.write_text(remote)

    @property
    def session(self) -> SessionProtocol:
        """This host as a session."""
        return cast(SessionProtocol, self)
