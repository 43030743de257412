"""`plugfest config`: what people see, and that nothing is connected to before it must be."""

import json
import re

import pytest
from typer.testing import CliRunner

from plugfest.cli.config import app
from plugfest.devices.protocols import Unsupported
from plugfest.errors import EmbeddedLabError, UsageError


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_intents_are_listed_with_the_dialects_that_can() -> None:
    shown = run("intents")
    assert "lossless_roce      RoCEv2 lossless on priority 3" in shown
    documents = {each["name"]: each for each in json.loads(run("intents", "--json"))}
    assert "frr_linux" not in documents["lossless_roce"]["dialects"]
    assert "centec" in documents["ports_down"]["dialects"]


def test_render_shows_every_command_its_evidence_and_the_way_back() -> None:
    shown = run("render", "ecn_marking", "--device", "leaf1", "--lab", "embedded", "--dialect", "huawei_vrp")
    assert "ECN thresholds: documented – " in shown
    assert "keep: display configuration commit list 1" in shown
    assert re.search(r"do: system-view\n.*do: drop-profile plugfest-q3\n", shown)
    assert shown.index("do: commit") < shown.index("undo: rollback configuration to commit-id POINT y")


def test_what_cannot_be_rendered_says_why() -> None:
    with pytest.raises(Unsupported, match="frr_linux has no template for PFC watchdog"):
        run("render", "lossless_roce", "--device", "leaf1", "--lab", "embedded")
    with pytest.raises(UsageError, match="'vxworks' cannot be configured: choose one of frr_linux"):
        run("render", "ports_down", "--device", "leaf1", "--lab", "embedded", "--dialect", "vxworks")


def test_diff_of_an_embedded_lab_that_does_not_run_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from plugfest.embedded import state

    monkeypatch.setattr(state, "recorded", lambda: None)
    with pytest.raises(EmbeddedLabError, match="plugfest lab up"):
        run("diff", "ports_down", "--device", "leaf1", "--lab", "embedded")
