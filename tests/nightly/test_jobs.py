"""The ready-made jobs: each is checked by the tool that would read it, and by what it promises."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from plugfest.nightly.plan import read_plan
from tests.reporting.lab_project import REPOSITORY

JOBS = REPOSITORY / "templates" / "jobs"
COMMAND = "plugfest nightly templates/jobs/nightly.yaml"
ARCHIVED = ("html", "matrix.html", "summary", "night.log", "allure-results", "evidence")


def test_the_example_plan_is_good_and_names_what_exists() -> None:
    plan = read_plan(JOBS / "nightly.yaml")
    assert plan.arguments == ("testsuites",)
    for path in (*plan.gate, *plan.suites, plan.known_issues, plan.quality_gate):
        assert (REPOSITORY / str(path)).exists()
    assert plan.retention is not None
    assert plan.retention.disk_budget == 200 * 2**30


def test_every_entry_of_the_example_plan_is_explained() -> None:
    guide = (REPOSITORY / "docs" / "nightly.md").read_text()
    entries = YAML(typ="safe").load((JOBS / "nightly.yaml").read_text())
    assert [entry for entry in entries if f"`{entry}`" not in guide] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing – apt install systemd")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = tmp_path / "plugfest"
    program.symlink_to(sys.executable)
    for name in ("plugfest-nightly.service", "plugfest-nightly.timer"):
        text = (JOBS / name).read_text()
        (tmp_path / name).write_text(text.replace("/opt/plugfest/.tox/plugfest/bin/plugfest", str(program)))
    command = [
        "systemd-analyze",
        "verify",
        "--man=no",
        "--recursive-errors=yes",
        str(tmp_path / "plugfest-nightly.timer"),
    ]
    good = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (good.returncode, good.stderr) == (0, "")
    service = tmp_path / "plugfest-nightly.service"
    service.write_text(service.read_text().replace("KillMode=mixed", "KilMode=mixed"))
    assert "KilMode" in subprocess.run(command, capture_output=True, text=True, timeout=60).stderr


def test_the_service_keeps_what_it_writes_private() -> None:
    lines = (JOBS / "plugfest-nightly.service").read_text().splitlines()
    assert {"UMask=0077", "StateDirectoryMode=0700", "NoNewPrivileges=yes", "KillMode=mixed"} <= set(lines)
    [start] = [line for line in lines if line.startswith("ExecStart=")]
    assert start.endswith(COMMAND)


def check_gitlab(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci",
               "--data-transform", "gitlab-ci", str(file)]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_gitlab_accepts_the_pipeline(tmp_path: Path) -> None:
    answer = check_gitlab(JOBS / "gitlab-ci.yml")
    assert answer.returncode == 0, answer.stdout
    wrong = tmp_path / "gitlab-ci.yml"
    wrong.write_text((JOBS / "gitlab-ci.yml").read_text().replace("when: always", "when: sometimes"))
    assert check_gitlab(wrong).returncode == 1
    job = YAML(typ="safe").load((JOBS / "gitlab-ci.yml").read_text())["plugfest-nightly"]
    assert job["script"] == [f"./run {COMMAND}"]
    assert job["allow_failure"] == {"exit_codes": [20]}
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"]["junit"] == read_plan(JOBS / "nightly.yaml").finish.junit
    assert all(any(what in path for path in job["artifacts"]["paths"]) for what in ARCHIVED)


def groovy_errors(source: bytes) -> int:
    import tree_sitter_groovy
    from tree_sitter import Language, Node, Parser

    def errors(node: Node) -> int:
        return (node.is_error or node.is_missing) + sum(map(errors, node.children))

    return errors(Parser(Language(tree_sitter_groovy.language())).parse(source).root_node)


def test_jenkins_can_parse_the_pipeline() -> None:
    source = (JOBS / "Jenkinsfile").read_bytes()
    assert groovy_errors(source) == 0
    assert groovy_errors(source.replace(b"stage('Night') {", b"stage('Night' {{")) > 0
    text = source.decode()
    assert text.index("stage('Check the plan')") < text.index("stage('Night')") < text.index("post {")
    assert f"./run {COMMAND}" in text
    assert f"'{read_plan(JOBS / 'nightly.yaml').finish.junit}'" in text
    archive = next(line for line in text.splitlines() if "archiveArtifacts" in line)
    assert all(what in archive for what in ARCHIVED)


def test_no_job_holds_a_secret() -> None:
    for file in JOBS.iterdir():
        text = file.read_text().lower()
        assert "password=" not in text
        assert "bearer " not in text
