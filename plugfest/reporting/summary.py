"""The last thing a run prints: cells × suites, and why something did not pass."""

from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plugfest.reporting.outcomes import TestOutcome
from plugfest.reporting.tally import Tally, TestLine

STYLES = {
    TestOutcome.PASSED: "green",
    TestOutcome.FAILED: "bold red",
    TestOutcome.BROKEN: "magenta",
    TestOutcome.INCONCLUSIVE: "yellow",
    TestOutcome.KNOWN_ISSUE: "yellow",
    TestOutcome.FLAKY: "bold yellow",
    TestOutcome.SKIPPED: "dim",
}


def render_summary(tally: Tally, width: int, colour: bool = False) -> str:
    """Table of counts and, below, one line for each reason that tests did not pass."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    console.print(_table(tally))
    for alike in _by_reason(tally.not_passed):
        line, others = alike[0], len(alike) - 1
        head = Text(f"{line.outcome.upper():<12} ", style=STYLES[line.outcome])
        more = f" and {others} more" if others else ""
        console.print(head + Text(f"{line.nodeid}{more}: {line.short_reason}"), soft_wrap=True)
    return out.getvalue().rstrip("\n")


def _by_reason(lines: Sequence[TestLine]) -> Iterable[list[TestLine]]:
    """Tests with the same outcome for the same reason together: one dead device is told once, not for every test."""
    alike: dict[tuple[TestOutcome, str], list[TestLine]] = {}
    for line in lines:
        alike.setdefault((line.outcome, line.short_reason), []).append(line)
    return alike.values()


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
