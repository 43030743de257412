"""The time budget of a night: when it is used up, no further test begins and the night ends in order."""

import pytest

from plugfest.reporting.outcomes import Tag
from plugfest.sessions.deadline import Deadline


class TimeBudget:
    """pytest plugin; time counts from its construction."""

    def __init__(self, seconds: float, whole: float) -> None:
        self._deadline = Deadline("the time budget of the night", seconds)
        self._whole = whole

    @property
    def left(self) -> bool:
        """True while tests may begin."""
        return self._deadline.remaining > 0

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out what would begin too late, before anything is set up."""
        if not self.left:
            pytest.skip(f"{Tag.NOT_RUN} the time budget of {shown(self._whole)} is used up")


def shown(seconds: float) -> str:
    """A duration as a plan writes it."""
    hours, minutes, rest = int(seconds) // 3600, int(seconds) % 3600 // 60, int(seconds) % 60
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if count]
    return "".join(parts) or "0s"
