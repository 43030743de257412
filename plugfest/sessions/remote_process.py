"""A program that runs on a device while we do something else, and that never outlives our interest in it."""

import logging
import re
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from plugfest.errors import CommandError, DeadlineExceededError, PlugfestError, SessionError, UsageError
from plugfest.sessions.command_line import for_people, for_shell
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.framing import new_marker
from plugfest.sessions.redaction import redact
from plugfest.sessions.remote_shell import RemoteShell
from plugfest.sessions.result import DID_NOT_END, CommandResult

START_SECONDS = 20.0
"""Time until the device says which process id the program got."""
STOP_SECONDS = 10.0
"""Time for an orderly end after SIGINT unless the caller says otherwise; also for the end after SIGKILL."""

# The shell prints its own process id and then becomes the program: the id is the program's, and so are its signals.
_ANNOUNCE = 'printf "%s %d\\n" "$0" $$ >&2; exec "$@"'

logger = logging.getLogger(__name__)


class RemoteProcess:
    """A running program with known process id; made by `Session.start`, used by one thread.

    As a context manager it is always stopped at the end of the block.
    """

    def __init__(
        self,
        shell: RemoteShell,
        argv: Sequence[str],
        stdin: bool,
        signal: Callable[[str, int], object],
        ended: Callable[[CommandResult, RemoteShell | None], None],
    ) -> None:
        """`signal` sends a signal to a process id; `ended` takes the result and the shell if it can be used again."""
        self.device, self.command = shell.device, redact(for_people(argv))
        self._shell, self._stdin, self._signal, self._ended = shell, stdin, signal, ended
        self._marker, self._began, self._started = new_marker(), time.monotonic(), time.time()
        self._result: CommandResult | None = None
        self._matched = [0, 0]
        self._reusable = not stdin  # input that the program did not take would be read by the shell as commands
        self.pid = self._start(argv)

    def _start(self, argv: Sequence[str]) -> int:
        announcement = new_marker()
        program = for_shell(["sh", "-c", _ANNOUNCE, announcement, *argv])
        source = "" if self._stdin else "</dev/null"
        deadline = Deadline(f"{self.device}: start of `{self.command}`", START_SECONDS)
        try:
            self._shell.send(f"( exec {program} ) {source}; ended {self._marker} $?\n", deadline)
            while (announced := self._shell.err.cut(announcement)) is None:
                self._shell.pump(self.command, deadline)
        except PlugfestError:
            self._abandon()
            raise
        return announced[1]

    @property
    def out(self) -> str:
        """Standard output as far as it was read; decoded as UTF-8 with replacement characters, redacted."""
        return self._result.out if self._result else self._shell.out.text_before(self._marker)

    @property
    def err(self) -> str:
        """Standard error as far as it was read."""
        return self._result.err if self._result else self._shell.err.text_before(self._marker)

    def send(self, text: str, deadline: Deadline) -> None:
        """Write to the program's standard input; it must have been started with ``stdin=True``."""
        if not self._stdin:
            raise UsageError(f"`{self.command}` was started without standard input; use start(…, stdin=True)")
        if self._poll() is not None:
            raise CommandError(f"{self.device}: `{self.command}` has already ended; nothing can be sent to it")
        self._shell.send(text, deadline)

    def read_until(self, pattern: str, deadline: Deadline) -> re.Match[str]:
        """Wait until standard output or standard error matches `pattern` (multi-line mode) after the last match.

        Raises DeadlineExceededError with the last output, CommandError if the program ends before.
        """
        expression = re.compile(pattern, re.MULTILINE)
        while True:
            finished = self._poll()
            if match := self._next_match(expression):
                return match
            if finished is not None:
                raise CommandError(
                    f"{self.device}: `{self.command}` ended with exit status {finished.exit_status} before it "
                    f"printed {pattern!r} ({deadline.name}); it said: {finished.said}"
                )
            self._pump(deadline)

    def _next_match(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        for index, text in enumerate((self.out, self.err)):
            if match := expression.search(text, self._matched[index]):
                self._matched[index] = match.end()
                return match
        return None

    def wait(self, deadline: Deadline, check: bool = True) -> CommandResult:
        """Wait for the end of the program and return its result.

        Raises DeadlineExceededError with the last output (the program goes on), CommandError unless it reports success
        or `check` is false.
        """
        while (result := self._poll()) is None:
            self._pump(deadline)
        return result.require_ok() if check else result

    def stop(self, deadline: Deadline | None = None) -> CommandResult:
        """End the program: SIGINT to its own process id, SIGKILL if it is still there when `deadline` has passed.

        Returns its result whatever the exit status (DID_NOT_END if only hanging up was possible); at once if it has
        already ended.  Whatever else is left in its process group ends too.
        """
        if (result := self._poll()) is not None:
            return result
        deadline = deadline or Deadline(f"{self.device}: end of `{self.command}` after SIGINT", STOP_SECONDS)
        self._reusable = False  # what it may have left behind must not meet the next command
        try:
            self._interrupt()
            return self._wait_or_kill(deadline)
        finally:
            self._abandon()

    def _interrupt(self) -> None:
        """Send SIGINT; if no channel is left for that, hang up, which kills the program's process group."""
        try:
            self._signal("INT", self.pid)
        except SessionError as error:
            logger.warning("`%s` is killed by hanging up because SIGINT cannot be sent: %s", self.command, error)
            self._abandon()

    def _wait_or_kill(self, deadline: Deadline) -> CommandResult:
        try:
            return self.wait(deadline, check=False)
        except DeadlineExceededError:
            self._signal("KILL", self.pid)
            return self.wait(
                Deadline(f"{self.device}: end of `{self.command}` after SIGKILL", STOP_SECONDS), check=False
            )

    def _pump(self, deadline: Deadline) -> None:
        try:
            self._shell.pump(self.command, deadline)
        except DeadlineExceededError:
            raise
        except PlugfestError:
            self._abandon()
            raise

    def _poll(self) -> CommandResult | None:
        """The result if the program has ended."""
        if self._result is None and (ending := self._shell.ending(self._marker)):
            out, err, status = ending
            self._finish(out.decode(errors="replace"), err.decode(errors="replace"), status)
        return self._result

    def _abandon(self) -> None:
        """Close the shell, and with it the program's process group, unless the program's end was seen."""
        if self._result is None:
            self._shell.close()
            self._finish(self.out, self.err, DID_NOT_END)

    def _finish(self, out: str, err: str, status: int) -> None:
        self._result = CommandResult(
            device=self.device,
            command=self.command,
            out=out,
            err=err,
            exit_status=status,
            duration=time.monotonic() - self._began,
            started=self._started,
        )
        again = self._shell if status != DID_NOT_END and self._reusable else None
        if again is None:
            self._shell.close()
        self._ended(self._result, again)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        except PlugfestError as failure:
            if error is None:
                raise
            logger.warning("after an error in its block, `%s` could not be stopped: %s", self.command, failure)
