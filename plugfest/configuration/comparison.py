"""Compares an intent with what the switch shows: a pure function, so that it can be judged again from the evidence."""

from collections.abc import Iterable

from plugfest.configuration.aspects import TITLES
from plugfest.configuration.readers.finding import Finding
from plugfest.configuration.rendering import Rendering
from plugfest.verdicts.verdict import Outcome, Reason, Verdict, View, row, verdict

MARKS = {Outcome.PASSED: " ", Outcome.FAILED: "!", Outcome.INCONCLUSIVE: "?"}


def compare(rendering: Rendering, findings: Iterable[Finding]) -> Verdict:
    """One row a finding; what cannot be read back, or cannot be set at all, is a row that says so."""
    device = rendering.target.device
    rows = [_row(device, finding) for finding in findings]
    rows += [
        row(f"{device} {TITLES[part.aspect]}", "as the intent says", f"unverified: {what}", None, View.SWITCH)
        for part in rendering.parts
        for what in part.left
    ]
    return verdict(f"{device} is configured as the intent {rendering.intent.name} says", rows)


def _row(device: str, finding: Finding) -> Reason:
    subject = f"{device} {TITLES[finding.aspect]}, {finding.place}"
    got = finding.got if finding.got is not None else f"unverified: {finding.why}"
    return row(subject, finding.expected, got, finding.ok, View.SWITCH)


def unverified(judged: Verdict) -> tuple[Reason, ...]:
    """The rows that could not be read back."""
    return tuple(reason for reason in judged.reasons if reason.outcome is Outcome.INCONCLUSIVE)


def contradicted(judged: Verdict) -> tuple[Reason, ...]:
    """The rows in which the switch shows something else."""
    return tuple(reason for reason in judged.reasons if reason.outcome is Outcome.FAILED)


def difference(judged: Verdict) -> str:
    """The comparison as text: `` `` as expected, ``!`` something else, ``?`` unverified."""
    lines = [judged.claim]
    for reason in judged.reasons:
        lines.append(f"{MARKS[reason.outcome]} {reason.subject}: {reason.expected}")
        if reason.outcome is not Outcome.PASSED:
            lines.append(f"{MARKS[reason.outcome]}   got {reason.got}")
    return "\n".join(lines) + "\n"
