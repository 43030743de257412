"""`plugfest lab`: start, stop and enter the embedded lab."""

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.embedded.state import RunningLab
    from plugfest.sessions.endpoint import Endpoint

app = typer.Typer(no_args_is_help=True, help="Start, stop and enter the embedded lab.")

LabOption = Annotated[
    str | None, typer.Option("--lab", help="Name or path of a lab file of kind `embedded`.", envvar="PLUGFEST_LAB")
]


@app.command()
def up(
    lab: LabOption = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Boot it, even if there is a snapshot to start from.")] = False,
) -> None:
    """Start the lab: seconds from its snapshot, under a minute the first time, minutes if the image must be built."""
    from plugfest.embedded.lifecycle import up as start
    from plugfest.inventory.loader import load

    began = time.monotonic()
    loaded = load(lab)
    running = start(loaded.lab, loaded.file, _told_since(began), fresh)
    _print_devices(running)
    typer.echo(f"lab {running.name} is up after {time.monotonic() - began:.1f} s; enter: plugfest lab ssh NAME")


@app.command()
def down() -> None:
    """End the lab; nothing is left running."""
    from plugfest.embedded.lifecycle import down as end

    typer.echo("the lab is down" if end(typer.echo) else "no lab was running")


@app.command()
def status() -> None:
    """Tell whether the lab runs and how its devices are reached; exit status 5 if it does not."""
    from plugfest.embedded.lifecycle import require_running
    from plugfest.embedded.readiness import silent_devices
    from plugfest.embedded.state import process_of
    from plugfest.errors import EmbeddedLabError

    lab = require_running()
    _print_devices(lab)
    for name, sockets in lab.test_ports.items():
        typer.echo(f"  test port {name}: we bind 127.0.0.1:{sockets.local_port}, it binds {sockets.remote_port}")
    process = process_of(lab)
    memory = process.memory_info().rss / 1e6 if process else 0
    age = time.time() - lab.started
    typer.echo(f"lab {lab.name} runs since {age:.0f} s, {lab.acceleration}, {memory:.0f} MB, process {lab.pid}")
    silent = silent_devices(lab.endpoints.values())
    if silent:
        raise EmbeddedLabError(f"these devices do not answer over SSH: {', '.join(silent)}; try: plugfest lab reset")


@app.command()
def ssh(
    name: Annotated[str, typer.Argument(help="Device, such as leaf1.")],
    command: Annotated[list[str] | None, typer.Argument(help="Command; without one a prompt.")] = None,
) -> None:
    """Enter a device of the lab, or run one command there."""
    from plugfest.embedded.lifecycle import require_running
    from plugfest.embedded.programs import program
    from plugfest.errors import UsageError

    lab = require_running()
    if name not in lab.endpoints:
        raise UsageError(f"the lab has no device {name!r}; it has {', '.join(lab.endpoints)}")
    arguments = _ssh_arguments(lab.endpoints[name], command or [])
    sys.stdout.flush()
    os.execv(program("ssh"), arguments)


@app.command()
def reset() -> None:
    """Put the running lab back to its pristine snapshot."""
    from plugfest.embedded.lifecycle import require_running
    from plugfest.embedded.lifecycle import reset as rewind

    began = time.monotonic()
    rewind(require_running(), _told_since(began))
    typer.echo(f"the lab is pristine again after {time.monotonic() - began:.1f} s")


@app.command()
def logs(lines: Annotated[int, typer.Option(min=1, help="How many lines of each log.")] = 40) -> None:
    """Print the last lines of the guest's console and of the emulator, of the running or the last lab."""
    from plugfest.embedded.folders import state_folder
    from plugfest.embedded.machine import tail

    for log in (state_folder() / "console.log", state_folder() / "qemu.log"):
        typer.echo(f"{log}:\n  {tail(log, lines)}")


def _told_since(began: float) -> Callable[[str], None]:
    return lambda message: typer.echo(f"{time.monotonic() - began:6.1f} s  {message}")


def _print_devices(lab: "RunningLab") -> None:
    for name, endpoint in lab.endpoints.items():
        typer.echo(f"  {name}: ssh {endpoint.user}@{endpoint.address} -p {endpoint.port}")


def _ssh_arguments(endpoint: "Endpoint", command: list[str]) -> list[str]:
    options = {
        "UserKnownHostsFile": str(endpoint.known_hosts),
        "StrictHostKeyChecking": "yes",
        "IdentitiesOnly": "yes",
        "LogLevel": "ERROR",
    }
    listed = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
    login = ["-i", str(endpoint.key_file), "-p", str(endpoint.port), f"{endpoint.user}@{endpoint.address}"]
    return ["ssh", "-F", "none", *listed, *login, *command]
