"""`plugfest device`: what saved outputs become, which commands are known, and a first look at a new box."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from plugfest.errors import UsageError
from plugfest.records import Record

WIDE = 200
"""Columns of tables that do not go to a terminal."""
WHOLE_HOST = "host"
"""Probes every dialect that a host turns out to speak."""

app = typer.Typer(no_args_is_help=True, help="Read the outputs of switches and hosts; look at a new one.")

DialectOption = Annotated[str, typer.Option("--dialect", metavar="NAME", help="See `plugfest device dialects`.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved output; - reads standard input.")],
    dialect: DialectOption,
    command: Annotated[str, typer.Option("--command", metavar="TEXT", help="The command that printed it.")],
    as_json: JsonOption = False,
) -> None:
    """Show what a saved output becomes: typed records, or the line that is not understood."""
    from plugfest.devices.dialects import registry

    device = "standard input" if str(file) == "-" else file.name
    records = registry.dialect(dialect).parse(command, _text(file), device=device)
    if as_json:
        typer.echo(json.dumps({"dialect": dialect, "command": command, "records": as_documents(records)}, indent=2))
    else:
        _print_tables(records)


@app.command()
def dialects(as_json: JsonOption = False) -> None:
    """List the dialects, and for each command how far its parser is proven."""
    from plugfest.devices.dialects import registry, support

    if as_json:
        typer.echo(json.dumps(support.document((*registry.dialects(), *registry.host_dialects())), indent=2))
        return
    for known in (*registry.dialects(), *registry.host_dialects()):
        typer.echo(f"{known.name:<14} {known.title}")
        for reading in known.readings:
            typer.echo(f"    {reading.evidence.value:<11} {reading.command}")
        typer.echo(f"    note: {known.note}" if known.note else "")


@app.command()
def commands(dialect: DialectOption, as_json: JsonOption = False) -> None:
    """List the read commands of one dialect, all their forms and what they answer."""
    from plugfest.devices.dialects import registry, support
    from plugfest.devices.dialects.reading import shown

    known = registry.dialect(dialect)
    if as_json:
        typer.echo(json.dumps(support.document([known]), indent=2))
        return
    for reading in known.readings:
        typer.echo(f"{reading.evidence.value:<11} {', '.join(reading.answers)}")
        for form in reading.commands:
            typer.echo(f"            {shown(form)}")


@app.command()
def probe(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Host name or address of the switch or host.")],
    dialect: Annotated[
        str,
        typer.Option("--dialect", metavar="NAME", help="See `plugfest device dialects`; host: whatever a host has."),
    ],
    user: Annotated[str, typer.Option(help="Login name.")],
    known_hosts: Annotated[Path, typer.Option(help="File with the device's host key: `ssh-keyscan ADDRESS`, checked.")],
    port: Annotated[int, typer.Option(help="TCP port of its SSH server.")] = 22,
    key_file: Annotated[Path | None, typer.Option(help="Private key; else the password is asked for.")] = None,
    switch_port: Annotated[str | None, typer.Option("--port-name", help="A port for commands that need one.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the recordings.")] = Path("recordings"),
) -> None:
    """Run every known read command on a new box, show what parsed and save the redacted outputs as recordings."""
    from plugfest.accelerators.probing import probe_host
    from plugfest.devices.dialects import registry
    from plugfest.devices.dialects.probing import login, probe_switch
    from plugfest.devices.lines import command_line

    known = None if dialect == WHOLE_HOST else registry.dialect(dialect)
    password = None if key_file else typer.prompt("Password", hide_input=True)
    with login(address, port, user, known_hosts, key_file, password) as pool:
        if known is None or known.name in registry.HOSTS:
            findings = probe_host(address, pool.session(address), folder=out, only=known.name if known else None)
        else:
            findings = probe_switch(known, command_line(pool, address, known), folder=out, port=switch_port)
        for finding in findings:
            typer.echo(finding.line())
    if not findings.parsed:
        raise typer.Exit(5)


def as_documents(records: Sequence[Record]) -> list[dict[str, object]]:
    """Records as JSON documents, each with its type; ``null`` is unmeasured."""
    return [{"record": type(record).__name__, **record.model_dump(mode="json")} for record in records]


def _text(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}: give the path of a saved output") from None


def _print_tables(records: Sequence[Record]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else WIDE)
    for kind in dict.fromkeys(type(record) for record in records):
        rows = [record.model_dump(mode="json") for record in records if type(record) is kind]
        columns = [name for name in rows[0] if any(row[name] not in (None, [], {}) for row in rows)]
        table = Table(*columns, title=f"{len(rows)} {kind.__name__}", title_justify="left")
        for row in rows:
            table.add_row(*(_cell(row[name]) for name in columns))
        console.print(table)
    if not records:
        console.print("The output was understood; it lists nothing.")


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_cell(inner)}" for name, inner in value.items() if inner is not None)
    return ", ".join(map(_cell, value)) if isinstance(value, list) else str(value)
