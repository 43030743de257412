"""Gathers from the evidence of a run what the statement says."""

from collections import Counter
from datetime import datetime

from plugfest.evidence.folder import EvidenceFolder, read_document
from plugfest.evidence.manifest import MANIFEST, damages
from plugfest.evidence.records import Bundle, Manifest, RunRecord
from plugfest.records import Record
from plugfest.reporting.labels import LAYERS
from plugfest.reporting.outcomes import TestOutcome
from plugfest.verdicts.verdict import Verdict, View


class CaseResult(Record):
    """All tests of one case with one claim."""

    case: str
    title: str
    criteria: tuple[str, ...]
    """Standard clauses, of the test and of its verdicts."""
    worst: TestOutcome
    passed: int
    ran: int
    figures: dict[str, tuple[float, float]]
    """Smallest and largest value of each key figure."""


class LayerResult(Record):
    """The cases of one layer."""

    layer: str
    cases: tuple[CaseResult, ...]


class Facts(Record):
    """Everything the statement says about a run."""

    run: RunRecord
    began: datetime
    ended: datetime
    counts: dict[TestOutcome, int]
    layers: tuple[LayerResult, ...]
    skipped: dict[str, int]
    """Tests that were not carried out, by reason."""
    untested_layers: tuple[str, ...]
    deviations: tuple[Bundle, ...]
    unjudged: tuple[Bundle, ...]
    """Broken and inconclusive."""
    known: tuple[Bundle, ...]
    """Attributed to a known issue, or passing although listed."""
    views: dict[View | None, int]
    """Judged rows by view."""
    manifest: Manifest | None
    damages: tuple[str, ...]

    @property
    def judged(self) -> int:
        """Tests in which the devices were judged."""
        return sum(number for outcome, number in self.counts.items() if outcome.judged)


def facts_of(evidence: EvidenceFolder) -> Facts:
    """Read the evidence of a run; UsageError if there is no test in it."""
    bundles = evidence.last_attempts()
    records = [bundle.record for bundle in bundles]
    verdicts = {bundle.record.test: [each.verdict for each in bundle.judgements()] for bundle in bundles}
    started = evidence.run.started
    manifest = evidence.path / MANIFEST
    return Facts(
        run=evidence.run,
        began=started,
        ended=max((record.ended for record in records), default=started),
        counts=dict(Counter(record.outcome for record in records)),
        layers=tuple(_layer(layer, records, verdicts) for layer in _layers(records)),
        skipped=dict(Counter(_short(record.reason) for record in _with(records, TestOutcome.SKIPPED))),
        untested_layers=tuple(layer for layer in LAYERS if layer not in _layers(records)),
        deviations=tuple(_with(records, TestOutcome.FAILED, TestOutcome.FLAKY)),
        unjudged=tuple(_with(records, TestOutcome.BROKEN, TestOutcome.INCONCLUSIVE)),
        known=tuple(record for record in records if record.known_issue),
        views=_views(verdicts),
        manifest=read_document(manifest, Manifest) if manifest.exists() else None,
        damages=tuple(damages(evidence)),
    )


def _with(records: list[Bundle], *outcomes: TestOutcome) -> list[Bundle]:
    return [record for record in records if record.outcome in outcomes]


def _layers(records: list[Bundle]) -> list[str]:
    present = {record.suite for record in records}
    return [layer for layer in LAYERS if layer in present] + sorted(present - LAYERS.keys())


def _layer(layer: str, records: list[Bundle], verdicts: dict[str, list[Verdict]]) -> LayerResult:
    groups: dict[tuple[str, str], list[Bundle]] = {}
    for record in records:
        if record.suite == layer:
            groups.setdefault((record.case, record.title), []).append(record)
    return LayerResult(layer=layer, cases=tuple(_case(*key, groups[key], verdicts) for key in sorted(groups)))


def _case(case: str, title: str, records: list[Bundle], verdicts: dict[str, list[Verdict]]) -> CaseResult:
    judged = [verdict for record in records for verdict in verdicts[record.test]]
    references = [text for record in records for text in record.references]
    references += [verdict.reference for verdict in judged if verdict.reference]
    outcomes = [record.outcome for record in records]
    return CaseResult(
        case=case,
        title=title,
        criteria=tuple(dict.fromkeys(references)),
        worst=max(outcomes, key=lambda outcome: outcome.rank),
        passed=outcomes.count(TestOutcome.PASSED),
        ran=len(outcomes) - outcomes.count(TestOutcome.SKIPPED),
        figures=_figures(judged),
    )


def _figures(verdicts: list[Verdict]) -> dict[str, tuple[float, float]]:
    values: dict[str, list[float]] = {}
    for verdict in verdicts:
        for name, value in verdict.figures.items():
            values.setdefault(name, []).append(value)
    return {name: (min(found), max(found)) for name, found in sorted(values.items())}


def _views(verdicts: dict[str, list[Verdict]]) -> dict[View | None, int]:
    rows = (reason for each in verdicts.values() for verdict in each for reason in verdict.reasons)
    return dict(Counter(reason.view for reason in rows))


def _short(reason: str) -> str:
    return " ".join(reason.split()) or "–"
