"""The last thing a run prints: cells × suites, and why something did not pass."""

from collections import Counter
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plugfest.reporting.outcomes import TestOutcome
from plugfest.reporting.tally import Tally

STYLES = {
    TestOutcome.PASSED: "green",
    TestOutcome.FAILED: "bold red",
    TestOutcome.BROKEN: "magenta",
    TestOutcome.INCONCLUSIVE: "yellow",
    TestOutcome.KNOWN_ISSUE: "yellow",
    TestOutcome.SKIPPED: "dim",
}


def render_summary(tally: Tally, width: int, colour: bool = False) -> str:
    """Table of counts and, below, one line for each test that did not pass."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    console.print(_table(tally))
    for line in tally.not_passed:
        head = Text(f"{line.outcome.upper():<12} ", style=STYLES[line.outcome])
        console.print(head + Text(f"{line.nodeid}: {line.short_reason}"), soft_wrap=True)
    return out.getvalue().rstrip("\n")


def _table(tally: Tally) -> Table:
    counts = tally.counts()
    suites = list(dict.fromkeys(suite for row in counts.values() for suite in row))
    table = Table("devices under test", *suites)
    for cell, row in counts.items():
        table.add_row(Text(cell), *(_counts_text(row.get(suite, Counter())) for suite in suites))
    return table


def _counts_text(counts: Counter[TestOutcome]) -> Text:
    worst_first = sorted(counts, key=lambda outcome: -outcome.rank)
    return Text("\n").join(Text(f"{counts[outcome]} {outcome}", style=STYLES[outcome]) for outcome in worst_first)
