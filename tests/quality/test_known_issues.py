"""Known issues: attributed until a date, never hiding anything."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from plugfest.evidence.folder import evidence_of
from plugfest.quality.document import RulesError
from plugfest.quality.known_issues import KNOWN_ISSUES, KnownIssues, read_known_issues
from plugfest.reporting.outcomes import TestOutcome
from tests.evidence.lab_project import CONFTEST, SUITE, recorded_run
from tests.reporting.lab_project import LabProject

REPOSITORY = Path(__file__).parents[2]
TODAY = date(2026, 3, 1)
ISSUE = """
version: 1
issues:
  - id: {id}
    match: {match}
    reason: The jumbo MTU is forgotten at boot
    link: https://tracker.example/IOP-12
    owner: firmware team
    until: {until}
"""
ALWAYS = "2999-12-31"


def _issues(tmp_path: Path, match: str = "{cases: [L2-07]}", until: str = ALWAYS, name: str = "IOP-12") -> Path:
    file = tmp_path / "known_issues.yaml"
    file.write_text(ISSUE.format(id=name, match=match, until=until))
    return file


def _project(tmp_path: Path) -> LabProject:
    project = LabProject(tmp_path / "project")
    (project.root / "conftest.py").write_text(CONFTEST.replace("]\n", '    "fixtures.known_issues"]\n', 1))
    project.write(SUITE, "test_ports.py")
    return project


def _run(tmp_path: Path, until: str) -> tuple[dict[str, TestOutcome], dict[str, str | None], str, int]:
    issues = _issues(tmp_path, until=until)
    project = _project(tmp_path)
    answer = project.run(f"--known-issues={issues}")
    records = [bundle.record for bundle in evidence_of(project.latest.path).bundles() if bundle.record.case == "L2-07"]
    outcomes = {record.parameters["link"]: record.outcome for record in records}
    names = {record.parameters["link"]: record.known_issue for record in records}
    return outcomes, names, answer.stdout, answer.returncode


def test_a_known_failure_is_judged_shown_and_does_not_make_the_run_red(tmp_path: Path) -> None:
    outcomes, names, said, status = _run(tmp_path, ALWAYS)
    assert status == 0, said
    assert outcomes["h3:eth1<->leaf2:swp1"] is TestOutcome.KNOWN_ISSUE
    assert names["h3:eth1<->leaf2:swp1"] == "IOP-12"
    assert "KNOWN ISSUE L2-07" in said
    assert "leaf2:swp1 MTU in bytes – expected 4200, got 9000" in said
    assert "[KNOWN] IOP-12 The jumbo MTU is forgotten at boot – https://tracker.example/IOP-12" in said


def test_allure_and_junit_know_it_too(tmp_path: Path) -> None:
    issues = _issues(tmp_path)
    project = _project(tmp_path)
    project.run(f"--known-issues={issues}")
    name = "test_mtu_agrees[h3:eth1<->leaf2:swp1]"
    result = project.results()[name]
    assert result["status"] == "skipped"
    assert result["statusDetails"]["message"].startswith("XFAIL [KNOWN] IOP-12")
    skipped = project.junit()[name].find("skipped")
    assert skipped is not None
    assert "IOP-12" in skipped.attrib["message"]


def test_a_pass_although_listed_is_reported(tmp_path: Path) -> None:
    outcomes, names, said, _ = _run(tmp_path, ALWAYS)
    assert outcomes["h1:eth1<->leaf1:swp1"] is TestOutcome.PASSED
    assert names["h1:eth1<->leaf1:swp1"] == "IOP-12"
    assert "PASSES although listed as known issue IOP-12: testsuites/l2/test_ports.py::test_mtu_agrees[h1" in said


def test_an_expired_issue_fails_again_and_says_why(tmp_path: Path) -> None:
    outcomes, names, said, status = _run(tmp_path, "2020-01-31")
    assert status == 1
    assert outcomes["h3:eth1<->leaf2:swp1"] is TestOutcome.FAILED
    assert names["h3:eth1<->leaf2:swp1"] is None
    assert "known issue IOP-12 expired on 2020-01-31 – ask firmware team" in said


def test_the_last_day_still_counts(tmp_path: Path) -> None:
    issues = read_known_issues(_issues(tmp_path, until=str(TODAY)))
    found = issues.of("L2-07", "any cell", "any test", TODAY)
    assert found is not None
    assert not found.expired(TODAY)
    assert found.expired(TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ("{cases: [L2-*]}", True),
        ("{cases: [PHY-01, L2-07]}", True),
        ("{cases: [L2-07], cells: ['* × Ridge 5, *']}", True),
        ("{cases: [L2-07], cells: ['Zenith*']}", False),
        ("{tests: ['testsuites/l2/*?h1:eth1<->leaf1:swp1?']}", True),
        ("{cases: [l2-07]}", False),
    ],
)
def test_patterns(tmp_path: Path, match: str, fits: bool) -> None:
    issues = read_known_issues(_issues(tmp_path, match))
    cell, test = "Acme A-9 × Ridge 5, OpenNOS 2024.05 × DAC", "testsuites/l2/test_x.py::test_y[h1:eth1<->leaf1:swp1]"
    assert (issues.of("L2-07", cell, test, TODAY) is not None) is fits


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("match: {match}", "match: {{}}"), "known_issues.yaml:5: issues.0.match: Value error, expected cases, cells"),
        (("until: {until}", "until: some day"), "known_issues.yaml:9: issues.0.until: Input should be a valid date"),
        (("owner: firmware team", "boss: me"), "known_issues.yaml:8: issues.0.boss: Extra inputs are not permitted"),
        (("link: https", "link: ftp"), "known_issues.yaml:7: issues.0.link: URL scheme should be 'http' or 'https'"),
        (("version: 1", "version: 2"), "known_issues.yaml:2: version: Input should be 1"),
        (("issues:", "issues: *all"), "known_issues.yaml"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    file = tmp_path / "known_issues.yaml"
    file.write_text(ISSUE.replace(*change).format(id="IOP-12", match="{cases: [L2-07]}", until=ALWAYS))
    with pytest.raises(RulesError) as raised:
        read_known_issues(file)
    assert told in str(raised.value)


def test_an_id_stands_for_one_issue(tmp_path: Path) -> None:
    file = _issues(tmp_path)
    file.write_text(file.read_text() + file.read_text().partition("issues:\n")[2])
    with pytest.raises(RulesError, match="expected each id once, found IOP-12 again"):
        read_known_issues(file)


def test_the_file_of_the_repository_is_right() -> None:
    assert isinstance(read_known_issues(REPOSITORY / KNOWN_ISSUES), KnownIssues)


def test_a_wrong_file_stops_the_run_before_any_test(tmp_path: Path) -> None:
    file = _issues(tmp_path, until="never")
    project = _project(tmp_path)
    answer = project.run(f"--known-issues={file}")
    assert answer.returncode == 4
    assert "issues.0.until: Input should be a valid date" in answer.stderr


def test_runs_without_the_file_know_no_issue(tmp_path: Path) -> None:
    _, evidence = recorded_run(tmp_path)
    assert {bundle.record.known_issue for bundle in evidence.bundles()} == {None}
