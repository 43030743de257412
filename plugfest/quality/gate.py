"""The quality gate: which outcomes on which cells make a run red."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from plugfest.evidence.records import Bundle
from plugfest.quality.document import read_rules
from plugfest.quality.matching import Match
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome

QUALITY_GATE = Path("reports", "quality_gate.yaml")
SHOWN = 5
"""Tests that a reason names; the rest is counted."""
Share = Annotated[float, Field(ge=0, le=1)]


class RedRule(Match):
    """Outcomes that make a run red, on all results or on those that match."""

    outcomes: Annotated[tuple[TestOutcome, ...], Field(min_length=1)]
    at_most: Annotated[int, Field(ge=0)] = 0
    """How many of them are tolerated."""


class QualityGate(Record):
    """``quality_gate.yaml``; without rules every failed or broken test makes a run red."""

    version: Literal[1] = 1
    red: tuple[RedRule, ...] = (RedRule(outcomes=(TestOutcome.FAILED, TestOutcome.BROKEN)),)
    max_inconclusive_share: Share = 1.0
    """Largest share of inconclusive results among those that were not skipped."""
    min_judged: Annotated[int, Field(ge=1)] = 1
    """Results in which the devices were judged; a run that judged nothing is never green."""

    def objections(self, results: Sequence[Bundle]) -> list[str]:
        """Why the run is red, one line each; empty if it is green."""
        return [*filter(None, (_objection(rule, results) for rule in self.red)), *self._about_evidence(results)]

    def _about_evidence(self, results: Sequence[Bundle]) -> list[str]:
        counts = Counter(result.outcome for result in results)
        judged = sum(number for outcome, number in counts.items() if outcome.judged)
        ran = counts.total() - counts[TestOutcome.SKIPPED]
        inconclusive = counts[TestOutcome.INCONCLUSIVE]
        objections = []
        if judged < self.min_judged:
            objections.append(f"{judged} results judged the devices, expected at least {self.min_judged}")
        if ran and inconclusive / ran > self.max_inconclusive_share:
            share = f"{inconclusive} of {ran} ({inconclusive / ran:.0%})"
            objections.append(f"{share} inconclusive, expected at most {self.max_inconclusive_share:.0%}")
        return objections


def read_quality_gate(file: Path) -> QualityGate:
    """The gate in `file`; RulesError with every mistake."""
    return read_rules(file, QualityGate)


def _objection(rule: RedRule, results: Sequence[Bundle]) -> str | None:
    found = [
        result
        for result in results
        if result.outcome in rule.outcomes and rule.fits(result.case, result.cell.id, result.test)
    ]
    if len(found) <= rule.at_most:
        return None
    names = "".join(f"\n    {result.outcome} {result.test}" for result in found[:SHOWN])
    rest = f"\n    and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    outcomes = " or ".join(rule.outcomes)
    return f"{len(found)} {outcomes}, expected at most {rule.at_most}:{names}{rest}"
