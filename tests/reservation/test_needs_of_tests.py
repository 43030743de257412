"""What pytest knows of a test's needs before anything is touched."""

from pathlib import Path

import pytest

from plugfest.reservation.needs import Needs
from tests.reporting.lab_project import LabProject
from tests.reservation.collected_needs import PROJECT, collected_needs

HOSTS = frozenset({"h1", "h2", "h3", "h4"})
SWITCHES = frozenset({"leaf1", "leaf2", "spine1", "spine2"})
WHOLE_LAB = Needs(exclusive=HOSTS, shared=SWITCHES)
CONFTEST = 'pytest_plugins = ["fixtures.options", "fixtures.selection", "fixtures.report", "fixtures.verdict"]\n'
SUITE = """
import pytest

@pytest.fixture(scope="session")
def devices(): return {}

@pytest.fixture
def change(): return print

@pytest.fixture
def inject(change): return change

@pytest.fixture(scope="module")
def tables(devices): return devices

@pytest.fixture
def plan(): return None

def test_traffic(host_pair, devices): pass
def test_injection(host_pair, inject): pass
def test_tables(link, tables): pass
def test_bystanders(host_pair, plan): pass
def test_nothing_in_particular(devices): pass
def test_port(host, devices): pass

@pytest.mark.skip(reason="no")
def test_skipped(host_pair): pass

@pytest.mark.parametrize("size", [1, 4096])
def test_sizes(switch, size): pass
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Needs]:
    root = tmp_path_factory.mktemp("project")
    project = LabProject(root)
    (root / "conftest.py").write_text(CONFTEST)
    project.write(SUITE)
    (root / "tests").mkdir()
    (root / "tests" / "test_harness.py").write_text("def test_harness(): pass\n")
    needs = collected_needs(root / "needs.json", root, "testsuites", "tests")
    return {test.partition("::")[2]: each for test, each in needs.items()}


def needs(exclusive: str = "", shared: str = "") -> Needs:
    return Needs(exclusive=frozenset(exclusive.split()), shared=frozenset(shared.split()))


def test_a_test_needs_the_devices_of_its_subject(found: dict[str, Needs]) -> None:
    assert found["test_traffic[h1->h2]"] == needs("h1 h2", "leaf1")
    assert found["test_traffic[h1->h4]"] == needs("h1 h4", "leaf1 leaf2 spine1 spine2")
    assert found["test_port[h3]"] == needs("h3")
    assert found["test_sizes[leaf2-4096]"] == needs(shared="leaf2")


def test_a_fixture_that_changes_devices_makes_switches_exclusive(found: dict[str, Needs]) -> None:
    assert found["test_injection[h1->h2]"] == needs("h1 h2 leaf1")


@pytest.mark.parametrize(
    "test", ["test_tables[h1:eth1<->leaf1:swp1]", "test_bystanders[h1->h2]", "test_nothing_in_particular"]
)
def test_whoever_can_reach_any_device_needs_the_whole_lab(found: dict[str, Needs], test: str) -> None:
    assert found[test] == WHOLE_LAB


def test_who_touches_nothing_needs_nothing(found: dict[str, Needs]) -> None:
    assert found["test_skipped[h1->h2]"] == Needs()
    assert found["test_harness"] == Needs()


def test_every_test_of_the_suites_needs_something(tmp_path: Path) -> None:
    found = collected_needs(tmp_path / "needs.json", PROJECT, "testsuites")
    assert len(found) > 250
    unconditional = [test for test in found if test.startswith(("testsuites/link/", "testsuites/rocev2/"))]
    assert [test for test in unconditional if not found[test].devices] == []
    assert found["testsuites/rocev2/test_verbs.py::test_connection_is_set_up[h1->h2]"] == needs("h1 h2", "leaf1")
    failover = "testsuites/resilience/test_link_failure.py::test_traffic_survives_link_failure"
    assert found[f"{failover}[leaf1:swp49<->spine1:swp1]"] == Needs(exclusive=HOSTS | SWITCHES)
