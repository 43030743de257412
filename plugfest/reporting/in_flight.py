"""Says which test was running when a run was killed.

allure-pytest writes a result only when its test has ended, so a killed run loses the test that mattered most.  Here
each test leaves a file while it runs: the very result that is to be shown if nothing better comes.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
from allure_commons.model2 import TestResult
from attr import asdict

from plugfest.reporting.outcomes import Tag
from plugfest.reporting.result_files import attachment_files, read_containers, read_results
from plugfest.reporting.run_folder import RunFolder

KILLED = f"{Tag.INTERRUPTED} the run was killed while this test was running"


def mark_in_flight(folder: Path, result: TestResult) -> None:
    """Write what is known of a running test; replaces an earlier mark of the same test."""
    folder.mkdir(parents=True, exist_ok=True)
    known = asdict(result, filter=lambda _, value: value or value is False)
    known |= {"status": "broken", "statusDetails": {"message": KILLED}}
    pid, started = _this_process()
    mark = {"pid": pid, "started": started, "result": known}
    fresh = folder / f"{result.uuid}.tmp"
    fresh.write_text(json.dumps(mark, default=str))
    fresh.replace(folder / f"{result.uuid}.json")


@cache
def _this_process() -> tuple[int, float]:
    process = psutil.Process()
    return process.pid, process.create_time()


def clear_in_flight(folder: Path, result: TestResult) -> None:
    """The test has ended and its own result is written."""
    (folder / f"{result.uuid}.json").unlink(missing_ok=True)


def recover_in_flight(run: RunFolder) -> list[str]:
    """Turn the marks of killed tests into results with the attachments nobody owns; returns the tests' names.

    A mark whose pytest process still runs is left alone.
    """
    marks = {path: json.loads(path.read_text()) for path in sorted(run.in_flight.glob("*.json"))}
    dead = {path: mark["result"] for path, mark in marks.items() if not _alive(mark["pid"], mark["started"])}
    written = {result.get("uuid") for result in read_results(run.results)}
    lost = [result for result in dead.values() if result["uuid"] not in written]
    if len(lost) == 1:
        lost[0]["attachments"] = [*lost[0].get("attachments", []), *_orphans(run.results, lost[0])]
    for result in lost:
        _write_result(run.results, result)
    for path in dead:
        path.unlink()
    return [result["name"] for result in lost]


def _alive(pid: int, started: float) -> bool:
    try:
        return psutil.Process(pid).create_time() == started
    except psutil.Error:
        return False


def _write_result(results: Path, result: dict[str, Any]) -> None:
    fresh = results / f"{uuid4()}-result.json.tmp"
    fresh.write_text(json.dumps(result))
    fresh.replace(fresh.with_suffix(""))


def _orphans(results: Path, result: dict[str, Any]) -> list[dict[str, str]]:
    owners = [result, *read_results(results), *read_containers(results)]
    owned = {source for owner in owners for source in attachment_files(owner)}
    files = sorted(results.glob("*-attachment.*"), key=lambda path: path.stat().st_mtime)
    return [{"name": path.name, "source": path.name} for path in files if path.name not in owned]
