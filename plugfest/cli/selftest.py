"""`plugfest selftest`: does the harness catch what it should, and nothing else?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

if TYPE_CHECKING:
    from plugfest.embedded.defects.selftest import Proof, Score


def selftest(
    names: Annotated[list[str] | None, typer.Argument(help="Defects to prove; all by default.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Prove so many defects, spread over the registry.")] = None,
    healthy: Annotated[int, typer.Option(min=0, help="Runs of the healthy lab that must stay silent.")] = 1,
    suite: Annotated[list[str] | None, typer.Option(help="Suites of the healthy runs.")] = None,
    defects: Annotated[list[Path] | None, typer.Option(help="Further registry file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the score as JSON.")] = False,
) -> None:
    """Seed defects into the running embedded lab; every one must be caught, located, and nothing else disturbed."""
    from plugfest.embedded.defects import imposed, selftest
    from plugfest.embedded.defects.registry import find, load_defects
    from plugfest.embedded.lifecycle import require_running, reset

    lab = require_running()
    registry = load_defects(*defects or ())
    chosen = [find(name, registry) for name in names] if names else selftest.sample([*registry.values()], sample)
    extra = [f"--defects={file}" for file in defects or ()]

    def report(text: str) -> None:
        typer.echo(text, err=True)

    alarms = selftest.healthy_alarms(healthy, suite or ["testsuites"], selftest.run_pytest, report)
    proofs = []
    for number, defect in enumerate(chosen, 1):
        proofs.append(selftest.prove(defect, selftest.run_pytest, extra))
        report(f"{number}/{len(chosen)} {selftest.in_a_line(proofs[-1])}")
        reset(lab)
        imposed.forget(lab)
    score = selftest.Score(healthy_runs=healthy, false_alarms=tuple(alarms), proofs=tuple(proofs))
    typer.echo(score.model_dump_json(indent=2)) if json else _print(score)
    if not score.good:
        raise typer.Exit(1)


def _print(score: "Score") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if score.proofs:
        table = Table("defect", "caught by", "located by the words", "others left alone", "seconds", show_lines=True)
        for proof in score.proofs:
            table.add_row(*map(escape, _row(proof)))
        console.print(table)
    console.print(
        f"score {score.percent:g} of 100: caught {score.caught} of {len(score.proofs)}, located {score.located}; "
        f"{len(score.false_alarms)} false alarms in {score.healthy_runs} healthy runs"
    )
    for alarm in score.false_alarms:
        console.print(alarm, markup=False)


def _row(proof: "Proof") -> tuple[str, ...]:
    from plugfest.embedded.defects.selftest import short_name

    caught = short_name(proof.caught_by) if proof.caught_by else "NOBODY"
    where = proof.where or f"not located (sits: {proof.sits})"
    return (proof.defect, caught, where, "yes" if proof.spared else "NO", f"{proof.seconds:.0f}")
