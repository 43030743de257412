"""`plugfest replay`."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.evidence.replay import Replayed

RUN_HELP = "Folder of a run, or its name below reports/out, such as `latest`."


def replay(
    run: Annotated[str, typer.Argument(help=RUN_HELP)],
    test: Annotated[str | None, typer.Option(help="Only tests whose id contains this.")] = None,
    suppose: Annotated[
        list[str] | None,
        typer.Option(help="Judge with another value, such as link:mtu_agrees.designed=9000; may be repeated."),
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(help="Judge with the device facts in this folder instead of the recorded ones."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every verdict as JSON.")] = False,
) -> None:
    """Judge every verdict of a run again from its evidence, with no lab and no network.

    Exit status 1 if any verdict is not identical to the recorded one.
    """
    from plugfest.errors import UsageError
    from plugfest.evidence.folder import evidence_of
    from plugfest.evidence.replay import Agreement, supposition
    from plugfest.evidence.replay import replay as judge_again
    from plugfest.evidence.run_record import this_harness

    evidence = evidence_of(run)
    replayed = list(judge_again(evidence, this_harness(), test, tuple(map(supposition, suppose or [])), facts))
    if not replayed:
        raise UsageError(f"{evidence.path}: no verdict in it, so nothing can be judged again")
    if as_json:
        typer.echo(
            json.dumps([each.model_dump(mode="json") | {"flipped": each.flipped} for each in replayed], indent=1)
        )
    else:
        _tell(replayed, evidence.run.facts)
    if any(each.agreement is not Agreement.IDENTICAL for each in replayed):
        raise typer.Exit(1)


def _tell(replayed: list["Replayed"], facts: dict[str, str]) -> None:
    from plugfest.evidence.replay import Agreement
    from plugfest.evidence.run_record import fact_digests

    for each in replayed:
        if each.agreement is not Agreement.IDENTICAL:
            ending = f": {each.before} → {each.after}" if each.flipped else ""
            typer.echo(f"{each.agreement.upper()}{ending}  {each.test}\n  {each.claim} ({each.check})")
            typer.echo("".join(f"    {why}\n" for why in each.why), nl=False)
    for name in sorted(dict(facts.items() ^ fact_digests().items())):
        typer.echo(f"device facts changed since: {name} – verdicts rest on the recorded facts, see --facts")
    counts = Counter(each.agreement for each in replayed)
    flipped = sum(each.flipped for each in replayed)
    summary = ", ".join(f"{counts[agreement]} {agreement}" for agreement in Agreement)
    typer.echo(f"{len(replayed)} verdicts: {summary}; {flipped} with another outcome")
