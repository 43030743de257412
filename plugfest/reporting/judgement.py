"""Puts the verdicts of a test into its report: the judged rows as a table, the figures with their history."""

from collections.abc import Sequence

import pytest

from plugfest.reporting.attachments import attach_verdicts
from plugfest.reporting.figures import record_figures
from plugfest.reporting.lab_run import RUN
from plugfest.reporting.labels import case_of, stable_name
from plugfest.verdicts.verdict import Verdict


def report_verdicts(item: pytest.Item, verdicts: Sequence[Verdict]) -> None:
    """Attach all verdicts of a test and record their figures; does nothing in runs without a report."""
    run = item.config.stash.get(RUN, None)
    if run is None or not verdicts:
        return
    attach_verdicts(verdicts)
    subject = " ".join(filter(None, [case_of(item), stable_name(item)]))
    for verdict in verdicts:
        record_figures(run.results, subject, verdict.figures)
