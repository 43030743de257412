"""Makes one run of its shards: results, evidence, JUnit and durations; verdicts are not touched."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plugfest.errors import UsageError
from plugfest.evidence.bundle_writer import BUNDLE, UNFINISHED
from plugfest.evidence.files import document, write_whole
from plugfest.evidence.folder import EVIDENCE, RUN, EvidenceFolder, read_document
from plugfest.evidence.manifest import MANIFEST, damages, seal
from plugfest.evidence.records import Bundle, Digest, Manifest
from plugfest.evidence.shared_files import SHARED
from plugfest.records import Record
from plugfest.reporting.environment import merge_environments, write_executor
from plugfest.reporting.junit import merge_junit
from plugfest.reporting.run_folder import RunFolder
from plugfest.reporting.tally import TestLine
from plugfest.scheduling.durations import write_durations
from plugfest.scheduling.shards import Shard, ShardRecord, check_whole, read_shard

SHARDS = "shards.json"
"""In the evidence of a merged run."""
SAME = ("lab", "kind", "devices", "harness", "facts")
"""What the records of all shards have in common."""
ENDED = (0, 1, 5)
"""Exit statuses of shards that ran all their tests: green, not green, nothing judged."""


class MergedShard(Record):
    """Where a part of a merged run comes from."""

    shard: Shard
    run: str
    seal: Digest


class MergedShards(Record):
    """``shards.json``: the sealed runs that a merged run is made of."""

    shards: tuple[MergedShard, ...]


def merge(folders: Sequence[Path], out: RunFolder) -> int:
    """Make the run `out` of the shards in `folders`; its exit status as if it had been one run.

    UsageError, and nothing is written, unless the folders hold all shards of one run, ended and untouched.
    """
    parts = sorted((_Part(folder, read_shard(folder)) for folder in folders), key=lambda part: part.record.shard.number)
    check_whole([part.record for part in parts])
    for part in parts:
        _check_ended(part)
    _check_same(parts)
    _merge_evidence(parts, out)
    _merge_results([part.run for part in parts], out)
    return _status([part.record.exit_status for part in parts])


def line_of(result: Bundle) -> TestLine:
    """A stored result as the summary of a run shows it."""
    return TestLine(
        nodeid=result.test,
        suite=result.suite,
        outcome=result.outcome,
        case=result.case,
        cell=result.cell.id,
        reason=result.reason,
        seconds=(result.ended - result.started).total_seconds(),
    )


@dataclass(frozen=True)
class _Part:
    folder: Path
    record: ShardRecord

    @property
    def run(self) -> RunFolder:
        return RunFolder(self.folder)

    @property
    def evidence(self) -> EvidenceFolder:
        return EvidenceFolder(self.folder / EVIDENCE)


def _check_ended(part: _Part) -> None:
    status, name = part.record.exit_status, f"{part.folder}: shard {part.record.shard}"
    if status not in ENDED:
        raise UsageError(
            f"{name} {'was killed' if status is None else f'ended with exit status {status}'} – run it again"
        )
    for path in (part.run.results, part.run.junit):
        if not path.exists():
            raise UsageError(
                f"{path} is missing – shards are merged from whole run folders, as --report-dir makes them"
            )
    wrong = next(damages(part.evidence), None)
    if wrong:
        raise UsageError(f"{part.folder}: {wrong} – only untouched evidence is merged")
    missing = set(part.record.tests) - {bundle.record.test for bundle in part.evidence.bundles()}
    if missing:
        raise UsageError(f"{name} has no result of {len(missing)} tests, such as {min(missing)} – run it again")


def _check_same(parts: Sequence[_Part]) -> None:
    first, *others = ((part.folder, part.evidence.run) for part in parts)
    for folder, run in others:
        for name in SAME:
            if getattr(run, name) != getattr(first[1], name):
                raise UsageError(f"{first[0]} and {folder} differ in: {name} – not one run")


def _merge_evidence(parts: Sequence[_Part], out: RunFolder) -> None:
    runs = [part.evidence.run for part in parts]
    evidence = EvidenceFolder(out.path / EVIDENCE)
    for part in parts:
        _copy_evidence(part.evidence, evidence.path, out.run_id)
    started = min(run.started for run in runs)
    write_whole(evidence.path / RUN, document(runs[0].model_copy(update={"run": out.run_id, "started": started})))
    write_whole(evidence.path / SHARDS, document(MergedShards(shards=tuple(map(_origin, parts)))))
    seal(evidence)
    write_durations(out.path, (bundle.record for bundle in evidence.bundles()))


def _origin(part: _Part) -> MergedShard:
    manifest = read_document(part.evidence.path / MANIFEST, Manifest)
    return MergedShard(shard=part.record.shard, run=manifest.run, seal=manifest.seal)


def _copy_evidence(source: EvidenceFolder, target: Path, run: str) -> None:
    for folder in source.path.iterdir():
        if folder.is_dir() and not folder.name.startswith(UNFINISHED):
            shutil.copytree(folder, target / folder.name, dirs_exist_ok=folder.name == SHARED)
    for bundle in source.bundles():
        write_whole(target / bundle.folder.name / BUNDLE, document(bundle.record.model_copy(update={"run": run})))


def _merge_results(runs: Sequence[RunFolder], out: RunFolder) -> None:
    out.results.mkdir(parents=True, exist_ok=True)
    for run in runs:
        for file in run.results.iterdir():
            if file.is_file():
                shutil.copyfile(file, out.results / file.name)
    merge_environments([run.results for run in runs], out.results)
    write_executor(out)
    merge_junit([run.junit for run in runs], out.junit)


def _status(statuses: Sequence[int | None]) -> int:
    """A shard that judged nothing is no fault as long as another one did."""
    return next((status for status in (1, 0) if status in statuses), 5)
