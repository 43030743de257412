"""`plugfest plan` tells what would run in a lab, from the real suites, without touching it."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]


def plugfest(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plugfest", "plan", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, timeout=120, check=False)


@cache
def planned(lab: str) -> Any:
    done = plugfest("--lab", lab, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def case(lab: str, test: str, subject: str) -> Any:
    found = [
        each for each in planned(lab)["cases"] if each["test"].endswith(f"::{test}") and each["subject"] == subject
    ]
    assert len(found) == 1
    return found[0]


def test_a_case_says_on_what_it_runs() -> None:
    found = case("odcc_reference", "test_mtu_boundary_is_sharp", "gpu1:enp65s0np0->gpu3")
    assert found["skipped"] is None
    assert (found["suite"], found["case"]) == ("l2", "L2-07")
    assert found["devices"] == ["gpu1", "gpu3", "injector1", "leaf1", "leaf2", "spine1", "spine2"]
    assert found["cell"].startswith("NVIDIA ConnectX-7 28.43.1014 × Tomahawk 5, SONiC 202411 + ")


@pytest.mark.parametrize(
    ("test", "subject", "reason"),
    [
        ("test_mid_message_loss", "gpu2->gpu4", "gpu4 has no capability rdma in the lab file"),
        ("test_queue_pairs_spread_over_all_paths", "gpu1:enp65s0np0->gpu2", "one path only"),
        ("test_lldp_matches_cabling", "gpu6:enp9s0<->leaf4:FourHundredGigabitEthernet0/1", "leaf4 (ruijie_rgos)"),
        ("test_link_is_up", "gpu1:enp65s0np0<->injector1:ens1f0", "injector1 (injector) cannot be asked"),
    ],
)
def test_a_skipped_case_says_why(test: str, subject: str, reason: str) -> None:
    assert reason in case("odcc_reference", test, subject)["skipped"]


def test_every_cell_of_the_plan_has_cases() -> None:
    document = planned("odcc_reference")
    cells = {cell["id"] for cell in document["cells"]}
    assert len(cells) == 62
    assert {each["cell"] for each in document["cases"] if each["cell"]} == cells
    skipped = sum(each["skipped"] is not None for each in document["cases"])
    assert document["runs"] == len(document["cases"]) - skipped > 500
    assert sum(document["skipped"].values()) == skipped


def test_the_embedded_lab_serves_nearly_everything() -> None:
    reasons = planned("embedded")["skipped"]
    assert reasons["the pair has one path only"] == 4
    assert not [reason for reason in reasons if "capability rdma" in reason or "cannot be asked" in reason]


def test_tables_sum_up() -> None:
    done = plugfest("--lab", "odcc_reference", "--suite", "link", "--suite", "l2")
    assert done.returncode == 0, done.stderr
    for words in ("cases would run", "Suites", "Cells of the matrix", "Why the others do not", "back to back"):
        assert words in done.stdout
    assert "leaf4 (ruijie_rgos) cannot be asked for: interfaces" in done.stdout
    assert "recovery" not in done.stdout


def test_collecting_alone_says_how_much_would_run() -> None:
    command = [sys.executable, "-m", "pytest", "testsuites/link", "--lab", "odcc_reference", "--collect-only"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, timeout=120, check=True)
    assert "lab odcc-reference: " in done.stdout
    assert "skipped: leaf4 (ruijie_rgos) cannot be asked for: interfaces" in done.stdout


def test_all_cases_can_be_listed() -> None:
    done = plugfest("--suite", "l2", "--cases")
    assert "testsuites/l2/test_lldp.py::test_lldp_matches_cabling" in done.stdout
    assert "h1:eth1<->leaf1:swp1" in done.stdout


def test_an_unknown_suite_is_named_with_those_there_are() -> None:
    done = plugfest("--suite", "l3")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no suite is called l3; suites: congestion, ")
