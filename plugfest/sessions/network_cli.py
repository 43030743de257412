"""The interactive command line of a switch without a POSIX shell: prompts and paging by netmiko, the rest as always.

netmiko opens its terminal as one more channel of the device's connection, so host keys, login, jump hosts, keepalive
and the bound on handshakes are those of every other session.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from plugfest.errors import (
    AuthenticationError,
    ConnectionLostError,
    DeadlineExceededError,
    PlugfestError,
    UsageError,
)
from plugfest.sessions.connection import Connection
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.redaction import redact
from plugfest.sessions.result import DID_NOT_END, NO_STATUS, CommandResult
from plugfest.sessions.transcript import Recorder

if TYPE_CHECKING:
    from netmiko import BaseConnection
    from paramiko import Channel

OPEN_SECONDS = 30.0
"""Time for opening the terminal; netmiko has its own limits for finding the prompt and turning paging off."""
REFUSED = 1
"""Exit status that stands for an error phrase in the answer."""

ERROR_PHRASES = re.compile(
    r"^\s*(?:% ?(?:invalid|incomplete|ambiguous|unknown|unrecognized|bad|error|cannot|permission)|error:|syntax error"
    r"|unknown command|command not found|invalid (?:command|input))",
    re.IGNORECASE | re.MULTILINE,
)
"""How the common network operating systems say that they did not do what we asked."""


QUESTION = r"\[[Yy](?:es)?/[Nn]o?\]\s*:?\s*$"
"""How a command line asks before it goes on: ``Continue? [Y/N]:``."""
REMAINS_OF_A_PROMPT = " <>[]#$~*"
"""Drivers that look for the host name leave the prompt's last character before the echo."""


@dataclass(frozen=True)
class Manners:
    """How an operating system's command line behaves, where that differs from most."""

    error_phrases: re.Pattern[str] = ERROR_PHRASES
    """Found in an answer, it says that the command was refused."""
    prompt: str | None = None
    """Regular expression of a whole line that is nothing but a prompt, in any mode."""
    enable: bool = False
    """True: a login may end without the right to configure, which the command `enable` gives."""


USUAL = Manners()


