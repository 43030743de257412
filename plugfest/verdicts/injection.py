"""Whether an injection may be judged: only if exactly the planned events happened."""

from collections.abc import Sequence

from plugfest.stimuli.injection.report import EventCount, InjectionReport
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict


def _row(report: InjectionReport, count: EventCount) -> Reason:
    expected = "at least 1" if count.planned is None else f"{count.planned}"
    got = f"{count.happened} (of {count.passed} that passed)"
    # Too many or too few is the injector's fault or the traffic's, never a defect of the devices under test.
    ok = True if count.as_planned else None
    return row(f"{report.point} {count.event}", expected, got, ok, View.WIRE)


def as_planned(reports: Sequence[InjectionReport]) -> Verdict:
    """Exactly the planned events happened; anything else makes the test inconclusive."""
    reasons = [_row(report, count) for report in reports for count in report.events]
    return verdict("exactly the planned events were injected", reasons)
