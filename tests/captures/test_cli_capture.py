"""`plugfest capture` as people and scripts use it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plugfest.bench.synthetic.scenario import Scenario
from plugfest.cli.capture import app
from plugfest.errors import CaptureError, UsageError
from tests.captures import frames as f
from tests.captures.conftest import Synthetic

RECORDING = str(Path(__file__).parent / "recordings" / "write_loss-h3.pcap")
CORRUPTED = str(Path(__file__).parent / "recordings" / "write_corrupt-h3.pcap")


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.stdout


def test_summary() -> None:
    text = run("summary", RECORDING)
    assert "652: 652 roce ipv4" in text
    assert "244 retransmissions, 11 NAKs, 0 RNR NAKs, 0 timeouts, 10 gaps" in text
    facts = json.loads(run("summary", "--json", RECORDING))
    assert (facts["frames"], facts["queue_pairs"], facts["naks"]) == (652, 1, 11)


def test_queue_pairs() -> None:
    text = run("qps", RECORDING)
    assert "10.1.1.2 QP 0x000012 → 10.2.1.2 QP 0x000012" in text
    assert "go back n" in text
    (trace,) = json.loads(run("qps", "--json", RECORDING))
    assert trace["retransmitted"] == 244
    assert len(trace["naks"]) == 11


def test_check_passes_a_sound_capture_and_fails_a_corrupted_one() -> None:
    claims = json.loads(run("check", "--json", RECORDING))
    assert {claim["outcome"] for claim in claims} == {"passed"}
    text = run("check", CORRUPTED, status=1)
    assert "13 of 397, such as frame 14" in text


def test_check_judges_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    path = f.save_pcap(tmp_path / "arp.pcap", [(f.START, f.ethernet(bytes(40), 0x0806))])
    outcomes = {claim["outcome"] for claim in json.loads(run("check", "--json", str(path)))}
    assert outcomes == {"inconclusive"}
    assert "nothing to judge" in run("qps", str(path))
    assert "none: nothing to judge" in run("summary", str(path))


def test_plot(tmp_path: Path) -> None:
    assert "QP 0x000012" in run("plot", RECORDING, "-o", str(tmp_path / "a.svg"))
    assert (tmp_path / "a.svg").read_text().startswith("<?xml")
    run("plot", RECORDING, "--qp", "0x12", "-o", str(tmp_path / "a.png"))
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--qp", "0x99", "-o", "x.png"), "no requests for it; in this capture: 0x12"),
        (("--qp", "twelve", "-o", "x.png"), "is no number; in this capture: 0x12"),
        (("-o", "x.bmp"), "the ending must be .png, .svg or .pdf"),
    ],
)
def test_plot_says_what_is_wrong(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run("plot", RECORDING, *arguments)


@pytest.mark.parametrize("command", ["summary", "qps", "check"])
def test_what_is_no_capture_is_one_line_and_an_exit_status(command: str, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="cannot be read"):
        run(command, str(tmp_path / "missing.pcap"))
    (tmp_path / "x").write_text("no capture")
    program = [sys.executable, "-m", "plugfest", "capture", command, str(tmp_path / "x")]
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    assert ended.returncode == 6
    assert ended.stderr == f"error: {tmp_path}/x: is neither pcap nor pcapng: it starts with 6e 6f 20 63\n"


def test_a_large_file_shows_progress_on_standard_error_only(
    synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugfest.cli.capture._LARGE", 1)
    path, truth = synthetic(Scenario(packets=20_000))
    assert json.loads(run("summary", "--json", str(path)))["frames"] == truth.packets


def test_the_command_starts_without_heavy_libraries() -> None:
    heavy = "('numpy', 'numba', 'matplotlib', 'scapy')"
    script = f"import sys, plugfest.cli.capture; print([name for name in {heavy} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
