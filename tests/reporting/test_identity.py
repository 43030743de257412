"""A test keeps its identity, and so its history, from night to night."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from plugfest.reporting.labels import stable_key, suite_of, title_of
from tests.reporting.lab_project import LabProject


class _Relation(StrEnum):
    SAME_LEAF = "same_leaf"


@dataclass(frozen=True)
class _Pair:
    id: str
    firmware: str


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("h1:eth1<->leaf1:swp1", "h1:eth1<->leaf1:swp1"),
        (4096, "4096"),
        (None, "None"),
        (_Relation.SAME_LEAF, "same_leaf"),
        (_Pair("h1->h2", "28.41"), "h1->h2"),
        (object(), None),
    ],
)
def test_key_of_a_parameter(value: object, key: str | None) -> None:
    assert stable_key(value) == key


@pytest.mark.parametrize(
    ("nodeid", "suite"),
    [
        ("testsuites/l2/test_lldp.py::test_a[x::y]", "l2"),
        ("testsuites/rocev2/wire/test_icrc.py::test_a", "rocev2"),
        ("testsuites/test_loose.py::test_a", ""),
        ("tests/l2/test_lldp.py::test_a", ""),
    ],
)
def test_suite_of_a_test(nodeid: str, suite: str) -> None:
    assert suite_of(nodeid) == suite


def test_title_is_the_first_line() -> None:
    assert title_of("LLDP ages out.\n\nLong text.", "test_x") == "LLDP ages out"
    assert title_of(None, "test_lldp_ages_out") == "lldp ages out"


BODY = """
import pytest

class Pair:
    def __init__(self, id, firmware): self.id, self.firmware = id, firmware
    def __repr__(self): return f"Pair({{self.id}}, {{self.firmware}})"

class Opaque: pass

@pytest.mark.reference("IEEE 802.1AB-2016 8.5.8", url="https://standards.ieee.org/ieee/802.1AB/6047/")
@pytest.mark.reference("plain clause")
@pytest.mark.parametrize("pair", [Pair("h1->h2", "{firmware}")], ids=lambda pair: pair.id)
@pytest.mark.parametrize("traffic", [Opaque()], ids=["write"])
def test_verbs(pair, traffic): pass
"""


def test_firmware_does_not_change_identity(project: LabProject) -> None:
    project.write(BODY.format(firmware="28.41.1000"))
    project.run()
    [first] = project.results().values()
    project.write(BODY.format(firmware="28.42.9999"))
    project.run()
    [second] = project.results().values()

    assert first["uuid"] != second["uuid"]
    assert first["testCaseId"] == second["testCaseId"]
    parameters = {entry["name"]: entry for entry in second["parameters"]}
    assert parameters["pair"] == {"name": "pair", "value": "h1->h2"}
    assert parameters["traffic"] == {"name": "traffic", "value": "write-h1->h2"}
    assert parameters["NIC firmware"] == {"name": "NIC firmware", "value": "28.41.1000", "excluded": True}
    assert first["parameters"] == second["parameters"]


def test_links_lead_to_the_clause(project: LabProject) -> None:
    project.write(BODY.format(firmware="1"))
    project.run()
    [result] = project.results().values()
    [link] = result["links"]
    assert link["url"] == "https://standards.ieee.org/ieee/802.1AB/6047/"
    assert link["name"] == "IEEE 802.1AB-2016 8.5.8"
    references = {label["value"] for label in result["labels"] if label["name"] == "reference"}
    assert references == {"IEEE 802.1AB-2016 8.5.8", "plain clause"}


def test_wrong_root_folder_is_refused(project: LabProject) -> None:
    project.write("def test_a(): pass")
    answer = project.run("testsuites", f"--rootdir={project.root.parent}")
    assert answer.returncode == 4
    assert "would lose its history – start pytest in the project's folder" in answer.stderr


def test_results_go_where_the_user_says(project: LabProject) -> None:
    project.write("def test_a(): pass")
    night = project.root / "nights" / "one"
    junit = project.root / "ci.xml"
    assert project.run(f"--report-dir={night}", f"--junitxml={junit}").returncode == 0
    assert len(list((night / "allure-results").glob("*-result.json"))) == 1
    assert junit.is_file()
    assert not (project.root / "reports").exists()

    again = project.run(f"--report-dir={night}")
    assert again.returncode == 4
    assert f"{night / 'allure-results'} holds the results of another run – name a new folder" in again.stderr


def test_allure_folder_of_the_user_is_kept(project: LabProject) -> None:
    project.write("def test_a(): pass")
    chosen = project.root / "chosen"
    project.run(f"--alluredir={chosen}")
    assert len(list(chosen.glob("*-result.json"))) == 1
    assert (project.latest.path / "junit.xml").is_file()
