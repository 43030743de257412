"""`plugfest report` as people call it."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from plugfest.errors import UsageError
from plugfest.reporting.server import report_server

PLUGFEST = (sys.executable, "-m", "plugfest", "report")


def _plugfest(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PLUGFEST, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def _result(folder: Path) -> Path:
    folder.mkdir(parents=True)
    result = {"uuid": "1", "name": "test_a", "fullName": "l2#test_a", "status": "passed", "start": 1000, "stop": 2000}
    (folder / "1-result.json").write_text(json.dumps(result))
    return folder


def test_build_prints_the_page(tmp_path: Path) -> None:
    results = _result(tmp_path / "night" / "allure-results")
    answer = _plugfest("build", results)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [str(tmp_path / "night" / "html" / "index.html")]
    assert (tmp_path / "night" / "html" / "index.html").is_file()


def test_build_of_foreign_results_into_a_chosen_folder(tmp_path: Path) -> None:
    answer = _plugfest("build", _result(tmp_path / "from-ci"), "--out", tmp_path / "page", "--single-file")
    assert answer.returncode == 0, answer.stderr
    assert [path.name for path in (tmp_path / "page").iterdir() if path.suffix == ".html"] == ["index.html"]


def test_build_of_nothing(tmp_path: Path) -> None:
    answer = _plugfest("build", tmp_path)
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"error: {tmp_path}: expected the folder of a run, such as reports/out/latest")
    assert "Traceback" not in answer.stderr


def test_serve_on_loopback_until_interrupted(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("the report")
    with subprocess.Popen(
        [*PLUGFEST, "serve", str(tmp_path), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        said = re.match(r"(http://127\.0\.0\.1:\d+/)  \(Ctrl-C ends\)", server.stdout.readline())
        assert said
        with urllib.request.urlopen(said[1], timeout=30) as answer:
            assert answer.read() == b"the report"
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0


def test_serve_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no report in it – build one"):
        report_server(tmp_path)


def test_port_in_use(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    with report_server(tmp_path) as first, pytest.raises(UsageError, match="Address already in use – choose another"):
        report_server(tmp_path, first.server_port)
