"""`plugfest bench`: print every figure the project promises."""

import json
import sys
from typing import Annotated

import typer

from plugfest.bench.figures import Benchmark, Figure
from plugfest.errors import UsageError


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Benchmarks such as `lab`, or single figures such as `lab.reset_s`; all if none is named."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
) -> None:
    """Measure the figures this project promises, beside the usual tools on the same machine."""
    wanted = names or []
    figures = [figure for name in _chosen(wanted) for figure in _run(name) if _is_wanted(figure, wanted)]
    sys.stdout.write(json.dumps([figure.model_dump() for figure in figures], indent=2) + "\n") if as_json else _table(
        figures
    )


def _benchmarks() -> dict[str, Benchmark]:
    from plugfest.bench.capture import BENCHMARKS as CAPTURE
    from plugfest.bench.collect import BENCHMARKS as COLLECT
    from plugfest.bench.lab import BENCHMARKS as LAB
    from plugfest.bench.overhead import BENCHMARKS as OVERHEAD
    from plugfest.bench.report import BENCHMARKS as REPORT
    from plugfest.bench.scheduling import BENCHMARKS as SCHEDULING
    from plugfest.bench.ssh import BENCHMARKS as SSH

    return {**LAB, **SSH, **COLLECT, **SCHEDULING, **OVERHEAD, **REPORT, **CAPTURE}


def _chosen(names: list[str]) -> list[str]:
    known = _benchmarks()
    chosen = list(dict.fromkeys(name.partition(".")[0] for name in names))
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise UsageError(f"no benchmark called {unknown[0]!r}; there are: {', '.join(known)}")
    return chosen or list(known)


def _is_wanted(figure: Figure, names: list[str]) -> bool:
    return not names or any(name in (figure.name, figure.name.partition(".")[0]) for name in names)


def _run(name: str) -> list[Figure]:
    sys.stderr.write(f"measuring {name} …\n")
    return list(_benchmarks()[name]())


def _table(figures: list[Figure]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", "unit", "promised", "note")
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:g}", figure.unit, figure.target or "", figure.note)
    Console().print(table)
