"""A run is green only if something was judged and nothing is wrong."""

import pytest

from tests.reporting.lab_project import LabProject

HEAD = "import pytest\nfrom plugfest.errors import Inconclusive, InteropFailure, LabError\n"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("def test_a(): pass", 0),
        ("def test_a(): pass\ndef test_b(): pytest.skip('no capability')", 0),
        ("def test_a(): raise InteropFailure('no')", 1),
        ("def test_a(): raise LabError('no')", 1),
        ("def test_a(): raise Inconclusive('no')", 1),
        ("def test_a(): pass\ndef test_b(): raise Inconclusive('no')", 1),
        ("def test_a(): pytest.skip('no capability')", 5),
        ("@pytest.mark.xfail(reason='IOP-12')\ndef test_a(): raise InteropFailure('no')", 5),
        ("", 5),
    ],
)
def test_exit_status(project: LabProject, body: str, status: int) -> None:
    project.write(HEAD + body)
    assert project.run().returncode == status


@pytest.mark.parametrize("body", ["def test_a(): pytest.skip('no capability')", ""])
def test_nothing_judged_is_said(project: LabProject, body: str) -> None:
    project.write(HEAD + body)
    assert "Nothing was judged, so this run is not green (exit status 5)." in project.run().stdout


def test_harness_tests_leave_no_report(project: LabProject) -> None:
    (project.root / "tests").mkdir()
    (project.root / "tests" / "test_own.py").write_text("def test_own(): pass\n")
    (project.root / "conftest.py").write_text('pytest_plugins = ["fixtures.report"]\n')
    answer = project.run("tests", "--rootdir=.", "--ignore=testsuites")
    assert answer.returncode == 0
    assert not (project.root / "reports").exists()


@pytest.mark.parametrize("option", ["--collect-only", "--help", "--markers", "--fixtures"])
def test_asking_pytest_leaves_no_report(project: LabProject, option: str) -> None:
    project.write("def test_a(): pass")
    assert project.run(option).returncode == 0
    assert not (project.root / "reports").exists()
