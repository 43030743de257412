"""A session with one device: run commands, start programs, read and write files, all with deadlines and a record."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from plugfest.errors import ConnectionLostError, DeadlineExceededError, PlugfestError
from plugfest.sessions.command_line import for_people, with_input
from plugfest.sessions.connection import Connection
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.framing import new_marker
from plugfest.sessions.redaction import redact
from plugfest.sessions.remote_files import RemoteFiles
from plugfest.sessions.remote_process import RemoteProcess
from plugfest.sessions.remote_shell import RemoteShell
from plugfest.sessions.result import DID_NOT_END, CommandResult
from plugfest.sessions.transcript import Recorder

SHELLS = 4
"""Commands that run at a time on one device; OpenSSH allows 10 channels a connection, programs and SFTP need some."""
FILE_SECONDS = 120.0
"""Time for one file operation."""

T = TypeVar("T")


class Session:
    """Everything we ask of one device with a POSIX shell, over one connection; safe to use from several threads.

    The connection is made on first use and again after it was lost.  A command is never repeated after a loss unless
    the caller says that it is idempotent: it may have had effects.
    """

    def __init__(self, connection: Connection, recorder: Recorder) -> None:
        self.endpoint = connection.endpoint
        self.name = connection.endpoint.name
        self._connection, self._recorder = connection, recorder
        self._slots = threading.BoundedSemaphore(SHELLS)
        self._idle: deque[RemoteShell] = deque()
        self._files = RemoteFiles(connection)

    def __repr__(self) -> str:
        return f"<Session {self.endpoint}>"

    def run(
        self,
        *argv: str,
        timeout: float = 30.0,
        check: bool = True,
        stdin: str | None = None,
        idempotent: bool = False,
    ) -> CommandResult:
        """Run one command to its end and return what it gave back; no argument is ever interpreted by a shell.

        `timeout` in seconds: then the command is killed and DeadlineExceededError raised.  CommandError for a failed
        command unless `check` is false, and for more than 16 MiB of output.  ConnectionLostError if the connection
        breaks; with `idempotent` the command is then repeated once.
        """
        result = _with_retry(idempotent, lambda: self._execute([argv], stdin, timeout))[0]
        return result.require_ok() if check else result

    def batch(
        self, commands: Sequence[Sequence[str]], timeout: float = 30.0, check: bool = True, idempotent: bool = False
    ) -> list[CommandResult]:
        """Run commands one after the other in one round trip; all run even if some fail.

        `timeout` is for all of them together; errors as in `run`, CommandError for the first that failed.
        """
        if not commands:
            return []
        results = _with_retry(idempotent, lambda: self._execute(commands, None, timeout))
        return [result.require_ok() for result in results] if check else results

    def start(self, *argv: str, stdin: bool = False) -> RemoteProcess:
        """Start a program and return at once; use it as a context manager so that it is always stopped.

        With `stdin` the program reads what `RemoteProcess.send` writes, otherwise its standard input is empty.
        """
        return RemoteProcess(self._take_shell(), argv, stdin, self._signal, self._process_ended)

    def read(self, path: str) -> bytes:
        """The content of a file on the device, at most 16 MiB.  Errors: see RemoteFiles."""
        return self._file_operation(f"read {path}", lambda deadline: self._files.read(path, deadline), len)

    def write(self, path: str, data: bytes) -> None:
        """Create a file on the device or replace its content."""
        self._file_operation(
            f"write {path}", lambda deadline: self._files.write(path, data, deadline), lambda _: len(data)
        )

    def fetch(self, remote: str, local: Path) -> None:
        """Copy a file of any size from the device; `local` appears only when it is complete."""
        self._file_operation(f"fetch {remote}", lambda deadline: self._files.fetch(remote, local, deadline), int)

    def _execute(self, commands: Sequence[Sequence[str]], stdin: str | None, timeout: float) -> list[CommandResult]:
        markers = [new_marker() for _ in commands]
        lines = [
            f"{with_input(argv, stdin)}; ended {marker} $?" for argv, marker in zip(commands, markers, strict=True)
        ]
        names = [redact(for_people(argv)) for argv in commands]
        with self._shell(Deadline(f"{self.name}: a free shell for `{names[0]}`", timeout)) as shell:
            total = Deadline(f"{self.name}: end of `{names[0]}`", timeout)
            # in braces: the shell reads all of it before it runs any of it, so that it stays able to see our hang-up
            shell.send("{\n" + "\n".join(lines) + "\n}\n", total)
            return [self._collect(shell, *each, total) for each in zip(names, markers, strict=True)]

    def _collect(self, shell: RemoteShell, command: str, marker: str, total: Deadline) -> CommandResult:
        began, started = time.monotonic(), time.time()
        deadline = Deadline(f"{self.name}: end of `{command}`", total.remaining)

        def result(out: str, err: str, status: int) -> CommandResult:
            return self._recorder.add(
                CommandResult(
                    device=self.name,
                    command=command,
                    out=out,
                    err=err,
                    exit_status=status,
                    duration=time.monotonic() - began,
                    started=started,
                )
            )

        try:
            out, err, status = shell.finish(marker, command, deadline)
        except PlugfestError:
            result(shell.out.text_before(marker), shell.err.text_before(marker), DID_NOT_END)
            raise
        return result(out.decode(errors="replace"), err.decode(errors="replace"), status)

    @contextmanager
    def _shell(self, deadline: Deadline) -> Iterator[RemoteShell]:
        """A shell for one use.  After an error it is closed, which ends whatever still runs in it."""
        if not self._slots.acquire(timeout=deadline.remaining):
            raise DeadlineExceededError(f"{deadline.name}: all {SHELLS} are busy for {deadline.seconds:g} s")
        try:
            shell = self._take_shell()
            try:
                yield shell
            except BaseException:
                shell.close()
                raise
            self._idle.append(shell)
        finally:
            self._slots.release()

    def _take_shell(self) -> RemoteShell:
        """An idle shell that is still good, or a new one."""
        self._connection.permit()
        while True:
            try:
                shell = self._idle.pop()
            except IndexError:
                return RemoteShell.open(self.name, self._connection.transport())
            if shell.usable:
                return shell
            shell.close()

    def _signal(self, signal: str, pid: int) -> None:
        self.run("kill", "-s", signal, str(pid), check=False)

    def _process_ended(self, result: CommandResult, shell: RemoteShell | None) -> None:
        self._recorder.add(result)
        if shell is not None and len(self._idle) < SHELLS:
            self._idle.append(shell)
        elif shell is not None:
            shell.close()

    def _file_operation(self, what: str, operation: Callable[[Deadline], T], size: Callable[[T], int]) -> T:
        """Do it and leave a line in the record: which file, how many bytes, but not the content."""
        deadline = Deadline(f"{self.name}: sftp {what}", FILE_SECONDS)
        started = time.time()
        value = operation(deadline)
        self._recorder.add(
            CommandResult(
                device=self.name,
                command=f"sftp {what}",
                out=f"{size(value)} bytes\n",
                err="",
                exit_status=0,
                duration=deadline.elapsed,
                started=started,
            )
        )
        return value


def _with_retry(idempotent: bool, action: Callable[[], T]) -> T:
    try:
        return action()
    except ConnectionLostError:
        if not idempotent:
            raise
    return action()
