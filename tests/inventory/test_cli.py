"""`plugfest inventory …` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = Path(__file__).parent / "broken"


def plugfest(*arguments: str, folder: Path = BROKEN) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plugfest", "inventory", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_check_of_a_good_lab() -> None:
    done = plugfest("check", "--lab", "embedded")
    assert done.returncode == 0
    assert done.stdout.endswith(
        "lab_inventory/embedded.yaml: no mistakes – embedded (embedded):"
        " 4 hosts, 4 switches, 8 links, 12 host pairs, 1 cell, 4 test ports\n"
    )


def test_check_prints_every_mistake_and_exits_4() -> None:
    done = plugfest("check", "--lab", "many_mistakes_at_once.yaml")
    assert done.returncode == 4
    assert done.stdout == (BROKEN / "many_mistakes_at_once.txt").read_text(encoding="utf-8")
    assert done.stderr == "5 mistakes found\n"


def test_check_as_json() -> None:
    done = plugfest("check", "--json", "--lab", "unknown_kind.yaml")
    assert done.returncode == 4
    problems = json.loads(done.stdout)["problems"]
    assert [(each["line"], each["where"]) for each in problems] == [(3, "kind")]
    assert json.loads(plugfest("check", "--json", "--lab", "embedded").stdout)["problems"] == []


def test_other_commands_tell_the_same_mistakes() -> None:
    done = plugfest("show", "--lab", "unknown_kind.yaml")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "error: " + (BROKEN / "unknown_kind.txt").read_text(encoding="utf-8")


def test_unknown_lab_lists_the_labs_there_are() -> None:
    done = plugfest("check", "--lab", "nowhere")
    assert done.returncode == 4
    assert "embedded, example_hardware" in done.stderr


def test_show() -> None:
    done = plugfest("show", "--lab", "example_hardware")
    assert done.returncode == 0
    for word in ("Devices", "Links", "Host pairs", "Cells of the matrix", "gpu1->gpu4", "injector1", "Tomahawk 5"):
        assert word in done.stdout


def test_show_as_json() -> None:
    shown = json.loads(plugfest("show", "--json", "--lab", "embedded").stdout)
    assert shown["devices"]["leaf1"]["capabilities"] == sorted(shown["devices"]["leaf1"]["capabilities"])
    assert len(shown["host_pairs"]) == 12
    assert shown["routes"][0] == {"switch": "leaf1", "prefix": "10.2.1.0/24", "ports": ["swp49", "swp50"]}


def test_graph_writes_a_drawing(tmp_path: Path) -> None:
    done = plugfest("graph", "--lab", "embedded", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "embedded.svg\n")
    assert (tmp_path / "embedded.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize("target", ["no/such/folder/lab.svg", "lab.jpg", "lab"])
def test_graph_into_a_file_that_cannot_be(tmp_path: Path, target: str) -> None:
    done = plugfest("graph", "--lab", "embedded", "--output", target, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: --output: ")
    assert list(tmp_path.iterdir()) == []


def test_schema_is_printed() -> None:
    assert json.loads(plugfest("schema").stdout)["title"] == "plugfest lab file"


def test_heavy_libraries_are_not_loaded_for_a_check() -> None:
    code = (
        "import sys; from plugfest.inventory.loader import load; load('embedded');"
        "print(sorted({'networkx', 'matplotlib', 'numpy', 'rich', 'paramiko'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"
