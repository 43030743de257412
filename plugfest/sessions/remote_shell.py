"""A POSIX shell that stays open on the device and runs one command after the other.

An exec channel a command costs process starts and the login shell's start-up files each time: 0.1 s on many
machines, more under emulation.  One `sh` that reads commands costs one fork.  Three things make it safe:

- *Framing.*  After each command the shell prints a random 128-bit marker with the exit status on both streams.
  Only the shell that we started knows it, so no output, however binary, can be taken for the end.
- *Isolation.*  Each command runs in a subshell with its own standard input; `cd` or `exit` change nothing.
- *No orphans.*  The shell's process group dies when its channel closes, for whatever reason: `cat` sees the end of
  the stream and kills the group.  Closing the channel is therefore how a command that ran too long is killed.
  Should a device not notice that we are gone, the tag in the environment of all programs tells the next run.
"""

import contextlib
import shlex
import threading
from typing import TYPE_CHECKING

from plugfest.errors import CommandError, ConnectionLostError, DeadlineExceededError, SessionError
from plugfest.sessions.channels import opened
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.framing import Stream, new_marker
from plugfest.sessions.redaction import redact
from plugfest.sessions.tag import VARIABLE, own_tag

if TYPE_CHECKING:
    from paramiko import Channel, Transport

OUTPUT_LIMIT = 16 * 1024 * 1024
"""Bytes that one command may print on both streams together."""
OPEN_SECONDS = 20.0
"""Time for opening a shell on an established connection."""
KILL_SECONDS = 5.0
"""Time for the device to confirm that the shell's process group is gone."""
CHUNK = 256 * 1024

# Some SSH servers start commands in their own process group: then `kill 0` would kill the server, so get a new one.
_BOOTSTRAP = (
    'read -r a b c d group rest </proc/$$/stat; [ "$group" = $$ ] || [ "$1" ] || exec setsid sh -c "$0" "$0" own; '
    "{ cat; kill -KILL 0; } | { sh; kill -KILL 0; }"
)
_PREPARE = (
    'export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; '
    'ended() { printf \'%s %d\\n\' "$1" "$2" >&2; printf \'%s %d\\n\' "$1" "$2"; }\n'
)


