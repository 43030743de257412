"""`plugfest lab simulate`: a mixed-vendor lab to learn with, on this computer."""

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Annotated

import typer


def simulate(
    command: Annotated[
        list[str] | None, typer.Argument(help="Run this with PLUGFEST_LAB set, then end; without it, wait for Ctrl-C.")
    ] = None,
    lab: Annotated[
        str, typer.Option("--lab", metavar="NAME_OR_PATH", help="Lab of kind `hardware` whose devices are simulated.")
    ] = "odcc_reference",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Where lab file and host keys go; default: temporary."),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault", metavar="DEVICE:PORT:FIELD=VALUE", help="Something wrong, such as leaf2:400GE1/0/3:mtu=1500."
        ),
    ] = None,
) -> None:
    """Simulate hosts and switches of a mixed-vendor lab: their command lines over SSH, no packets.

    For instance: `plugfest lab simulate -- pytest testsuites/link testsuites/l2`
    """
    from plugfest.devices.simulated.faults import fault_of
    from plugfest.devices.simulated.lab import simulated_lab
    from plugfest.inventory.loader import load

    model = load(lab).lab
    faults = tuple(fault_of(model, text) for text in fault or ())
    with (
        tempfile.TemporaryDirectory(prefix="plugfest-simulated-") as temporary,
        simulated_lab(model, out or Path(temporary), faults) as simulated,
    ):
        if command:
            done = subprocess.run(command, env={**os.environ, "PLUGFEST_LAB": str(simulated.file)}, check=False)
            raise typer.Exit(done.returncode)
        typer.echo(f"lab file: {simulated.file}")
        typer.echo(f"use it:   pytest testsuites/link testsuites/l2 --lab {simulated.file}")
        typer.echo("end it:   Ctrl-C")
        _wait_for_interrupt()


def _wait_for_interrupt() -> None:
    """Until Ctrl-C or a polite end from outside."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
