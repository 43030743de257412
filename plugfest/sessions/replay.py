"""A session that answers from a recorded transcript: drivers and parsers run again, offline, on the same evidence."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from plugfest.errors import SessionError
from plugfest.sessions.command_line import for_people
from plugfest.sessions.redaction import redact
from plugfest.sessions.remote_process import RemoteProcess
from plugfest.sessions.result import CommandResult
from plugfest.sessions.transcript import Transcript


class ReplaySession:
    """Answers `run` and `batch` for one device from a transcript, repeated commands in their recorded order.

    SessionError for a command that was not recorded, or not that often.  Programs and files are not in transcripts.
    """

    def __init__(self, name: str, transcript: Transcript) -> None:
        self.name = name
        self._answers: dict[str, list[CommandResult]] = defaultdict(list)
        self._asked: dict[str, int] = defaultdict(int)
        for result in transcript.results:
            if result.device == name:
                self._answers[result.command].append(result)

    def run(
        self,
        *argv: str,
        timeout: float = 30.0,
        check: bool = True,
        stdin: str | None = None,
        idempotent: bool = False,
    ) -> CommandResult:
        """The next recorded result of this command; `timeout`, `stdin` and `idempotent` change nothing."""
        result = self._next(redact(for_people(argv)))
        return result.require_ok() if check else result

    def batch(
        self, commands: Sequence[Sequence[str]], timeout: float = 30.0, check: bool = True, idempotent: bool = False
    ) -> list[CommandResult]:
        """The next recorded results of these commands."""
        return [self.run(*argv, check=check) for argv in commands]

    def _next(self, command: str) -> CommandResult:
        recorded, asked = self._answers.get(command, []), self._asked[command]
        if not recorded:
            known = ", ".join(f"`{name}`" for name in self._answers) or "nothing"
            raise SessionError(f"replay of {self.name}: `{command}` was not recorded; recorded: {known}")
        if asked == len(recorded):
            raise SessionError(f"replay of {self.name}: `{command}` was recorded {asked} times and is asked once more")
        self._asked[command] += 1
        return recorded[asked]

    def start(self, *argv: str, stdin: bool = False) -> RemoteProcess:
        """SessionError: a program cannot be replayed."""
        self._refuse(f"the running program `{for_people(argv)}`")

    def read(self, path: str) -> bytes:
        """SessionError: contents of files are not recorded."""
        self._refuse(f"the content of {path}")

    def write(self, path: str, data: bytes) -> None:
        """SessionError: a replay changes nothing."""
        self._refuse(f"writing {path}")

    def fetch(self, remote: str, local: Path) -> None:
        """SessionError: contents of files are not recorded."""
        self._refuse(f"the content of {remote}")

    def _refuse(self, what: str) -> NoReturn:
        raise SessionError(
            f"replay of {self.name}: a transcript does not hold {what}; replay the parsed records instead"
        )
