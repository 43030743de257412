"""One SSH connection to one device: opened when first needed, kept for the whole run, opened again when lost."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plugfest.errors import AuthenticationError, HostKeyError, SessionError
from plugfest.sessions.authentication import authenticate
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.host_keys import PinnedKeys
from plugfest.sessions.redaction import RedactingFilter

if TYPE_CHECKING:
    from paramiko import Channel, Transport

CONNECT_SECONDS = 30.0
"""Time for one connection from the first packet to the login, without waiting for a free handshake slot."""
KEEPALIVE_SECONDS = 15
"""How often an idle connection is exercised."""
DEAD_PEER_MILLISECONDS = 30_000
"""After this time without acknowledgement from the peer the kernel gives the connection up."""
HANDSHAKES = 8
"""Handshakes at a time: servers refuse more unauthenticated connections at random (OpenSSH MaxStartups 10)."""

logger = logging.getLogger(__name__)
for _name in (__name__, "paramiko.transport", "paramiko.transport.sftp", "netmiko"):
    logging.getLogger(_name).addFilter(RedactingFilter())
logging.getLogger("paramiko").addHandler(logging.NullHandler())  # our errors say it; no stray lines on the terminal


class Connection:
    """Keeps one authenticated transport to an endpoint; safe to use from several threads.

    A refused login or host key is final: later calls raise the same error without contacting the device.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        handshakes: threading.Semaphore,
        jump: "Connection | None" = None,
        permit: Callable[[], None] = lambda: None,
    ) -> None:
        self.endpoint = endpoint
        self.permit = permit
        """Asked before each use of the device, though not of the way through it; raises what forbids that."""
        self._handshakes, self._jump = handshakes, jump
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._refusal: HostKeyError | AuthenticationError | None = None

    def transport(self) -> "Transport":
        """The live transport; connects if there is none.  Raises SessionError and its kinds, and what `permit` does."""
        self.permit()
        return self._live()

    def _live(self) -> "Transport":
        with self._lock:
            if self._refusal is not None:
                raise type(self._refusal)(str(self._refusal)) from None
            if self._transport is None or not self._transport.is_active():
                self._transport = self._connect()
            return self._transport

    def close(self) -> None:
        """Close the connection if it is open; the next use would open it again."""
        with self._lock:
            if self._transport is not None:
                self._transport.close()
                self._transport = None

    def _connect(self) -> "Transport":
        tunnel = self._jump_transport()
        with self._handshakes:
            deadline = Deadline(f"{self.endpoint}: SSH connection", CONNECT_SECONDS)
            stream = _dial(self.endpoint, deadline) if tunnel is None else self._through(tunnel, deadline)
            try:
                transport = _handshake(self.endpoint, stream, deadline)
            except (HostKeyError, AuthenticationError) as refusal:
                self._refusal = refusal
                raise
        logger.info("connected to %s in %.2f s", self.endpoint, deadline.elapsed)
        return transport

    def _jump_transport(self) -> "Transport | None":
        try:
            return None if self._jump is None else self._jump._live()
        except SessionError as error:
            raise type(error)(f"{self.endpoint}: its jump host cannot be used: {error}") from None

    def _through(self, tunnel: "Transport", deadline: Deadline) -> "Channel":
        import paramiko

        target = (self.endpoint.address, self.endpoint.port)
        try:
            return tunnel.open_channel("direct-tcpip", target, ("127.0.0.1", 0), timeout=deadline.remaining)
        except (paramiko.SSHException, EOFError, OSError) as error:
            jump = self.endpoint.jump
            raise SessionError(
                f"{self.endpoint}: jump host {jump} cannot connect to it: {error}; "
                "is the device up, and does the jump host allow TCP forwarding?"
            ) from None


def _dial(endpoint: Endpoint, deadline: Deadline) -> socket.socket:
    """A TCP connection without Nagle's delay (it costs 40 ms a command) that notices a dead peer."""
    try:
        stream = socket.create_connection((endpoint.address, endpoint.port), timeout=deadline.remaining)
    except OSError as error:
        raise SessionError(
            f"{endpoint}: cannot connect: {error.strerror or error}; is the device up and its SSH server listening?"
        ) from None
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_PEER_MILLISECONDS)
    return stream


def _handshake(endpoint: Endpoint, stream: "socket.socket | Channel", deadline: Deadline) -> "Transport":
    """Key exchange, host key check, login – in this order, so that no credential reaches an impostor."""
    with _closed_on_error(endpoint, stream, deadline) as transport:
        pinned = PinnedKeys(endpoint)
        options = transport.get_security_options()
        options.key_types = pinned.preferred(tuple(options.key_types))
        transport.start_client(timeout=deadline.remaining)
        pinned.verify(transport.get_remote_server_key())
        transport.auth_timeout = max(deadline.remaining, 0.1)
        authenticate(transport, endpoint)
        transport.set_keepalive(KEEPALIVE_SECONDS)
    return transport


@contextmanager
def _closed_on_error(
    endpoint: Endpoint, stream: "socket.socket | Channel", deadline: Deadline
) -> "Iterator[Transport]":
    import paramiko

    transport = paramiko.Transport(stream)
    transport.banner_timeout = transport.channel_timeout = max(deadline.remaining, 0.1)
    try:
        yield transport
    except SessionError:
        transport.close()
        raise
    except (paramiko.SSHException, EOFError, OSError) as error:
        transport.close()
        reason = "no answer" if not deadline.remaining else str(error) or type(error).__name__
        raise SessionError(
            f"{endpoint}: no SSH connection after {deadline.elapsed:.1f} s: {reason}; "
            "is it an SSH server, and is the device alive?"
        ) from None
