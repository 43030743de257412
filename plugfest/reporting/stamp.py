"""What our plugins write on a pytest report, in a form that also travels between the processes of a distributed run."""

from typing import Self

import pytest

from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome

_ATTRIBUTE = "plugfest_stamp"
REPEATED = "rerun"
"""Outcome of pytest's report of an attempt that another one follows; plugins that repeat tests agree on the word."""


class Stamp(Record):
    """Our outcome of one phase of a test."""

    outcome: TestOutcome
    reason: str
    """Tagged message; empty if it passed."""
    test_seconds: float
    """Seconds since the test began."""
    run_seconds: float
    """Seconds since the run began."""

    def put_on(self, report: pytest.TestReport) -> None:
        """Write on a report; plain values only."""
        vars(report)[_ATTRIBUTE] = self.model_dump(mode="json")

    @classmethod
    def on(cls, report: pytest.TestReport) -> Self | None:
        """Read from a report; None if the test never reached us, because its worker process died."""
        values = vars(report).get(_ATTRIBUTE)
        return cls.model_validate(values) if values else None