class NetworkCli:
    """The command line of one switch; one command at a time, any number of threads.

    `device_type` as netmiko calls the operating system.  An answer with an error phrase is a failed command.
    """

    def __init__(
        self,
        connection: Connection,
        device_type: str,
        recorder: Recorder,
        manners: Manners = USUAL,
    ) -> None:
        self.endpoint, self.name = connection.endpoint, connection.endpoint.name
        self._connection, self._device_type, self._recorder = connection, device_type, recorder
        self._manners = manners
        self._lock = threading.Lock()
        self._terminal: BaseConnection | None = None

    def __repr__(self) -> str:
        return f"<NetworkCli {self.endpoint} {self._device_type}>"

    def run(self, *command: str, timeout: float = 30.0, check: bool = True) -> CommandResult:
        """Send one command line, answer its questions and return what was printed until the prompt came back.

        `command` is the line, then the answers to what it asks, in order: ``run("rollback last 1", "y")``.
        CommandError if the answer holds an error phrase, unless `check` is false; DeadlineExceededError without a
        prompt within `timeout` seconds; ConnectionLostError.  A new terminal is opened on the next use after both.
        """
        if not command:
            raise UsageError("expected one command line, got nothing")
        for line in command:
            _one_line(line)
        return self._ask(" ".join(command), lambda terminal: self._converse(terminal, command, timeout), timeout, check)

    def _converse(self, terminal: "BaseConnection", lines: Sequence[str], timeout: float) -> str:
        """Each line in turn; a question is awaited only where an answer to it is at hand."""
        prompt, printed = self._prompt(terminal), ""
        for position, line in enumerate(lines):
            last = position == len(lines) - 1
            awaited = prompt if last else f"(?:{prompt}|{QUESTION})"
            # The echo of an answer such as "y" cannot be told from the question's own text.
            verify = position == 0
            said = str(terminal.send_command(line, expect_string=awaited, read_timeout=timeout, cmd_verify=verify))
            printed += _without_echo(said, line) + ("" if last else "\n")
            if not last and not re.search(QUESTION, said):
                break
        return printed

    def abandon(self) -> None:
        """Close the terminal in whatever mode it is; the next command opens a new one, logged in afresh."""
        with self._lock:
            self._drop()

    def configure(self, lines: Sequence[str], timeout: float = 60.0) -> CommandResult:
        """Enter the configuration mode, send `lines`, leave it.  CommandError if a line is refused.

        The caller registers the undo: this changes the device.
        """
        for line in lines:
            _one_line(line)
        return self._ask(
            "configure: " + "; ".join(lines),
            lambda terminal: terminal.send_config_set(list(lines), read_timeout=timeout),
            timeout,
            check=True,
        )

    def _ask(
        self, command: str, send: "Callable[[BaseConnection], object]", timeout: float, check: bool
    ) -> CommandResult:
        with self._lock:
            terminal = self._live_terminal()
            started, deadline = time.time(), Deadline(f"{self.name}: prompt after `{redact(command)}`", timeout)
            try:
                with self._as_our_errors(deadline):
                    answer = str(send(terminal))
            except PlugfestError:
                self._record(command, "", DID_NOT_END, deadline, started)
                raise
        refused = self._manners.error_phrases.search(answer) is not None
        result = self._record(command, answer, REFUSED if refused else NO_STATUS, deadline, started)
        return result.require_ok() if check else result

    def _record(self, command: str, answer: str, status: int, deadline: Deadline, started: float) -> CommandResult:
        return self._recorder.add(
            CommandResult(
                device=self.name,
                command=command,
                out=answer,
                err="",
                exit_status=status,
                duration=deadline.elapsed,
                started=started,
            )
        )

    def _live_terminal(self) -> "BaseConnection":
        transport = self._connection.transport()
        channel = self._channel()
        if self._terminal is None or channel is None or channel.closed or channel.get_transport() is not transport:
            self._terminal = self._open()
        return self._terminal

    def _channel(self) -> "Channel | None":
        return None if self._terminal is None else cast("Channel | None", self._terminal.remote_conn)

    def _open(self) -> "BaseConnection":
        from plugfest.sessions.netmiko_terminal import terminal_class

        deadline = Deadline(f"{self.name}: {self._device_type} command line", OPEN_SECONDS)
        with self._as_our_errors(deadline):
            terminal = terminal_class(self._device_type, self._connection, self._manners.prompt, deadline)(
                device_type=self._device_type, host=self.endpoint.address, port=self.endpoint.port
            )
        if self._manners.enable:
            self._enable(terminal)
        return terminal

    def _enable(self, terminal: "BaseConnection") -> None:
        """Only where the login ended at ``>``; typing it is answered in step, unlike the driver's own look."""
        if not str(getattr(terminal, "login_prompt", "")).endswith(">"):
            return
        awaited = rf"(?:{self._prompt(terminal)}|[Pp]assword:\s*$)"
        deadline = Deadline(f"{self.name}: prompt after `enable`", OPEN_SECONDS)
        with self._as_our_errors(deadline):
            said = str(terminal.send_command("enable", expect_string=awaited, strip_prompt=False))
        if not said.rstrip().endswith("#"):
            cast("Channel", terminal.remote_conn).close()
            raise AuthenticationError(
                f"{self.name}: `enable` gave no rights to configure: {said.strip()[-80:]!r}; "
                "use a login that has them from the start"
            )

    def _prompt(self, terminal: "BaseConnection") -> str:
        """The prompt at the end of the output, in any mode: the plain call would wait for it by guessing."""
        name = re.escape(terminal.base_prompt)
        if self._manners.prompt is None:
            return rf"{name}[^\r\n]*[#>$%]\s*$"
        # Drivers press the return key while they log in; prompts then come twice.
        return rf"(?:^|[\r\n])(?=[^\r\n]*{name})\s*(?:(?:{self._manners.prompt})\s*)+$"

    @contextmanager
    def _as_our_errors(self, deadline: Deadline) -> Iterator[None]:
        """After any error the state of the terminal is unknown: it is closed and opened again on the next use."""
        import netmiko
        from netmiko.exceptions import NetmikoBaseException

        try:
            yield
        except (netmiko.ReadTimeout, netmiko.NetmikoTimeoutException) as error:
            self._drop()
            text = " ".join(str(error).split())[:300]
            raise DeadlineExceededError(f"{deadline.name}: not seen within {deadline.elapsed:.1f} s: {text}") from None
        except (NetmikoBaseException, OSError, EOFError, ValueError) as error:
            self._drop()
            raise ConnectionLostError(f"{deadline.name}: the terminal ended: {error or type(error).__name__}") from None

    def _drop(self) -> None:
        if (channel := self._channel()) is not None:
            channel.close()
        self._terminal = None


def _one_line(command: str) -> None:
    if not command.strip() or any(character in command for character in "\r\n\0"):
        raise UsageError(f"expected one command line without line breaks, got {command!r}")


def _without_echo(answer: str, line: str) -> str:
    """The answer without the line that repeats the command, which some drivers leave in place."""
    first, _, rest = answer.partition("\n")
    return rest if first.strip().lstrip(REMAINS_OF_A_PROMPT).split() == line.split() else answer
