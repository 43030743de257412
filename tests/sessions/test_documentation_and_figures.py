import re
from pathlib import Path

import pytest

from plugfest.bench import ssh
from plugfest.sessions.pool import SessionPool

PAGE = Path(__file__).parents[2] / "docs" / "sessions.md"


def test_the_examples_of_the_page_run(shared_pool: SessionPool) -> None:
    examples = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    names: dict[str, object] = {"pool": shared_pool}
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)
    assert names["kernel"].exit_status == 0  # type: ignore[attr-defined]
    assert "lo:" in names["links"].out  # type: ignore[attr-defined]


def test_the_benchmark_prints_every_contender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh, "ROUNDS", 1)
    figures = {figure.name: figure for figure in ssh.measure_commands()}
    assert list(figures) == [
        "ssh.command_ms",
        "ssh.command_ratio",
        "ssh.batch_command_ms",
        "ssh.local_process_ms",
        "ssh.paramiko_command_ms",
        "ssh.netmiko_command_ms",
        "ssh.netmiko_expect_command_ms",
    ]
    assert all(figure.value > 0 for figure in figures.values())
    assert figures["ssh.command_ratio"].value == pytest.approx(
        figures["ssh.command_ms"].value / figures["ssh.local_process_ms"].value
    )
