"""What the evidence says of the part of a night that has already run, so that it can go on from there."""

from plugfest.evidence.cell import DevicesUnderTest
from plugfest.evidence.folder import EvidenceFolder
from plugfest.evidence.records import Bundle
from plugfest.nightly.plan import NightPlan, within
from plugfest.nightly.retries import WRONG, Attempt
from plugfest.records import Record
from plugfest.reporting.outcomes import Tag, tag_in


class ProgressSoFar(Record):
    """Nothing yet, unless a run was cut off."""

    finished: frozenset[str] = frozenset()
    """Tests that need not run again."""
    earlier: dict[str, tuple[Attempt, ...]] = {}
    """Attempts of tests that went wrong and were not repeated yet."""
    closed: dict[str, DevicesUnderTest] = {}
    """Equipment that a finished gate test found wrong, by test."""
    seconds: float = 0.0
    """Time that tests have taken so far."""


def progress_so_far(evidence: EvidenceFolder, plan: NightPlan) -> ProgressSoFar:
    """Read the bundles of a night."""
    attempts: dict[str, list[Bundle]] = {}
    bundles = sorted((bundle.record for bundle in evidence.bundles()), key=lambda record: record.attempt)
    for bundle in bundles:
        if tag_in(bundle.reason) not in (Tag.INTERRUPTED, Tag.NOT_RUN):
            attempts.setdefault(bundle.test, []).append(bundle)
    done = {test: made[-1] for test, made in attempts.items() if not _unfinished(made, plan.retries)}
    wrong = {test: last.cell for test, last in done.items() if last.outcome in WRONG and within(test, plan.gate)}
    return ProgressSoFar(
        finished=frozenset(done),
        earlier={test: tuple(map(_attempt, made)) for test, made in attempts.items() if test not in done},
        closed=wrong,
        seconds=sum((bundle.ended - bundle.started).total_seconds() for bundle in bundles),
    )


def _unfinished(made: list[Bundle], retries: int) -> bool:
    return made[-1].outcome in WRONG and len(made) <= retries


def _attempt(bundle: Bundle) -> Attempt:
    return Attempt(outcome=bundle.outcome, reason=bundle.reason)
