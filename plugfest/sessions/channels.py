"""Opening a channel on a connection with a deadline on every step."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plugfest.errors import ConnectionLostError, SessionError
from plugfest.sessions.deadline import Deadline

if TYPE_CHECKING:
    from paramiko import Channel, Transport


@contextmanager
def opened(device: str, transport: "Transport", deadline: Deadline) -> "Iterator[Channel]":
    """A new session channel; requests made in the block (exec, subsystem, terminal) must end before `deadline`.

    The channel stays open after the block unless it failed.  Raises SessionError if the server opens no further
    channel or refuses or ignores a request, ConnectionLostError if the connection broke.
    """
    import paramiko

    channel = None
    try:
        channel = transport.open_session(timeout=max(deadline.remaining, 0.1))
        with closed_at(channel, deadline):
            yield channel
    except paramiko.ChannelException as error:
        raise SessionError(
            f"{device}: the server opens no further channel ({error.text}): too many programs run at once over this "
            "connection (OpenSSH: MaxSessions, default 10)"
        ) from None
    except (paramiko.SSHException, EOFError, OSError) as error:
        if channel is not None:
            channel.close()
        kind = SessionError if transport.is_active() else ConnectionLostError
        reason = str(error) if deadline.remaining else f"no answer within {deadline.seconds:g} s"
        raise kind(f"{deadline.name}: {reason or type(error).__name__}") from None


@contextmanager
def closed_at(channel: "Channel", deadline: Deadline) -> Iterator[None]:
    """The library waits without end for the answer to a request; closing the channel ends that wait."""
    timer = threading.Timer(deadline.remaining, channel.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
