"""Files on a device, over SFTP on the session's own connection."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.errors import CommandError, ConnectionLostError, DeadlineExceededError
from plugfest.sessions.channels import closed_at, opened
from plugfest.sessions.connection import Connection
from plugfest.sessions.deadline import Deadline

if TYPE_CHECKING:
    from paramiko import SFTPClient

READ_LIMIT = 16 * 1024 * 1024
"""Bytes that `read` takes into memory; larger files are fetched."""


class RemoteFiles:
    """Reads and writes files of one device; one operation at a time.

    All methods raise CommandError with device, path and reason if the device refuses, DeadlineExceededError,
    ConnectionLostError.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._device = connection.endpoint.name
        self._lock = threading.Lock()
        self._client: SFTPClient | None = None

    def read(self, path: str, deadline: Deadline) -> bytes:
        """The content of a file, also of one in /proc or /sys; at most READ_LIMIT bytes."""
        with self._operation("read", path, deadline) as client, client.open(path, "rb") as file:
            data = file.read(READ_LIMIT + 1)
        if len(data) > READ_LIMIT:
            raise CommandError(f"{self._device}: {path} is larger than {READ_LIMIT // 1024 // 1024} MiB; fetch it")
        return data

    def write(self, path: str, data: bytes, deadline: Deadline) -> None:
        """Create the file or replace its content."""
        with self._operation("write", path, deadline) as client, client.open(path, "wb") as file:
            file.write(data)

    def fetch(self, remote: str, local: Path, deadline: Deadline) -> int:
        """Copy a file here; `local` appears only when it is complete.  Returns its size in bytes."""
        part = local.with_name(local.name + ".part")
        try:
            with self._operation("fetch", remote, deadline) as client:
                client.get(remote, str(part))
            part.replace(local)
        finally:
            part.unlink(missing_ok=True)
        return local.stat().st_size

    @contextmanager
    def _operation(self, verb: str, path: str, deadline: Deadline) -> "Iterator[SFTPClient]":
        import paramiko

        with self._lock:
            client = self._open(deadline)
            channel = client.get_channel()
            assert channel is not None
            try:
                with closed_at(channel, deadline):
                    yield client
            except (EOFError, paramiko.SSHException, OSError) as error:
                if not deadline.remaining:
                    raise DeadlineExceededError(f"{deadline.name}: not done within {deadline.seconds:g} s") from None
                if channel.closed or isinstance(error, EOFError):
                    raise ConnectionLostError(f"{self._device}: connection lost: {verb} {path}") from None
                raise CommandError(f"{self._device}: cannot {verb} {path}: {_reason(error)}") from None

    def _open(self, deadline: Deadline) -> "SFTPClient":
        """The SFTP client of the live connection; the one of a lost connection is replaced."""
        import paramiko

        transport = self._connection.transport()
        channel = self._client.get_channel() if self._client is not None else None
        if self._client is None or channel is None or channel.closed or channel.get_transport() is not transport:
            with opened(self._device, transport, deadline) as fresh:
                fresh.invoke_subsystem("sftp")
                self._client = paramiko.SFTPClient(fresh)
        return self._client


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