class RemoteShell:
    """One shell on one channel; used by one thread at a time."""

    def __init__(self, device: str, channel: "Channel") -> None:
        self.device = device
        self.out, self.err = Stream(), Stream()
        self._channel = channel
        self._arrival = _Arrival()
        channel.in_buffer.set_event(self._arrival)
        channel.in_stderr_buffer.set_event(self._arrival)

    @classmethod
    def open(cls, device: str, transport: "Transport") -> "RemoteShell":
        """Start a shell and wait until it answers; what login scripts print before that is dropped.

        Raises SessionError if the server opens no further channel or starts no shell.
        """
        deadline = Deadline(f"{device}: opening a shell", OPEN_SECONDS)
        with opened(device, transport, deadline) as channel:
            shell = cls(device, channel)
            channel.exec_command(
                f"exec env {VARIABLE}={own_tag()} sh -c {shlex.quote(_BOOTSTRAP)} {shlex.quote(_BOOTSTRAP)}"
            )
        shell._greet(deadline)
        return shell

    def _greet(self, deadline: Deadline) -> None:
        marker = new_marker()
        try:
            self.send(f"{_PREPARE}ended {marker} 0\n", deadline)
            self.finish(marker, "sh", deadline)
        except (ConnectionLostError, CommandError, DeadlineExceededError) as error:
            raise SessionError(f"{self.device}: no POSIX shell answers on this device: {error}") from None

    @property
    def usable(self) -> bool:
        """True if the channel lives and nothing was printed since the last command; then it is safe to use again."""
        channel = self._channel
        silent = not (channel.recv_ready() or channel.recv_stderr_ready() or self.out.data or self.err.data)
        return silent and not self._ended and channel.get_transport().is_active()

    @property
    def _ended(self) -> bool:
        return bool(self._channel.closed or self._channel.eof_received)

    def send(self, text: str, deadline: Deadline) -> None:
        """Send text to the shell or to the program that it runs.  Raises ConnectionLostError."""
        import paramiko

        try:
            self._channel.settimeout(max(deadline.remaining, 0.1))
            self._channel.sendall(text.encode("utf-8", "surrogateescape"))
        except (OSError, EOFError, paramiko.SSHException) as error:
            while self._absorb():
                pass
            self.close()
            reason = f"{str(error) or type(error).__name__}; {self._last_output()}"
            raise ConnectionLostError(f"{self.device}: connection lost while sending: {reason}") from None

    def finish(self, marker: str, command: str, deadline: Deadline) -> tuple[bytes, bytes, int]:
        """Standard output, standard error and exit status of the command that ends with `marker`.

        Kills it and raises DeadlineExceededError when time is up, CommandError when it prints more than OUTPUT_LIMIT;
        raises ConnectionLostError when the channel closes.
        """
        while (ending := self.ending(marker)) is None:
            self._pump_or_kill(command, deadline)
        return ending

    def ending(self, marker: str) -> tuple[bytes, bytes, int] | None:
        """Output and exit status of the command that ends with `marker`; None while it runs."""
        if not (self.out.find(marker) and self.err.find(marker)):
            return None
        out, err = self.out.cut(marker), self.err.cut(marker)
        assert out is not None and err is not None
        return out[0], err[0], out[1]

    def _pump_or_kill(self, command: str, deadline: Deadline) -> None:
        try:
            self.pump(command, deadline)
        except DeadlineExceededError as error:
            self.close()
            raise DeadlineExceededError(f"{error}; the command was killed") from None

    def pump(self, command: str, deadline: Deadline) -> None:
        """Wait for more output of `command` and take it.

        Raises DeadlineExceededError when time is up, CommandError (and kills) above OUTPUT_LIMIT, ConnectionLostError.
        """
        if not deadline.remaining:
            raise DeadlineExceededError(
                f"{deadline.name}: not reached within {deadline.seconds:.3g} s; {self._last_output()}"
            )
        self._arrival.wait(deadline.remaining)
        self._arrival.rearm()
        if self._absorb():
            self._keep_to_limit(command)
        elif self._ended:
            self.close()
            raise ConnectionLostError(
                f"{self.device}: connection lost while running `{command}`, which may or may not have taken effect; "
                f"{self._last_output()}"
            )

    def _receive(self) -> tuple[bytes, bytes]:
        """What has arrived on both streams; more may be waiting."""
        channel = self._channel
        out = channel.recv(CHUNK) if channel.recv_ready() else b""
        err = channel.recv_stderr(CHUNK) if channel.recv_stderr_ready() else b""
        if out or err:
            self._arrival.set()
        return out, err

    def _absorb(self) -> bool:
        """Move what has arrived into the streams; False if there was nothing."""
        out, err = self._receive()
        self.out.data += out
        self.err.data += err
        return bool(out or err)

    def _keep_to_limit(self, command: str) -> None:
        if len(self.out.data) + len(self.err.data) > OUTPUT_LIMIT:
            self.close()
            raise CommandError(
                f"{self.device}: `{command}` printed more than {OUTPUT_LIMIT // 1024 // 1024} MiB and was killed; "
                "let it write to a file and fetch that"
            )

    def _last_output(self) -> str:
        data = bytes(self.err.data[-300:].strip() or self.out.data[-300:].strip())
        return f"last output: {redact(data.decode(errors='replace'))!r}"

    def close(self) -> None:
        """End the shell and all that runs in it; waits up to KILL_SECONDS for the device to confirm it."""
        deadline = Deadline(f"{self.device}: end of a shell", KILL_SECONDS)
        with contextlib.suppress(OSError, EOFError):  # the connection may break at this moment
            self._channel.shutdown_write()
        while deadline.remaining and not self._ended:
            self._arrival.wait(deadline.remaining)
            self._arrival.rearm()
            self._receive()
        with contextlib.suppress(OSError, EOFError):
            self._channel.close()


class _Arrival(threading.Event):
    """Set when either stream has news.  Only the reader re-arms it: the library would clear it too early."""

    def clear(self) -> None:
        """Called by the library when one of the two streams is empty: nothing to do."""

    def rearm(self) -> None:
        super().clear()
