import json
from pathlib import Path
from typing import Any

import pytest

from plugfest.embedded.qmp import Qmp
from plugfest.errors import DeadlineExceededError, EmbeddedLabError
from plugfest.sessions.deadline import Deadline
from tests.embedded.unix_server import serving

GREETING = json.dumps({"QMP": {"version": {}, "capabilities": []}}) + "\n"


def _lines(*messages: dict[str, Any]) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


class Monitor:
    """Answers like QEMU: jobs take a while, one command is refused, one hangs up."""

    def __init__(self, *jobs: dict[str, Any]) -> None:
        self._jobs = list(jobs)

    def __call__(self, line: str) -> str | None:
        command = json.loads(line)["execute"]
        if command == "query-jobs":
            job = self._jobs.pop(0) if len(self._jobs) > 1 else self._jobs[0]
            return _lines({"return": [{"id": "another", "status": "running"}, job]})
        if command == "refused":
            return _lines({"error": {"class": "GenericError", "desc": "no such thing"}})
        if command == "hang-up":
            return None
        return _lines({"event": "STOP"}, {"return": {"done": command}})


def test_results_come_back_and_events_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "qmp.sock"
    with serving(path, Monitor(), GREETING) as received, Qmp(path) as qmp:
        assert qmp.execute("stop", now=True) == {"done": "stop"}
    assert [json.loads(line) for line in received] == [
        {"execute": "qmp_capabilities", "arguments": {}},
        {"execute": "stop", "arguments": {"now": True}},
    ]


def test_a_deep_folder_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 60) / ("b" * 60) / "qmp.sock"
    with serving(path, Monitor(), GREETING), Qmp(path) as qmp:
        assert qmp.execute("cont") == {"done": "cont"}


def test_a_refusal_is_told(tmp_path: Path) -> None:
    path = tmp_path / "qmp.sock"
    with (
        serving(path, Monitor(), GREETING),
        Qmp(path) as qmp,
        pytest.raises(EmbeddedLabError, match="refused refused: no such thing"),
    ):
        qmp.execute("refused")


def test_a_broken_connection_is_told(tmp_path: Path) -> None:
    path = tmp_path / "qmp.sock"
    with serving(path, Monitor(), GREETING), Qmp(path) as qmp, pytest.raises(EmbeddedLabError, match="closed"):
        qmp.execute("hang-up")
    with pytest.raises(EmbeddedLabError, match=r"monitor .*missing.sock does not answer"):
        Qmp(tmp_path / "missing.sock")


def _job(status: str, **more: str) -> dict[str, Any]:
    return {"id": "plugfest-snapshot-save", "status": status, **more}


def test_a_job_is_followed_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "qmp.sock"
    monitor = Monitor(_job("running"), _job("running"), _job("concluded"))
    with serving(path, monitor, GREETING) as received, Qmp(path) as qmp:
        qmp.run_job("snapshot-save", Deadline("the snapshot", 5), tag="pristine")
    assert json.loads(received[1])["arguments"] == {"job-id": "plugfest-snapshot-save", "tag": "pristine"}
    assert json.loads(received[-1])["execute"] == "job-dismiss"


def test_a_failed_or_endless_job_is_told(tmp_path: Path) -> None:
    path = tmp_path / "qmp.sock"
    failed = Monitor(_job("concluded", error="disk is full"))
    with serving(path, failed, GREETING), Qmp(path) as qmp, pytest.raises(EmbeddedLabError, match="disk is full"):
        qmp.run_job("snapshot-save", Deadline("the snapshot", 5))
    path.unlink()
    endless = Monitor(_job("running"))
    with serving(path, endless, GREETING), Qmp(path) as qmp, pytest.raises(DeadlineExceededError, match="the snapshot"):
        qmp.run_job("snapshot-save", Deadline("the snapshot", 0.2))
