"""`plugfest history`, `plugfest compare` and `plugfest gate`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.history.compare import Comparison, FigureChange, OutcomeChange
    from plugfest.history.queries import Timeline

StoredRun = Annotated[str, typer.Argument(help="Name or folder of a stored run, or `latest`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def history(
    what: Annotated[str | None, typer.Argument(help="Case, or part of a cell or of a test's id.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="How many runs back.")] = 14,
    until: Annotated[str, typer.Option(help="Newest run to look at.")] = "latest",
    add: Annotated[
        list[str] | None, typer.Option(help="Store the evidence of this run first; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what the tests of a cell or case did run by run, and what changed with them."""
    from plugfest.evidence.folder import evidence_of
    from plugfest.history.database import open_database
    from plugfest.history.queries import find_run, timelines
    from plugfest.history.storing import store_run
    from plugfest.history.symbols import LEGEND

    with open_database() as database:
        for run in add or ():
            typer.echo(f"stored {store_run(database, evidence_of(run)).id}")
        if what is None and add:
            return
        found = timelines(database, what or "", find_run(database, until), runs)
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], indent=1))
        return
    for each in found:
        _tell_timeline(each)
    typer.echo(LEGEND)


def compare(before: StoredRun, after: StoredRun, as_json: AsJson = False) -> None:
    """Show what changed between two runs: outcomes, figures beyond noise, versions; exit status 1 if outcomes did."""
    from plugfest.history.compare import compare as compare_runs
    from plugfest.history.database import open_database
    from plugfest.history.queries import find_run

    with open_database() as database:
        comparison = compare_runs(database, find_run(database, before), find_run(database, after))
    if as_json:
        typer.echo(comparison.model_dump_json(indent=1))
    else:
        _tell_comparison(comparison)
    if comparison.outcomes:
        raise typer.Exit(1)


def gate(
    run: Annotated[str, typer.Argument(help="Folder of a run, or its name below reports/out.")],
    rules: Annotated[Path | None, typer.Option(help="Quality gate; default: reports/quality_gate.yaml.")] = None,
) -> None:
    """Say whether a run is red by the quality gate, and why; exit status 1 if it is."""
    from plugfest.evidence.folder import evidence_of
    from plugfest.quality.gate import QUALITY_GATE, read_quality_gate

    results = [bundle.record for bundle in evidence_of(run).last_attempts()]
    objections = read_quality_gate(rules or QUALITY_GATE).objections(results)
    for objection in objections:
        typer.echo(f"RED: {objection}")
    if objections:
        raise typer.Exit(1)
    typer.echo(f"green: {len(results)} results")


def _tell_timeline(timeline: "Timeline") -> None:
    from plugfest.history.symbols import SYMBOLS
    from plugfest.reporting.outcomes import TestOutcome

    trend = "".join(SYMBOLS[point.outcome] for point in timeline.points)
    flaky = "  FLAKY" if timeline.flaky else ""
    typer.echo(f"{trend:>14}  {timeline.test}{flaky}\n{'':16}{timeline.case}  {timeline.cell}")
    for before, point in zip(timeline.points, timeline.points[1:], strict=False):
        if point.outcome is not before.outcome:
            versions = f" with {'; '.join(point.changed)}" if point.changed else " with no version changed"
            typer.echo(f"{'':16}{point.run}: {before.outcome} → {point.outcome}{versions}")
    if timeline.points[-1].outcome is not TestOutcome.PASSED:
        typer.echo("".join(f"{'':18}{line}\n" for line in timeline.reason.splitlines()), nl=False)


def _tell_comparison(comparison: "Comparison") -> None:
    old, new = comparison.harness
    typer.echo(f"{comparison.before} → {comparison.after}" + (f"   harness {old} → {new}" if old != new else ""))
    for change in comparison.outcomes:
        _tell_outcome(change)
    for figure in comparison.figures:
        _tell_figure(figure)
    for test in comparison.flaky:
        typer.echo(f"FLAKY {test}")
    typer.echo(
        f"{len(comparison.outcomes)} outcomes changed, {comparison.same} the same; "
        f"{len(comparison.figures)} figures beyond noise, {comparison.figures_within_noise} within"
    )


def _tell_outcome(change: "OutcomeChange") -> None:
    flaky = "  (flaky)" if change.flaky else ""
    typer.echo(f"{change.before or 'not run'} → {change.after or 'not run'}  {change.test}{flaky}\n    {change.cell}")
    typer.echo("".join(f"    {version}\n" for version in change.versions), nl=False)
    typer.echo("".join(f"    {line}\n" for line in change.reason.splitlines()), nl=False)


def _tell_figure(change: "FigureChange") -> None:
    band = change.band
    noise = f"noise {band.low:.4g} … {band.high:.4g} of {band.runs} runs" if band else "noise not known yet"
    typer.echo(f"{change.name} {change.before:.4g} → {change.after:.4g} ({noise})  {change.test}\n    {change.claim}")
    typer.echo("".join(f"    {version}\n" for version in change.versions), nl=False)
