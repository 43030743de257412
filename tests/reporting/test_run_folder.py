"""Folders of runs, their history and their environment."""

import json
from pathlib import Path

import pytest

from plugfest.errors import UsageError
from plugfest.inventory.loader import load
from plugfest.reporting.environment import Environment, git_revision, harness_facts, lab_facts
from plugfest.reporting.history import KEPT_RUNS, join_history, keep_point
from plugfest.reporting.run_folder import existing_run_folder, new_run_folder


def test_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    runs = [new_run_folder(tmp_path) for _ in range(5)]
    assert len({run.path for run in runs}) == 5
    assert (tmp_path / "latest").resolve() == runs[-1].path
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_run_is_found_by_its_folder_or_its_results(tmp_path: Path) -> None:
    run = new_run_folder(tmp_path)
    run.results.mkdir()
    assert existing_run_folder(run.path).results == run.results
    assert existing_run_folder(tmp_path / "latest").results == run.results
    assert existing_run_folder(run.results).html == run.html


def test_folder_that_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected the folder of a run, such as reports/out/latest"):
        existing_run_folder(tmp_path)


def _point(folder: Path, run_id: str, timestamp: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{run_id}.json").write_text(json.dumps({"uuid": run_id, "timestamp": timestamp, "testResults": {}}))


def test_history_is_joined_oldest_first_without_this_run(tmp_path: Path) -> None:
    folder, joined = tmp_path / "history.d", tmp_path / "history.jsonl"
    for run_id, timestamp in (("c", 30), ("a", 10), ("b", 20)):
        _point(folder, run_id, timestamp)
    join_history(folder, "b", joined)
    assert [json.loads(line)["uuid"] for line in joined.read_text().splitlines()] == ["a", "c"]


def test_damaged_history_point_is_left_out(tmp_path: Path) -> None:
    folder, joined = tmp_path / "history.d", tmp_path / "history.jsonl"
    _point(folder, "a", 10)
    (folder / "b.json").write_text('{"uuid": "b", "timest')
    (folder / "c.json").write_text("[1]")
    with pytest.warns(UserWarning, match="damaged history point left out"):
        join_history(folder, "z", joined)
    assert [json.loads(line)["uuid"] for line in joined.read_text().splitlines()] == ["a"]


def test_history_is_limited(tmp_path: Path) -> None:
    folder, joined = tmp_path / "history.d", tmp_path / "history.jsonl"
    for number in range(KEPT_RUNS + 5):
        _point(folder, f"run{number:02}", number)
    join_history(folder, "", joined)
    lines = joined.read_text().splitlines()
    assert len(lines) == KEPT_RUNS
    assert json.loads(lines[0])["uuid"] == "run05"


def test_point_is_dated_by_the_run(tmp_path: Path) -> None:
    results = tmp_path / "allure-results"
    results.mkdir()
    (results / "1-result.json").write_text(json.dumps({"start": 7000}))
    (results / "2-result.json").write_text(json.dumps({"start": 5000}))
    (results / "3-result.json").write_text('{"start": 1')
    joined = tmp_path / "history.jsonl"
    joined.write_text('{"uuid": "old", "timestamp": 1}\n{"uuid": "new", "timestamp": 99999}\n')
    keep_point(joined, tmp_path / "history.d", "night", results)
    assert json.loads((tmp_path / "history.d" / "night.json").read_text()) == {"uuid": "new", "timestamp": 5000}


def test_environment_file_is_valid_properties(tmp_path: Path) -> None:
    environment = Environment(tmp_path)
    environment.add({"git revision": "abc", "path: a=b": "C:\\lab\nline two"})
    environment.add({"git revision": "def"})
    assert (tmp_path / "environment.properties").read_text() == (
        "git\\ revision = def\npath\\:\\ a\\=b = C:\\\\lab line two\n"
    )


def test_facts_of_harness_and_lab() -> None:
    facts = harness_facts()
    assert {"plugfest", "git revision", "Python", "pytest", "scapy"} <= facts.keys()
    lab = lab_facts(load("embedded").lab)
    assert lab["lab"] == "embedded (embedded)"
    assert lab["switches"] == "Linux bridge and router / Debian with FRR"
    assert "Soft-RoCE" in lab["NICs"]


def test_revision_outside_a_checkout(tmp_path: Path) -> None:
    assert git_revision(tmp_path) == "unknown"
