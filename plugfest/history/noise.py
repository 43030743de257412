"""What a key figure does from run to run when nothing changed: the band in which a difference is only noise."""

from collections.abc import Sequence
from statistics import median
from typing import Self

from plugfest.records import Record

FEWEST = 5
"""Values below which nobody can tell noise from change."""
WIDTH = 3.0
"""Half-width in robust standard deviations."""
MAD_TO_SIGMA = 1.4826
"""Median absolute deviation → standard deviation of a normal distribution (Rousseeuw and Croux 1993)."""
RESOLUTION = 0.01
"""Share of the median below which no difference counts, however steady the figure was."""


class Band(Record):
    """Values between `low` and `high` are noise."""

    low: float
    high: float
    runs: int
    """How many values it rests on."""

    @classmethod
    def of(cls, values: Sequence[float]) -> Self | None:
        """Median ± 3 robust standard deviations, at least ± 1 %; None with fewer than five values."""
        if len(values) < FEWEST:
            return None
        middle = median(values)
        spread = MAD_TO_SIGMA * median(abs(value - middle) for value in values)
        half = max(WIDTH * spread, RESOLUTION * abs(middle))
        return cls(low=middle - half, high=middle + half, runs=len(values))

    def holds(self, value: float) -> bool:
        """True if the value is within the band."""
        return self.low <= value <= self.high
