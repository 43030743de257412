"""Stand-ins for the tools of a Linux host: scripts that pass their arguments on and print the answer.

The shell, its pipes and everything that plugfest's sessions do with them stay real.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from plugfest.devices.simulated.voices.linux import Said

Answer = Callable[[str, Sequence[str]], Said]
"""``answer(device, argv)``."""

_SCRIPT = """\
#!/bin/bash
# Stands for {tool} of the simulated host {device}.
exec 3<>/dev/tcp/127.0.0.1/{port} || exit 125
printf '%s\\0' {device} {tool} "$@" >&3
printf '\\n' >&3
IFS=' ' read -r status length <&3
head -c "$length" <&3
cat <&3 >&2
exit "$status"
"""


def write_tools(folder: Path, device: str, tools: Iterable[str], port: int) -> None:
    """Put a stand-in for each of `tools` into `folder`; each asks the question server on `port` of this machine."""
    folder.mkdir(parents=True)
    for tool in tools:
        script = folder / tool
        script.write_text(_SCRIPT.format(tool=tool, device=device, port=port))
        script.chmod(0o755)


async def serve_questions(answer: Answer) -> asyncio.Server:
    """A server on a free port of 127.0.0.1 that answers one command line a connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            device, *argv = (await reader.readuntil(b"\0\n"))[:-2].decode().split("\0")
            said = answer(device, argv)
            out = said.out.encode()
            writer.write(f"{said.status} {len(out)}\n".encode() + out + said.err.encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the tool was killed: there is nobody to answer
        finally:
            writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0)
