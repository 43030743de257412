"""What the scheduler knows of a test before it runs."""

from plugfest.records import Record
from plugfest.reservation.needs import Needs


class PlannedTest(Record):
    """One test that is to run."""

    name: str
    """pytest's id."""
    needs: Needs
    group: str
    """Tests of one group share set-up, so that one worker runs them one after the other: a pair, a suite's readings."""
    seconds: float
    """Expected duration."""
    holds: bool = False
    """Shared set-up of the group may change devices: they stay held from the group's first test to its last."""
    stage: int = 0
    """Tests of a stage start when all of the stages before it have ended."""
