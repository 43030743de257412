"""Runs go from evidence into the database and come out as timelines."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from plugfest.errors import UsageError
from plugfest.evidence.folder import EvidenceFolder
from plugfest.history.database import DatabaseError, open_database
from plugfest.history.queries import find_run, timelines
from plugfest.history.storing import store_run
from plugfest.history.tables import Figure, Result, Run
from plugfest.reporting.outcomes import TestOutcome
from tests.evidence.lab_project import SUITE, recorded_run
from tests.matrix.synthetic_lab import add_run, equipment, result

FIGURES = """
from plugfest.inventory.models import Link
from plugfest.verdicts import lldp


def test_figures(link, judge, evidence):
    from plugfest.verdicts.judgement import Judgement
    verdict = lldp.matches_cabling(link, {})
    figures = {"convergence_s": 0.25, "lost": float("inf")}
    judge._judgements.append(Judgement(
        check="plugfest.verdicts.lldp:matches_cabling",
        observations={"link": link.model_dump(mode="json"), "tables": {}},
        verdict=verdict.model_copy(update={"figures": figures})))
"""


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> EvidenceFolder:
    return recorded_run(tmp_path_factory.mktemp("run"), SUITE)[1]


def test_every_result_is_stored_with_cell_outcome_and_evidence(database: Session, run_folder: EvidenceFolder) -> None:
    run = store_run(database, run_folder)
    stored = {each.test: each for each in database.query(Result)}
    assert len(stored) == 16
    failed = stored["testsuites/l2/test_ports.py::test_mtu_agrees[h3:eth1<->leaf2:swp1]"]
    assert (failed.outcome, failed.case, failed.suite) == ("failed", "L2-07", "l2")
    assert (failed.nic, failed.switch, failed.medium, failed.peer) == (
        "Linux Soft-RoCE", "Linux bridge and router", "veth", "–",
    )  # fmt: skip
    assert Path(run.folder, failed.bundle, "bundle.json").is_file()
    assert run.seal is not None


def test_a_run_is_stored_once_however_often(database: Session, run_folder: EvidenceFolder) -> None:
    for _ in range(3):
        store_run(database, run_folder)
    assert database.query(Run).count() == 1
    assert database.query(Result).count() == 16


def test_figures_are_stored_if_they_are_numbers(tmp_path: Path, database: Session) -> None:
    store_run(database, recorded_run(tmp_path, FIGURES)[1])
    assert {(figure.name, figure.value) for figure in database.query(Figure)} == {("convergence_s", 0.25)}
    assert database.query(Figure).count() == 8


def test_a_timeline_says_what_changed_with_an_outcome(database: Session) -> None:
    add_run(database, 0, [result("lldp", "passed", equipment(0, 0, firmware="7"))])
    add_run(database, 1, [result("lldp", "failed", equipment(0, 0, firmware="8"))], harness="0.2.0 (def456)")
    [timeline] = timelines(database, "L2-01", find_run(database, "latest"), 10)
    assert [point.outcome for point in timeline.points] == [TestOutcome.PASSED, TestOutcome.FAILED]
    assert timeline.points[1].changed == (
        "NIC firmware 28.40.7 → 28.40.8",
        "peer firmware 28.40.7 → 28.40.8",
        "harness 0.1.0 (abc123) → 0.2.0 (def456)",
    )
    assert not timeline.flaky


def test_timelines_are_found_by_case_cell_or_test(database: Session) -> None:
    add_run(database, 0, [result("a[h1]", "passed"), result("b[h2]", "passed", equipment(1, 4))])
    newest = find_run(database, "night-00")
    assert [each.test for each in timelines(database, "Ridge 7", newest, 5)] == ["b[h2]"]
    assert [each.test for each in timelines(database, "[h1]", newest, 5)] == ["a[h1]"]
    assert len(timelines(database, "L2-01", newest, 5)) == 2
    with pytest.raises(UsageError, match="no result of a case, cell or test like '%'"):
        timelines(database, "%", newest, 5)


def test_an_unknown_run_says_how_to_store_it(database: Session) -> None:
    with pytest.raises(UsageError, match="plugfest history --add RUN"):
        find_run(database, "latest")


def test_a_database_of_another_format_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lab.db'}"
    with open_database(url):
        pass
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE format SET version = 99"))
    with pytest.raises(DatabaseError, match="has format 99, this version reads 1"), open_database(url):
        pass


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite:////nowhere/at/all/lab.db", "postgresql://user:canary@127.0.0.1:1/x"]
)
def test_a_database_out_of_reach_is_one_clear_error_without_the_password(url: str) -> None:
    with pytest.raises(DatabaseError) as raised, open_database(url):
        pass
    assert "canary" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_changes_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lab.db'}"
    with pytest.raises(RuntimeError, match="power cut"), open_database(url) as database:
        add_run(database, 0, [result("a", "passed")])
        raise RuntimeError("power cut")
    with open_database(url) as database:
        assert database.query(Run).count() == 0


def _plugfest(database: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    variables = os.environ | {"PLUGFEST_DB": f"sqlite:///{database}"}
    command = [sys.executable, "-m", "plugfest", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_the_commands_work_on_a_run_that_was_moved_here(run_folder: EvidenceFolder, tmp_path: Path) -> None:
    moved = shutil.copytree(run_folder.path.parent, tmp_path / run_folder.run.run)
    database = tmp_path / "lab.db"
    stored = _plugfest(database, "history", "--add", moved)
    assert (stored.returncode, stored.stdout) == (0, f"stored {moved.name}\n"), stored.stderr
    shown = _plugfest(database, "history", "h3:eth1")
    assert "✗  testsuites/l2/test_ports.py::test_mtu_agrees[h3:eth1<->leaf2:swp1]" in shown.stdout
    assert "leaf2:swp1 MTU in bytes – expected 4200, got 9000" in shown.stdout
    same = _plugfest(database, "compare", "latest", moved)
    assert same.returncode == 0, same.stderr
    assert "0 outcomes changed, 16 the same" in same.stdout
    table = _plugfest(database, "matrix", "--columns", "case")
    assert "| Linux Soft-RoCE | ✗ 2/4 | ✓ 4/4 |" in table.stdout, table.stdout
    page = _plugfest(database, "matrix", "--html", tmp_path / "matrix.html")
    assert page.stdout.strip() == str(tmp_path / "matrix.html")
    missing = _plugfest(database, "compare", "latest", "yesterday")
    assert (missing.returncode, missing.stdout) == (2, "")
