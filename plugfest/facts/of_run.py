"""What a run has measured of its NICs, told from its evidence."""

from collections.abc import Iterator

from pydantic import JsonValue

from plugfest.evidence.folder import EvidenceFolder
from plugfest.facts.seen import Identity, Seen, collected
from plugfest.records import Record
from plugfest.verdicts.judgement import HOME, Judgement

CHECK = f"{HOME}facts:one_behaviour"
"""Its observations hold what was measured, whether or not anybody has stated facts."""


class Measured(Record):
    """All that a run has seen of one kind of NIC."""

    identity: Identity
    seen: Seen


def measured_in(evidence: EvidenceFolder) -> list[Measured]:
    """Kinds of NICs of which the run has measured something, in the order of its tests."""
    together: dict[Identity, Seen] = {}
    for bundle in evidence.bundles():
        for identity, seen in filter(None, map(_measured, bundle.judgements())):
            together[identity] = _both(together.get(identity, Seen()), seen)
    return [Measured(identity=identity, seen=seen) for identity, seen in together.items()]


def _measured(judgement: Judgement) -> tuple[Identity, Seen] | None:
    if judgement.check != CHECK:
        return None
    observed = judgement.observations
    return Identity.model_validate(observed["identity"]), Seen.model_validate(observed["seen"])


def _both(first: Seen, second: Seen) -> Seen:
    return collected(_pairs(first, second))


def _pairs(*all_seen: Seen) -> Iterator[tuple[str, JsonValue]]:
    for seen in all_seen:
        for name, values in seen.values.items():
            yield from ((name, value) for value in values)
