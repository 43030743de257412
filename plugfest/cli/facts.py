"""`plugfest facts`: how NICs legitimately differ, and what a run has measured of that."""

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.facts.difference import Difference
    from plugfest.facts.sheet import FactSheet

app = typer.Typer(
    no_args_is_help=True,
    help="How NICs legitimately differ, as data per model and firmware. `show` what is known, `diff` it with what a "
    "run has measured – after a firmware upgrade, for instance – and `record` what was measured.",
)
RUN_HELP = "Folder of a run, or its name below reports/out, such as `latest`."
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Folder = Annotated[Path | None, typer.Option(help="Folder of fact files; lab_inventory/device_facts by default.")]


@app.command()
def show(
    pattern: Annotated[str, typer.Argument(help="Words of the vendor or model; all by default.")] = "",
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Show the stored facts with their sources."""
    from plugfest.errors import UsageError
    from plugfest.facts.library import FOLDER, library

    sheets = library(folder or FOLDER)
    chosen = {name: sheet for name, sheet in sheets.items() if pattern.lower() in str(sheet.applies_to).lower()}
    if not chosen:
        raise UsageError(f"no device facts speak of {pattern!r}; there are: {', '.join(sheets) or 'none'}")
    if as_json:
        typer.echo(json.dumps({name: sheet.model_dump(mode="json") for name, sheet in chosen.items()}, indent=1))
        return
    for sheet in chosen.values():
        _print_sheet(sheet)


@app.command()
def diff(run: Annotated[str, typer.Argument(help=RUN_HELP)], folder: Folder = None, as_json: Json = False) -> None:
    """Compare what a run has measured with the stored facts.

    Exit status 1 if a stored fact was not confirmed.
    """
    from plugfest.facts.difference import Agreement, differences
    from plugfest.facts.library import FOLDER

    found = [each for measured in _measured(run) for each in differences(measured, folder or FOLDER)]
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], indent=1))
    else:
        _print_differences(found)
    if any(each.agreement is Agreement.DIFFERENT for each in found):
        raise typer.Exit(1)


@app.command()
def record(
    run: Annotated[str, typer.Argument(help=RUN_HELP)],
    folder: Folder = None,
    write: Annotated[bool, typer.Option("--write", help="Write the files; without it they are only printed.")] = False,
) -> None:
    """Put what a run has measured for certain into the fact files; what it has not measured stays."""
    from plugfest.evidence.folder import evidence_of
    from plugfest.facts.library import FOLDER, sheet_of
    from plugfest.facts.writing import keep, sheet_name, sheet_text, updated

    name = evidence_of(run).run.run
    for measured in _measured(run):
        identity = measured.identity
        before = sheet_of(identity.vendor, identity.model, identity.firmware, folder or FOLDER)
        sheet = updated(before, measured, name)
        typer.echo(f"# {sheet_name(sheet)}.yaml\n{sheet_text(sheet)}" if not write else keep(sheet, folder or FOLDER))


def _measured(run: str) -> list:  # type: ignore[type-arg]  # of Measured, which is imported late
    from plugfest.errors import UsageError
    from plugfest.evidence.folder import evidence_of
    from plugfest.facts.of_run import measured_in

    evidence = evidence_of(run)
    measured = measured_in(evidence)
    if not measured:
        raise UsageError(
            f"{evidence.path}: this run has measured no NIC – run `pytest testsuites/rocev2 -k behave_as_known`"
        )
    return measured


def _print_sheet(sheet: "FactSheet") -> None:
    from rich.console import Console
    from rich.table import Table

    from plugfest.verdicts.facts import in_words

    table = Table("fact", "value", "standing", "source", title=str(sheet.applies_to), title_justify="left")
    for name, fact in sheet.facts.items():
        table.add_row(name.replace("_", " "), in_words(fact.value), fact.standing, fact.source)
    console = Console()
    console.print(table)
    for deviation in sheet.deviations:
        console.print(f"{deviation.id}: {deviation.says} ({deviation.source})", markup=False)


def _print_differences(found: list["Difference"]) -> None:
    from rich.console import Console
    from rich.table import Table

    for identity, of_one in groupby(found, key=lambda each: each.identity):
        title = f"{identity.vendor} {identity.model}, firmware {identity.firmware}"
        table = Table("fact", "stated", "measured", "", title=title, title_justify="left")
        for each in of_one:
            table.add_row(each.fact.replace("_", " "), each.stated or "–", each.measured or "–", each.agreement)
        Console().print(table)
