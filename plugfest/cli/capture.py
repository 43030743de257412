"""`plugfest capture`: what a person asks of a pcap."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plugfest.errors import UsageError

if TYPE_CHECKING:
    from plugfest.captures.progress import Progress
    from plugfest.captures.traces import QueuePairTrace

app = typer.Typer(no_args_is_help=True, help="Summarise, check and plot packet captures.")

_LARGE = 256 << 20
"""From this many bytes on, progress is worth showing."""
File = Annotated[Path, typer.Argument(help="pcap or pcapng file.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.command()
def summary(file: File, as_json: Json = False) -> None:
    """Tell what is in a capture and whether it is complete."""
    from plugfest.captures.analysis import analyse

    with _progress(file) as progress:
        result = analyse(file, progress=progress).summary
    if as_json:
        _print_json(result.model_dump(mode="json"))
    else:
        from plugfest.captures.tables import summary_table

        _print(summary_table(result))


@app.command()
def qps(file: File, as_json: Json = False) -> None:
    """List the queue pairs: packets, loss, recovery, marks, answers."""
    from plugfest.captures.analysis import analyse

    with _progress(file) as progress:
        traces = analyse(file, progress=progress).queue_pairs
    if as_json:
        _print_json([trace.model_dump(mode="json") for trace in traces])
    elif not traces:
        typer.echo("no queue pairs: nothing to judge")
    else:
        from plugfest.captures.tables import queue_pair_table

        _print(queue_pair_table(traces))


@app.command()
def check(file: File, as_json: Json = False) -> None:
    """Judge a capture by the rules of the wire; exit status 1 if one is broken."""
    from plugfest.captures.analysis import analyse
    from plugfest.captures.icrc import check_icrc
    from plugfest.verdicts import wire
    from plugfest.verdicts.verdict import Outcome

    with _progress(file) as progress:
        analysis = analyse(file, progress=progress)
        icrc = check_icrc(file, progress)
    traces = analysis.queue_pairs
    verdicts = [
        wire.capture_complete(analysis.summary),
        wire.icrc_correct(icrc),
        wire.encapsulation(traces),
        wire.sequence_legal(traces),
        wire.source_port_constant(traces),
        wire.nak_sequence_numbers(traces),
    ]
    if as_json:
        _print_json([verdict.model_dump(mode="json") | {"outcome": verdict.outcome} for verdict in verdicts])
    else:
        from plugfest.captures.tables import verdict_table

        _print(verdict_table(verdicts))
    if any(verdict.outcome is Outcome.FAILED for verdict in verdicts):
        raise typer.Exit(1)


@app.command()
def plot(
    file: File,
    output: Annotated[Path, typer.Option("--output", "-o", help="Picture to write: .png, .svg or .pdf.")],
    queue_pair: Annotated[
        str | None,
        typer.Option("--qp", help="Responder's queue pair number, such as 0x11; default: the one with most recovery."),
    ] = None,
) -> None:
    """Draw a queue pair: sequence over time with losses, NAKs, retransmissions and marks; goodput over time."""
    from plugfest.captures.analysis import analyse
    from plugfest.captures.plots import most_interesting, queue_pair_figure, save_figure

    if output.suffix not in (".png", ".svg", ".pdf"):
        raise UsageError(f"{output}: the ending must be .png, .svg or .pdf")
    with _progress(file) as progress:
        analysis = analyse(file, progress=progress)
        if not analysis.queue_pairs:
            raise UsageError(f"{file}: holds no requests of a queue pair, so there is nothing to draw")
        trace = _chosen(analysis.queue_pairs, queue_pair) if queue_pair else most_interesting(analysis.queue_pairs)
        save_figure(queue_pair_figure(analysis, trace, progress), output)
    typer.echo(f"{output}: {trace.name}")


def _chosen(traces: "tuple[QueuePairTrace, ...]", queue_pair: str) -> "QueuePairTrace":
    known = ", ".join(f"0x{trace.responder_qp:x}" for trace in traces if trace.responder_qp is not None)
    try:
        number = int(queue_pair, 0)
    except ValueError:
        raise UsageError(f"--qp {queue_pair}: is no number; in this capture: {known}") from None
    for trace in traces:
        if trace.responder_qp == number:
            return trace
    raise UsageError(f"--qp {queue_pair}: no requests for it; in this capture: {known}")


@contextmanager
def _progress(file: Path) -> "Iterator[Progress]":
    """A progress bar on standard error while a large file is read."""
    from plugfest.captures.kernels.compiled import FOLDER
    from plugfest.captures.progress import silent

    if not FOLDER.exists():
        typer.echo("compiling the analysis for this machine, once; this takes about 20 seconds …", err=True)
    if not file.is_file() or file.stat().st_size < _LARGE:
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(file.name, total=file.stat().st_size)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2))


def _print(table: Any) -> None:
    from rich.console import Console

    Console().print(table)
