"""Judges recorded observations again, without a lab, and says what has changed and why."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from pydantic import JsonValue, ValidationError

from plugfest.errors import UsageError
from plugfest.evidence.folder import EvidenceFolder, StoredBundle
from plugfest.evidence.records import Harness
from plugfest.facts.behaviour import NicBehaviour
from plugfest.facts.library import sheet_of
from plugfest.facts.seen import Identity
from plugfest.records import Record
from plugfest.verdicts.judgement import HOME, Judgement, judge_again
from plugfest.verdicts.verdict import Outcome, Reason, Verdict

STATED, IDENTITY = "stated", "identity"
"""Observations of verdicts that rest on device facts."""


class Agreement(StrEnum):
    """How a verdict compares with the recorded one."""

    IDENTICAL = "identical"
    CHANGED = "changed"
    NOT_REJUDGEABLE = "not re-judgeable"


class Supposition(Record):
    """Another value for an observation, to see which verdicts would flip."""

    check: str
    """Full name of the check, or its end, such as ``link:mtu_agrees``."""
    parameter: str
    value: JsonValue

    def concerns(self, judgement: Judgement) -> bool:
        """True if the judgement's check has that parameter."""
        return judgement.check.removeprefix(HOME) == self.check.removeprefix(HOME) and (
            self.parameter in judgement.observations
        )


class Replayed(Record):
    """One verdict, judged again."""

    test: str
    check: str
    claim: str
    agreement: Agreement
    before: Outcome
    after: Outcome | None = None
    why: tuple[str, ...] = ()
    """What changed, or why it could not be judged."""

    @property
    def flipped(self) -> bool:
        """True if the outcome itself is another one."""
        return self.after is not None and self.after is not self.before


def supposition(text: str) -> Supposition:
    """Parse ``link:mtu_agrees.designed=9000``; the value is JSON, else a text."""
    where, equals, value = text.partition("=")
    check, dot, parameter = where.strip().rpartition(".")
    if not (equals and dot and ":" in check):
        raise UsageError(f"{text!r}: expected MODULE:CHECK.PARAMETER=VALUE, such as link:mtu_agrees.designed=9000")
    return Supposition(check=check, parameter=parameter, value=_literal(value.strip()))


def replay(
    evidence: EvidenceFolder,
    now: Harness,
    test: str | None = None,
    suppositions: tuple[Supposition, ...] = (),
    facts: Path | None = None,
) -> Iterator[Replayed]:
    """Judge every verdict again, or those of the tests like `test`; with the device facts in `facts` if given."""
    bundles = evidence.bundles_of(test) if test else evidence.bundles()
    for bundle in bundles:
        for judgement in bundle.judgements():
            supposed = [each for each in suppositions if each.concerns(judgement)]
            yield _replay_one(bundle, judgement, now, [*supposed, *_restated(judgement, facts)])


def _restated(judgement: Judgement, facts: Path | None) -> Iterator[Supposition]:
    """What the device facts of today say instead of those that the verdict rests on."""
    if facts is None or not {STATED, IDENTITY} <= judgement.observations.keys():
        return
    identity = Identity.model_validate(judgement.observations[IDENTITY])
    sheet = sheet_of(identity.vendor, identity.model, identity.firmware, facts)
    stated = (sheet.behaviour if sheet else NicBehaviour()).model_dump(mode="json")
    if stated != judgement.observations[STATED]:
        yield Supposition(check=judgement.check, parameter=STATED, value=stated)


def _replay_one(bundle: StoredBundle, judgement: Judgement, now: Harness, supposed: list[Supposition]) -> Replayed:
    before = judgement.verdict
    facts = {"test": bundle.record.test, "check": judgement.check, "claim": before.claim, "before": before.outcome}
    observations = judgement.observations | {each.parameter: each.value for each in supposed}
    try:
        after = judge_again(judgement.model_copy(update={"observations": observations}))
    except ValidationError as error:
        mistake = f"the check wants other observations now: {_first_mistake(error)}"
        return Replayed(**facts, agreement=Agreement.NOT_REJUDGEABLE, why=(mistake,))
    except Exception as error:  # whatever a check raises on old observations is told, not thrown
        return Replayed(**facts, agreement=Agreement.NOT_REJUDGEABLE, why=(f"{type(error).__name__}: {error}",))
    if after.model_dump_json() == before.model_dump_json():
        return Replayed(**facts, agreement=Agreement.IDENTICAL, after=after.outcome)
    why = (*_causes(bundle.record.harness, now, supposed), *_differences(before, after))
    return Replayed(**facts, agreement=Agreement.CHANGED, after=after.outcome, why=why)


def _causes(then: Harness, now: Harness, supposed: list[Supposition]) -> Iterator[str]:
    yield from (f"supposed: {each.parameter} = {each.value!r}" for each in supposed)
    if then != now:
        yield f"harness: {then} → {now}"
    elif not supposed:
        yield "same harness: the check is no pure function, or the judgement was altered"


def _differences(before: Verdict, after: Verdict) -> Iterator[str]:
    for old, new in zip(before.reasons, after.reasons, strict=False):
        if old != new:
            yield f"{_kind_of(old, new)}: {old} ({old.outcome}) → {new} ({new.outcome})"
    common = min(len(before.reasons), len(after.reasons))
    yield from (f"row gone: {reason}" for reason in before.reasons[common:])
    yield from (f"new row: {reason}" for reason in after.reasons[common:])
    for name in ("claim", "reference", "figures"):
        if getattr(before, name) != getattr(after, name):
            yield f"{name}: {getattr(before, name)} → {getattr(after, name)}"


def _kind_of(old: Reason, new: Reason) -> str:
    if old.subject != new.subject:
        return "row"
    return "criterion" if old.expected != new.expected else "reading" if old.got != new.got else "rule"


def _first_mistake(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or error.title}: {first['msg']}"


def _literal(text: str) -> JsonValue:
    try:
        return json.loads(text)  # type: ignore[no-any-return]
    except json.JSONDecodeError:
        return text
