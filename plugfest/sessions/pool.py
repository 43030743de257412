"""All sessions of a run: one connection a device, shared jump hosts, a bounded number of handshakes, one record."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Self

from plugfest.errors import UsageError
from plugfest.sessions.connection import HANDSHAKES, Connection
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.network_cli import USUAL, Manners, NetworkCli
from plugfest.sessions.session import Session
from plugfest.sessions.transcript import Recorder, Transcript


class SessionPool:
    """Gives out the one session of each device; for any number of threads.  Nothing connects before first use.

    `permit` is asked, with the device's name, before each use; what it raises keeps us from the device.
    """

    def __init__(self, endpoints: Mapping[str, Endpoint], permit: Callable[[str], None] = lambda device: None) -> None:
        self._endpoints, self._permit = dict(endpoints), permit
        self._lock = threading.Lock()
        self._handshakes = threading.BoundedSemaphore(HANDSHAKES)
        self._recorder = Recorder()
        self._connections: dict[Endpoint, Connection] = {}
        self._sessions: dict[str, Session] = {}
        self._clis: dict[tuple[str, str], NetworkCli] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def session(self, name: str) -> Session:
        """The session with the device called `name`.  UsageError if the lab gives no way to reach it."""
        with self._lock:
            if name not in self._sessions:
                self._sessions[name] = Session(self._connection(self._endpoint(name)), self._recorder)
            return self._sessions[name]

    def network_cli(self, name: str, device_type: str, manners: Manners = USUAL) -> NetworkCli:
        """The interactive command line of a switch; `device_type` as netmiko calls it, such as ``arista_eos``.

        `manners` count when it is asked for the first time; later callers share it.
        """
        with self._lock:
            if (name, device_type) not in self._clis:
                connection = self._connection(self._endpoint(name))
                self._clis[name, device_type] = NetworkCli(connection, device_type, self._recorder, manners)
            return self._clis[name, device_type]

    def recording(self) -> AbstractContextManager[Transcript]:
        """A transcript of everything that any session of this pool does until the block ends."""
        return self._recorder.recording()

    def close(self) -> None:
        """Close all connections, jump hosts last.  What still ran on the devices through them ends."""
        with self._lock:
            connections = list(self._connections.values())
        for connection in reversed(connections):
            connection.close()

    def _endpoint(self, name: str) -> Endpoint:
        if name not in self._endpoints:
            known = ", ".join(sorted(self._endpoints)) or "none"
            raise UsageError(f"no SSH endpoint for {name}; devices with one: {known}")
        return self._endpoints[name]

    def _connection(self, endpoint: Endpoint) -> Connection:
        """The one connection to an endpoint; a jump host comes before what is behind it."""
        if endpoint not in self._connections:
            jump = self._connection(endpoint.jump) if endpoint.jump is not None else None
            self._connections[endpoint] = Connection(
                endpoint, self._handshakes, jump, partial(self._permit, endpoint.name)
            )
        return self._connections[endpoint]
