"""How a lab run ends: exit status, JUnit, HTML report, summary."""

import shlex
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from plugfest.reporting.environment import write_executor
from plugfest.reporting.junit import separate_errors
from plugfest.reporting.progress import Progress
from plugfest.reporting.run_folder import RunFolder
from plugfest.reporting.summary import render_summary

GREEN_OR_EMPTY = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
NARROWEST = 100
"""Columns; a log file has no width of its own."""


class RunEnd:
    """pytest plugin of lab runs, only in the main process of a distributed run."""

    def __init__(self, run: RunFolder, progress: Progress, html: bool, base_url: str | None) -> None:
        self._run = run
        self._tally = progress.tally
        self._html = html
        self._base_url = base_url
        self._last_words: list[str] = []

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """After everyone else has finished: a run that judged nothing is not green, and the report is built."""
        result = yield
        if session.exitstatus in GREEN_OR_EMPTY and not self._tally.judged:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
            self._last_words.append("Nothing was judged, so this run is not green (exit status 5).")
        junit = Path(session.config.option.xmlpath)
        if junit.is_file():
            separate_errors(junit)
        self._last_words += [f"JUnit:   {junit}", f"results: {self._run.results}"]
        if self._html and self._tally.lines:
            self._build(session.config)
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Cells × suites, why something did not pass, and where the report is."""
        if self._tally.lines:
            terminalreporter.write_sep("=", "devices under test × suites")
            width = max(shutil.get_terminal_size().columns, NARROWEST)
            terminalreporter.write_line(render_summary(self._tally, width, terminalreporter.hasmarkup))
        for line in self._last_words:
            terminalreporter.write_line(line)

    def _build(self, config: pytest.Config) -> None:
        from plugfest.reporting.allure_report import build_report

        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line("\nbuilding the HTML report …")
        write_executor(self._run)
        try:
            page = build_report(self._run, base_url=self._base_url)
        except Exception as error:  # whatever goes wrong here must not hide the results
            self._last_words.append(f"NO HTML REPORT: {error}")
            return
        self._last_words.append(f"report:  {page}")
        self._last_words.append(f"to read: plugfest report serve {shlex.quote(str(page.parent))}")
