"""What a night has shown, in plain words for a mail and as data for a webhook."""

from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import AwareDatetime

from plugfest.evidence.records import Bundle
from plugfest.nightly.changes import Changes, changes_of
from plugfest.nightly.night import Night
from plugfest.nightly.retries import WRONG
from plugfest.nightly.time_budget import shown
from plugfest.quality.gate import QualityGate
from plugfest.records import Record
from plugfest.reporting.outcomes import Tag, TestOutcome, tag_in

SHOWN = 20
"""Tests that the text names; the rest is counted."""
LONGEST_REASON = 300


class Ending(StrEnum):
    """How a night ended."""

    GREEN = "green"
    RED = "red"
    CUT_OFF = "cut off"

    @property
    def exit_status(self) -> int:
        """Exit status of the command."""
        return {Ending.GREEN: 0, Ending.RED: 1, Ending.CUT_OFF: 10}[self]


class TestNote(Record):
    """A test that somebody should look at."""

    __test__ = False

    test: str
    cell: str
    outcome: TestOutcome
    reason: str


class NightSummary(Record):
    """``summary.json``, and what a webhook receives."""

    night: str
    plan: str
    lab: str
    ending: Ending
    why: tuple[str, ...]
    """Objections of the quality gate, or what cut the night off."""
    began: AwareDatetime
    ended: AwareDatetime
    counts: dict[TestOutcome, int]
    wrong: tuple[TestNote, ...]
    """Failed, broken and inconclusive tests, worst first."""
    flaky: tuple[TestNote, ...]
    not_run: dict[str, tuple[str, ...]]
    """Tests that were left out, by reason."""
    changes: Changes = Changes()
    report: str
    """Where the report is: an address if the plan names one, else a path."""

    @property
    def headline(self) -> str:
        """One line for the subject of a mail."""
        counts = ", ".join(f"{self.counts[each]} {each}" for each in reversed(TestOutcome) if self.counts.get(each))
        left_out = sum(map(len, self.not_run.values()))
        also = f" ({left_out} of them not run)" if left_out else ""
        return f"{self.plan} on {self.lab}: {self.ending.upper()} – {counts or 'no result'}{also}"

    def text(self) -> str:
        """The whole summary for people."""
        took = shown((self.ended - self.began).total_seconds())
        lines = [self.headline, f"Night {self.night}, began {self.began:%Y-%m-%d %H:%M} UTC, took {took}."]
        lines += [f"Report: {self.report}"]
        lines += [f"Why {self.ending}: {each}" for each in self.why]
        lines += _notes("Look at these first:", self.wrong)
        lines += _names("New – wrong now, right the last time:", self.changes.new)
        lines += _names("Fixed – right now, wrong the last time:", self.changes.fixed)
        lines += _notes("Flaky – went wrong, passed when repeated:", self.flaky)
        left_out = [f"  {len(tests)} tests: {reason}" for reason, tests in self.not_run.items()]
        lines += ["", "Not run:", *left_out] if left_out else []
        return "\n".join(lines) + "\n"


def summary_of(night: Night, gate: QualityGate, cut_off: str | None) -> NightSummary:
    """Sum up the evidence of a night; `cut_off` says why it could not run to its end, if so."""
    records = [bundle.record for bundle in night.evidence.last_attempts()] if night.has_evidence else []
    objections = tuple(gate.objections(records))
    ending = Ending.CUT_OFF if cut_off else Ending.RED if objections else Ending.GREEN
    return NightSummary(
        night=night.folder.run_id,
        plan=night.plan.name,
        lab=night.evidence.run.lab if night.has_evidence else night.plan.lab,
        ending=ending,
        why=(cut_off, *objections) if cut_off else objections,
        began=night.record.started,
        ended=datetime.now(UTC),
        counts=dict(Counter(record.outcome for record in records)),
        wrong=_noted(records, *WRONG),
        flaky=_noted(records, TestOutcome.FLAKY),
        not_run=_not_run(records),
        changes=changes_of(night.folder.run_id) if records else Changes(),
        report=_place_of_report(night),
    )


def _noted(records: list[Bundle], *outcomes: TestOutcome) -> tuple[TestNote, ...]:
    worst_first = sorted((each for each in records if each.outcome in outcomes), key=lambda each: -each.outcome.rank)
    return tuple(
        TestNote(test=each.test, cell=each.cell.id, outcome=each.outcome, reason=_short(each.reason))
        for each in worst_first
    )


def _short(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def _not_run(records: list[Bundle]) -> dict[str, tuple[str, ...]]:
    reasons: dict[str, list[str]] = {}
    for record in records:
        if tag_in(record.reason) is Tag.NOT_RUN:
            reasons.setdefault(record.reason.removeprefix(Tag.NOT_RUN).strip(), []).append(record.test)
    return {reason: tuple(tests) for reason, tests in reasons.items()}


def _notes(title: str, notes: tuple[TestNote, ...]) -> list[str]:
    if not notes:
        return []
    lines = ["", title]
    lines += [f"  {note.outcome.upper()} {note.test}\n    {note.cell}\n    {note.reason}" for note in notes[:SHOWN]]
    return [*lines, f"  and {len(notes) - SHOWN} more"] if len(notes) > SHOWN else lines


def _names(title: str, tests: tuple[str, ...]) -> list[str]:
    more = [f"  and {len(tests) - SHOWN} more"] if len(tests) > SHOWN else []
    return ["", title, *(f"  {test}" for test in tests[:SHOWN]), *more] if tests else []


def _place_of_report(night: Night) -> str:
    page = "html/index.html" if night.plan.finish.html else "matrix.html"
    if night.plan.url is None:
        return str(night.folder.path / page)
    return f"{str(night.plan.url).rstrip('/')}/{night.folder.run_id}/{page}"
