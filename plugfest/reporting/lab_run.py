"""Decides whether a pytest run touches a lab, and if so makes its folder and registers the reporting plugins."""

import os
from functools import partial
from pathlib import Path

import allure_commons
import pytest

from plugfest.errors import UsageError
from plugfest.reporting.environment import Environment, harness_facts
from plugfest.reporting.fixture_steps import FixtureSteps
from plugfest.reporting.labels import SUITES_FOLDER
from plugfest.reporting.progress import Progress
from plugfest.reporting.run_end import RunEnd
from plugfest.reporting.run_folder import PRIVATE, RunFolder, new_run_folder
from plugfest.reporting.running_test import RunningTest

ENVIRONMENT = pytest.StashKey[Environment]()
RUN = pytest.StashKey[RunFolder]()
RUNS_NOTHING = ("help", "version", "markers", "collectonly", "showfixtures", "show_fixtures_per_test", "cacheshow")

WORKER_FOLDERS = "plugfest_folders"


def is_lab_run(config: pytest.Config) -> bool:
    """True if the arguments reach into the suites and tests will really run."""
    if any(config.getoption(option, None) for option in (*RUNS_NOTHING, "setuponly", "setupplan")):
        return False
    suites = config.rootpath / SUITES_FOLDER
    paths = [(config.invocation_params.dir / str(argument).split("::")[0]).resolve() for argument in config.args]
    return suites.is_dir() and any(_touch(path, suites.resolve()) for path in paths)


def start_lab_run(config: pytest.Config) -> None:
    """Choose the run's folder, tell Allure and JUnit where to write, register our plugins."""
    worker = hasattr(config, "workerinput")
    run = _given_folder(config) if worker else _choose_folder(config)
    config.stash[RUN] = run
    config.stash[ENVIRONMENT] = Environment(None if worker else run.results)
    _register_running_test(config, run)
    if worker:
        return
    config.stash[ENVIRONMENT].add(harness_facts())
    progress = Progress()
    config.pluginmanager.register(progress, "plugfest_progress")
    end = RunEnd(run, progress, html=not config.getoption("--no-html"), base_url=config.getoption("--report-url"))
    config.pluginmanager.register(end, "plugfest_run_end")
    _one_line_per_test(config)


def check_identity(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Names of tests start at the root folder; with another root the report would lose the history of every test."""
    strays = [item for item in items if SUITES_FOLDER in item.path.parts and not item.nodeid.startswith(SUITES_FOLDER)]
    if strays:
        raise pytest.UsageError(
            f"pytest takes {config.rootpath} for the root folder, so {strays[0].nodeid} would lose its history – "
            "start pytest in the project's folder and write --alluredir=DIR and --report-dir=DIR with an equals sign"
        )


def _touch(path: Path, suites: Path) -> bool:
    return path == suites or suites in path.parents or path in suites.parents


def _choose_folder(config: pytest.Config) -> RunFolder:
    given, alluredir = config.getoption("--report-dir"), config.option.allure_report_dir
    path = Path(given).absolute() if given else new_run_folder(config.rootpath / "reports" / "out").path
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    run = RunFolder(path, Path(alluredir).absolute() if alluredir else None)
    may_hold_results = config.option.clean_alluredir or config.getoption("--continue-run")
    if any(run.results.glob("*-result.json")) and not may_hold_results:
        raise UsageError(f"{run.results} holds the results of another run – name a new folder or add --clean-alluredir")
    config.option.allure_report_dir = os.fspath(run.results)
    config.option.xmlpath = config.option.xmlpath or os.fspath(run.junit)
    return run


def tell_worker(config: pytest.Config, workerinput: dict[str, object]) -> None:
    """Give a process of a distributed run the folder that the main process chose; it knows the arguments only."""
    if RUN in config.stash:
        run = config.stash[RUN]
        workerinput[WORKER_FOLDERS] = [os.fspath(run.path), os.fspath(run.results)]


def _given_folder(config: pytest.Config) -> RunFolder:
    path, results = vars(config)["workerinput"][WORKER_FOLDERS]
    config.option.allure_report_dir = results
    return RunFolder(Path(path), Path(results))


def _register_running_test(config: pytest.Config, run: RunFolder) -> None:
    running = RunningTest(config, run)
    config.pluginmanager.register(running, "plugfest_running_test")
    for name, plugin in (("plugfest_running_test", running), ("plugfest_fixture_steps", FixtureSteps())):
        allure_commons.plugin_manager.register(plugin, name)
        config.add_cleanup(partial(allure_commons.plugin_manager.unregister, name=name))


def _one_line_per_test(config: pytest.Config) -> None:
    """Our summary names everything that did not pass, so pytest's own is not needed."""
    config.option.verbose = config.option.verbose or 1
    if not any(str(argument).startswith("-r") for argument in config.invocation_params.args):
        config.option.reportchars = ""
