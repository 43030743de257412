"""The report generator is installed once, needs no network afterwards, and tells when it cannot be had."""

import json
import shutil
from pathlib import Path

import pytest

from plugfest.errors import MissingToolError, UsageError
from plugfest.reporting.allure_report import ReportError, build_report
from plugfest.reporting.generator import REPORTS, Generator
from plugfest.reporting.run_folder import RunFolder
from tests.reporting.lab_project import LabProject

NOWHERE = "http://127.0.0.1:9"
"""The discard port: nothing listens."""


@pytest.fixture
def no_registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """npm with an empty cache and a registry that refuses connections."""
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))


def _fresh_generator(folder: Path) -> Generator:
    folder.mkdir()
    for name in ("package.json", "package-lock.json", "allurerc.mjs", "awesome_without_analytics.mjs"):
        shutil.copy(REPORTS / name, folder)
    return Generator(folder)


def _run_with_one_result(folder: Path) -> RunFolder:
    run = RunFolder(folder)
    run.results.mkdir(parents=True)
    result = {"uuid": "1", "name": "test_a", "fullName": "l2#test_a", "status": "passed", "start": 1000, "stop": 2000}
    (run.results / "1-result.json").write_text(json.dumps(result))
    return run


def test_lock_file_names_no_registry() -> None:
    lock = json.loads((REPORTS / "package-lock.json").read_text())
    assert len(lock["packages"]) > 100
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
    assert lock["packages"]["node_modules/allure"]["version"] == "3.18.0"


@pytest.mark.usefixtures("no_registry")
def test_missing_registry_is_told(tmp_path: Path) -> None:
    generator = _fresh_generator(tmp_path / "reports")
    with pytest.raises(MissingToolError) as caught:
        generator.install()
    assert not generator.installed
    message = str(caught.value)
    assert message.startswith(f"the report generator could not be installed in {tmp_path / 'reports'}; npm said:\n")
    assert "ECONNREFUSED" in message
    assert "The test results are complete." in message


@pytest.mark.usefixtures("no_registry")
def test_installed_generator_needs_no_registry(tmp_path: Path) -> None:
    Generator().install()
    page = build_report(_run_with_one_result(tmp_path / "night"))
    assert page.read_text().startswith("<!DOCTYPE html>")


def test_changed_lock_file_is_installed_anew(tmp_path: Path) -> None:
    Generator().install()
    generator = _fresh_generator(tmp_path / "reports")
    assert not generator.installed
    (generator.reports / "node_modules").mkdir()
    shutil.copy(REPORTS / "node_modules" / ".installed-from", generator.reports / "node_modules")
    assert generator.installed
    lock = generator.reports / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert not generator.installed


def test_page_without_analytics(tmp_path: Path) -> None:
    page = build_report(_run_with_one_result(tmp_path / "night"))
    assert "googletagmanager" not in page.read_text()


def test_page_that_would_load_analytics_is_refused(tmp_path: Path) -> None:
    """Negative control: with the stock plugin the check has something to find."""
    Generator().install()
    generator = _fresh_generator(tmp_path / "reports")
    (generator.reports / "node_modules").symlink_to(REPORTS / "node_modules")
    rc = generator.reports / "allurerc.mjs"
    rc.write_text(rc.read_text().replace("import: fileURLToPath", "// import: fileURLToPath"))
    run = _run_with_one_result(tmp_path / "night")
    with pytest.raises(ReportError, match="would load googletagmanager in the reader's browser"):
        build_report(run, generator=generator)
    assert not run.html.exists()


def test_broken_configuration_is_told_and_keeps_the_old_report(tmp_path: Path) -> None:
    run = _run_with_one_result(tmp_path / "night")
    old = build_report(run).read_text()
    generator = _fresh_generator(tmp_path / "reports")
    (generator.reports / "node_modules").symlink_to(REPORTS / "node_modules")
    (generator.reports / "allurerc.mjs").write_text("export default { categoriez: [] };\n")
    with pytest.raises(ReportError, match="unsupported fields: categoriez"):
        build_report(run, generator=generator)
    assert (run.html / "index.html").read_text() == old
    assert {path.name for path in run.path.iterdir()} == {"allure-results", "html"}


def test_nothing_to_report(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.results.mkdir()
    with pytest.raises(UsageError, match="no test result in it"):
        build_report(run)


def test_single_file_holds_everything(tmp_path: Path) -> None:
    out = tmp_path / "mail"
    page = build_report(_run_with_one_result(tmp_path / "night"), out, single_file=True)
    assert page == out / "index.html"
    assert [path.name for path in out.iterdir() if path.suffix in (".js", ".css")] == []
    assert not (out / "data").exists()
    assert page.stat().st_size > 1_000_000


def test_built_again_a_run_has_one_history_point(tmp_path: Path) -> None:
    run = _run_with_one_result(tmp_path / "night")
    for _ in range(2):
        build_report(run, base_url="http://127.0.0.1:8000/nights")
    [point] = [json.loads(path.read_text()) for path in run.history.glob("*.json")]
    assert point["timestamp"] == 1000
    assert point["url"] == "http://127.0.0.1:8000/nights/night/html/index.html"


def test_failing_report_does_not_hide_the_results(project: LabProject) -> None:
    project.write("def test_a():\n    from plugfest.reporting import generator\n    generator.NODE = 'none'\n")
    answer = project.run(html=True)
    assert answer.returncode == 0
    assert "NO HTML REPORT: [Errno 2] No such file or directory" in answer.stdout
    assert "1 passed" in answer.stdout
    assert len(project.results()) == 1
