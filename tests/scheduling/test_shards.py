"""Shards of a run are all of it, each test once, and are merged into one run."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugfest.errors import UsageError
from plugfest.evidence.folder import EVIDENCE, EvidenceFolder, read_document
from plugfest.evidence.manifest import damages
from plugfest.history.database import open_database
from plugfest.history.queries import find_run
from plugfest.reporting.run_folder import RunFolder
from plugfest.scheduling.durations import DURATIONS, expected, read_durations
from plugfest.scheduling.merging import SHARDS, MergedShards
from plugfest.scheduling.planned import PlannedTest
from plugfest.scheduling.shards import SHARD, Shard, ShardRecord, check_whole, collection_digest, divide
from tests.scheduling.lab_project import ParallelProject, allure_statuses, junit_outcomes, outcomes
from tests.scheduling.labs import RUNS, planned


@given(RUNS, st.integers(1, 5), st.randoms())
def test_every_test_is_in_one_shard_with_its_group_whatever_the_order(
    tests: list[PlannedTest], count: int, chance: random.Random
) -> None:
    shuffled = chance.sample(tests, len(tests))
    homes: dict[str, set[int]] = {}
    for number in range(1, count + 1):
        shard = Shard(number=number, of=count)
        mine = {test.name for test, kept in zip(tests, divide(tests, shard), strict=True) if kept}
        assert mine == {test.name for test, kept in zip(shuffled, divide(shuffled, shard), strict=True) if kept}
        for test in tests:
            if test.name in mine:
                homes.setdefault(test.group, set()).add(number)
    assert set(homes) == {test.group for test in tests}
    assert all(len(numbers) == 1 for numbers in homes.values())


def test_shards_take_equally_long_as_far_as_groups_allow() -> None:
    tests = [planned(str(number), seconds=float(number % 7 + 1)) for number in range(70)]
    shards = [divide(tests, Shard(number=number, of=4)) for number in (1, 2, 3, 4)]
    loads = [sum(test.seconds for test, kept in zip(tests, each, strict=True) if kept) for each in shards]
    assert max(loads) - min(loads) <= 1.0
    assert sum(loads) == 280.0


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3", ""])
def test_a_shard_is_named_by_number_and_count(text: str) -> None:
    with pytest.raises(UsageError, match="such as 2/4"):
        Shard.parse(text)


def record(number: int, tests: str, everything: str = "a b c", of: int = 2) -> ShardRecord:
    shard = Shard(number=number, of=of)
    return ShardRecord(shard=shard, collection=collection_digest(everything.split()), tests=tuple(tests.split()))


@pytest.mark.parametrize(
    ("shards", "said"),
    [
        ([record(1, "a b")], "each of the shards 1 to 2 once, got 1"),
        ([record(1, "a b"), record(1, "a b")], "once, got 1, 1"),
        ([record(1, "a b"), record(2, "b c")], "two shards hold b"),
        ([record(1, "a"), record(2, "b")], "some test is in no shard"),
        ([record(1, "a b"), record(2, "c d", "a b c d")], "shards of different runs"),
        ([record(1, "a b"), record(2, "c", of=3)], "shards of different runs"),
    ],
)
def test_parts_that_are_no_whole_are_refused(shards: list[ShardRecord], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_whole(shards)


def test_parts_that_are_a_whole_are_accepted() -> None:
    check_whole([record(2, "c"), record(1, "b a")])


def test_unknown_tests_take_as_long_as_those_like_them() -> None:
    known = {"t.py::test_a[1]": 2.0, "t.py::test_a[2]": 4.0, "t.py::test_b": 30.0}
    tests = ["t.py::test_a[1]", "t.py::test_a[9]", "t.py::test_c"]
    assert expected(tests, known) == [2.0, 3.0, 4.0]
    assert expected(tests, {}) == [1.0, 1.0, 1.0]


def test_a_file_that_holds_no_durations_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "durations.json"
    file.write_text('{"test_a": "long"}')
    with pytest.raises(UsageError, match="expected seconds by test"):
        read_durations(file)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ParallelProject:
    """One whole run called ``whole`` and three shards of it called ``1`` to ``3``, the last one distributed."""
    project = ParallelProject(tmp_path_factory.mktemp("project"))
    for name, *options in (
        ("whole",),
        *((str(each), f"--shard={each}/3", *["-n2"][: each == 3]) for each in (1, 2, 3)),
    ):
        answer = project.run(f"--report-dir={project.root / 'runs' / name}", *options)
        assert answer.returncode in (0, 1), answer.stdout + answer.stderr
    return project


def merge(project: ParallelProject, shards: list[Path], out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "plugfest",
        "merge",
        *map(str, shards),
        f"--report-dir={out}",
        "--no-html",
        *options,
    ]
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, timeout=60, check=False)


def shards_of(project: ParallelProject) -> list[Path]:
    return [project.root / "runs" / name for name in ("2", "1", "3")]


@pytest.fixture(scope="module")
def merged(project: ParallelProject) -> RunFolder:
    """The merged run; do not write to it."""
    out = project.root / "runs" / "merged"
    answer = merge(project, shards_of(project), out)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "h2: no answer within 5 s" in answer.stdout
    return RunFolder(out)


def test_a_merged_run_is_the_whole_run(project: ParallelProject, merged: RunFolder) -> None:
    whole = RunFolder(project.root / "runs" / "whole")
    assert len(outcomes(merged)) == 25
    assert outcomes(merged) == outcomes(whole)
    assert allure_statuses(merged) == allure_statuses(whole)
    assert junit_outcomes(merged) == junit_outcomes(whole)
    assert set(read_durations(merged.path / DURATIONS)) == set(outcomes(whole))


def test_merged_evidence_is_sealed_and_names_the_seals_of_its_parts(
    project: ParallelProject, merged: RunFolder
) -> None:
    evidence = EvidenceFolder(merged.path / EVIDENCE)
    assert list(damages(evidence)) == []
    assert evidence.run.run == "merged"
    parts = read_document(evidence.path / SHARDS, MergedShards).shards
    assert [(str(part.shard), part.run) for part in parts] == [("1/3", "1"), ("2/3", "2"), ("3/3", "3")]


def test_history_knows_the_merged_run_and_not_its_parts(merged: RunFolder) -> None:
    with open_database() as database:
        assert len(find_run(database, "merged").results) == 25
        for part in ("1", "2", "3"):
            with pytest.raises(UsageError):
                find_run(database, part)


def test_a_gate_decides_about_the_merged_run(project: ParallelProject, tmp_path: Path) -> None:
    gate = tmp_path / "gate.yaml"
    gate.write_text("version: 1\nred:\n  - outcomes: [failed]\n    at_most: 1\n")
    answer = merge(project, shards_of(project), tmp_path / "gated", f"--quality-gate={gate}")
    assert (answer.returncode, "quality gate: green" in answer.stdout) == (0, True), answer.stdout + answer.stderr


def test_parts_that_cannot_be_trusted_are_refused(project: ParallelProject, tmp_path: Path) -> None:
    one, two, three = (Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in shards_of(project))
    killed = read_document(one / SHARD, ShardRecord).model_copy(update={"exit_status": None})
    killed.write(one)
    assert "shard 2/3 was killed" in merge(project, [one, two, three], tmp_path / "out").stderr
    bundle = next((two / EVIDENCE).glob("*/bundle.json"))
    bundle.write_text(bundle.read_text().replace("passed", "failed"))
    killed.model_copy(update={"exit_status": 1}).write(one)
    assert "only untouched evidence is merged" in merge(project, [one, two, three], tmp_path / "out").stderr
    assert not (tmp_path / "out").exists()


def test_durations_of_an_earlier_run_balance_shards(project: ParallelProject, merged: RunFolder) -> None:
    listed = []
    for shard in ("1/2", "2/2"):
        durations = f"--expected-durations={merged.path / DURATIONS}"
        answer = project.run("--collect-only", "-q", f"--shard={shard}", durations)
        listed.append({line for line in answer.stdout.splitlines() if "::" in line})
    assert listed[0] | listed[1] == set(outcomes(merged))
    assert not listed[0] & listed[1]
