"""Which tests cannot make up their mind although nothing changed."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from plugfest.reporting.outcomes import TestOutcome

WINDOW = 10
"""Judged results that count, newest last."""
FLIPS = 2
"""One flip is a change; back again is flakiness."""


def is_flaky(outcomes: Sequence[tuple[str, TestOutcome]]) -> bool:
    """True if, among the last ten judged results of a test, the outcome flipped at least twice on equal devices.

    A result that is flaky in itself – wrong, then passed within one run – is enough.

    `outcomes` holds the cell and the outcome of each run, oldest first; the cell names firmware and NOS, so a flip
    that comes with another version is a change and not flakiness.
    """
    judged = [(cell, outcome) for cell, outcome in outcomes if outcome.judged][-WINDOW:]
    return any(outcome is TestOutcome.FLAKY for _, outcome in judged) or flips(judged) >= FLIPS


def flips(judged: Iterable[tuple[str, TestOutcome]]) -> int:
    """Changes between passed and not passed from one result to the next, on the same cell."""
    return sum(
        before_cell == cell and (before is TestOutcome.PASSED) is not (outcome is TestOutcome.PASSED)
        for (before_cell, before), (cell, outcome) in pairwise(judged)
    )
