"""The proof itself, as continuous integration runs it: a sample of the defects on the running embedded lab."""

import json
import os
import subprocess
import sys

import pytest

from plugfest.embedded.defects.registry import CATALOGUE, load_defects
from plugfest.embedded.defects.selftest import sample
from plugfest.embedded.state import RunningLab

pytestmark = pytest.mark.lab

PROJECT = CATALOGUE.parents[3]
MINUTES = 60
SAMPLE = 4
DEFECTIVE = ("[INTEROP]", "[COUNTER]")


def selftest(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plugfest", "selftest", *arguments]
    wide = {**os.environ, "COLUMNS": "250"}
    return subprocess.run(
        command, cwd=PROJECT, env=wide, capture_output=True, text=True, timeout=30 * MINUTES, check=False
    )


def test_a_sample_is_caught_and_located_and_a_healthy_lab_is_silent(embedded_lab: RunningLab) -> None:
    done = selftest("--sample", str(SAMPLE), "--healthy", "1", "--suite", "testsuites/link", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    score = json.loads(done.stdout)
    chosen = sample(list(load_defects().values()), SAMPLE)
    assert [proof["defect"] for proof in score["proofs"]] == [defect.name for defect in chosen]
    assert all(proof["caught_by"] and proof["located"] and proof["spared"] for proof in score["proofs"])
    assert all(proof["seconds"] > 0 and proof["message"].startswith(DEFECTIVE) for proof in score["proofs"])
    assert (score["percent"], score["good"], score["false_alarms"]) == (100.0, True, [])
    assert f"{SAMPLE}/{SAMPLE} {chosen[-1].name}: caught by" in done.stderr
    assert "healthy run 1:" in done.stderr


def test_the_table_names_defect_test_place_and_time(embedded_lab: RunningLab) -> None:
    done = selftest("port-down", "--healthy", "0")
    assert done.returncode == 0, done.stderr + done.stdout
    for words in ("port-down", "test_link_is_up", "spine2:swp1", "score 100 of 100"):
        assert words in done.stdout
