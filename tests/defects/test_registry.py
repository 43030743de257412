import ast
import re
import subprocess
from pathlib import Path

import pytest

from plugfest.embedded.defects.registry import CATALOGUE, Defect, check_places, find, load_defects
from plugfest.embedded.defects.steps import CommandStep, RuleStep, WrapStep
from plugfest.errors import InventoryError, UsageError
from plugfest.inventory.loader import load

PROJECT = CATALOGUE.parents[3]
DEFECTS = load_defects()
ENTRY = """\
defects:
  {name}:
    description: A test of the registry
    sits: leaf1
    stands_for: nothing
    steps: [{{on: leaf1, do: "true", undo: "true"}}]
    caught_by: tests/x.py::test_y
    names: leaf1
"""


def entry(folder: Path, text: str) -> Path:
    file = folder / "more.yaml"
    file.write_text(text)
    return file


def test_the_registry_covers_all_layers() -> None:
    assert len(DEFECTS) >= 40
    suites = {test.split("/")[1] for defect in DEFECTS.values() for test in defect.caught_by}
    assert suites >= {"link", "l2", "routing", "rocev2", "recovery", "congestion"}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=list(DEFECTS))
def test_every_defect_fits_the_embedded_lab(defect: Defect) -> None:
    check_places(load("embedded").lab, defect)
    re.compile(defect.names)
    assert all(change.do and change.undo for change in defect.changes)


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=list(DEFECTS))
def test_the_tests_that_catch_it_exist(defect: Defect) -> None:
    for test in (*defect.caught_by, *defect.leaves_alone):
        file, _, function = test.partition("::")
        tree = ast.parse((PROJECT / file).read_text())
        names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        assert function.partition("[")[0] in names


RULES = {name: step for name, defect in DEFECTS.items() for step in defect.steps if isinstance(step, RuleStep)}


@pytest.mark.parametrize("name", RULES)
def test_rules_are_accepted_by_nftables(name: str, own_network: None) -> None:
    script = RULES[name].change(name).do[0][1].replace(f'"{RULES[name].port.port}"', '"lo"')
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--net", "nft", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_rules_become_one_table_of_the_port() -> None:
    step = RuleStep.model_validate({"port": "leaf1:swp1", "leaving": "drop", "arriving": ["accept", "drop"]})
    change = step.change("my-defect")
    assert change.do[0][1].endswith(
        "table netdev plugfest_defect_my_defect_swp1 {\n"
        '  chain leaving {\n    type filter hook egress device "swp1" priority 10; policy accept;\n    drop\n  }\n'
        "  chain arriving {\n"
        '    type filter hook ingress device "swp1" priority 10; policy accept;\n    accept\n    drop\n  }\n}'
    )
    assert change.device == "leaf1"


def test_commands_are_split_without_a_shell() -> None:
    step = CommandStep(on="h1", do=("sh -c 'echo $$; true'",), undo=("true",))
    assert step.change("x").do == (("sh", "-c", "echo $$; true"),)


def test_a_wrapped_program_lies(tmp_path: Path) -> None:
    step = WrapStep(on="h1", program="echo", arguments="s/one/two/", answer="s/t/T/")
    (shell, option, script), *_ = step.change("x").do
    assert (shell, option) == ("sh", "-c")
    script = script.replace("/usr/local/sbin/echo", str(tmp_path / "echo"))
    subprocess.run(["sh", "-c", script], check=True)
    done = subprocess.run([tmp_path / "echo", "one", "three"], capture_output=True, text=True, check=True)
    assert done.stdout == "Two three\n"


def test_a_further_file_adds_defects(tmp_path: Path) -> None:
    more = load_defects(entry(tmp_path, ENTRY.format(name="mine")))
    assert set(more) == {*DEFECTS, "mine"}
    assert find("mine", more).caught_by == ("tests/x.py::test_y",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY.format(name="port-down"), "defect port-down exists already"),
        (ENTRY.format(name="mine").replace("sits: leaf1", "seat: leaf1"), "defect mine: sits: Field required"),
        (ENTRY.format(name="mine").replace("steps: [", "steps: [{on: leaf1}, "), "defect mine: steps"),
        ("defects: [", "cannot be read"),
        ("other: {}", "defects: Field required"),
    ],
)
def test_wrong_files_are_told_in_words(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InventoryError, match=re.escape(message)):
        load_defects(entry(tmp_path, text))


def test_unknown_names_and_devices_are_usage_errors() -> None:
    with pytest.raises(UsageError, match=r"no defect 'nothing'; known defects: .*port-down"):
        find("nothing", DEFECTS)
    with pytest.raises(UsageError, match="which lab example-hardware does not have"):
        check_places(load("example_hardware").lab, DEFECTS["mtu-1500-on-host"])
