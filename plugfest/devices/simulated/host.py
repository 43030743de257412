"""One simulated Linux host: an SSH server that runs real shells, in which some tools are stand-ins."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.devices.simulated.server import close_server, listen, loop_in_thread

if TYPE_CHECKING:
    import asyncssh


CHUNK = 64 * 1024


@dataclass(frozen=True)
class SimulatedHost:
    """Where a running simulated host answers, and the pinned key it shows."""

    name: str
    port: int
    known_hosts_line: str


async def _end(shell: asyncio.subprocess.Process) -> None:
    """Wait until a shell has ended, with all that it started; its pipes are closed before the event loop is."""
    if shell.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    await shell.communicate()


async def _feed(source: "asyncssh.SSHReader[bytes]", sink: asyncio.StreamWriter) -> None:
    """What the client sends; its end, for whatever reason, is the end of the shell's input."""
    with suppress(OSError, EOFError):
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
    sink.close()


async def _copy(source: asyncio.StreamReader, sink: "asyncssh.SSHWriter[bytes]") -> None:
    """What the shell prints; read to its end even if the client has gone, so that the shell can end."""
    while data := await source.read(CHUNK):
        with suppress(OSError):
            sink.write(data)
            await sink.drain()


@contextmanager
def simulated_host(name: str, tools: Path) -> Iterator[SimulatedHost]:
    """Run a host on a free port of 127.0.0.1 whose shells find `tools` first.  Log in as `USER` with `PASSWORD`."""

    async def serve(process: "asyncssh.SSHServerProcess[bytes]") -> None:
        environment = {**os.environ, "PATH": f"{tools}:{os.environ.get('PATH', '/usr/bin:/bin')}"}
        shell = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            process.command or "exec sh",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        assert shell.stdin and shell.stdout and shell.stderr
        feeding = asyncio.ensure_future(_feed(process.stdin, shell.stdin))
        try:
            await asyncio.gather(_copy(shell.stdout, process.stdout), _copy(shell.stderr, process.stderr))
            process.exit(await shell.wait())
        finally:
            feeding.cancel()
            await _end(shell)

    with loop_in_thread() as run:
        server, key = run(listen(serve, encoding=None))
        port = server.get_port()
        try:
            yield SimulatedHost(name, port, f"[127.0.0.1]:{port} {key}")
        finally:
            run(close_server(server))
