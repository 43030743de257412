"""Writes the bundle of every test when it ends, and keeps what shared fixtures said to the devices."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plugfest.evidence.bundle_writer import BundleWriter
from plugfest.evidence.cell import DevicesUnderTest
from plugfest.evidence.content import JSON, Content
from plugfest.evidence.records import Bundle
from plugfest.evidence.run_record import this_harness
from plugfest.evidence.shared_files import SharedFiles
from plugfest.reporting.attachments import attach_file, attach_transcript
from plugfest.reporting.labels import case_of, label_cell_of, stable_key, suite_of, title_of
from plugfest.reporting.outcomes import Tag, TestOutcome
from plugfest.reporting.progress import CELL
from plugfest.reporting.running_test import allure_result
from plugfest.reporting.stamp import Stamp
from plugfest.sessions.transcript import Transcript
from plugfest.verdicts.judgement import Judgement

WRITER = pytest.StashKey[BundleWriter]()
TRANSCRIPT = pytest.StashKey[Transcript]()
JUDGED = pytest.StashKey[list[Judgement]]()
KNOWN_ISSUE = pytest.StashKey[str]()
CellOf = Callable[[pytest.Item], DevicesUnderTest]


class EvidenceRecorder:
    """pytest plugin of lab runs, in every process that runs tests."""

    def __init__(self, evidence: Path, run: str, lab: str, cell_of: CellOf) -> None:
        self._evidence = evidence
        self._run = run
        self._lab = lab
        self._cell_of = cell_of
        self._cell = DevicesUnderTest()
        self._stamps: list[Stamp] = []
        self._shared = SharedFiles(evidence)
        self._setting_up: list[str] = []
        self._writer: BundleWriter | None = None
        self._pool: Any = None
        self._allure: str | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Open the bundle before the test, close it when even its tear-down is over or it was interrupted."""
        if not suite_of(item.nodeid):
            return (yield)
        started = datetime.now(UTC)
        self._stamps, self._allure = [], None
        self._cell = self._cell_of(item)
        item.stash[WRITER] = self._writer = BundleWriter(self._evidence, item.nodeid)
        item.stash[JUDGED] = []
        try:
            return (yield)
        finally:
            self._finish(item, started)

    def attach(self, name: str, content: Content, media_type: str) -> None:
        """Keep a file for the test that runs, or for every test that asks for the fixture that is being set up."""
        if self._setting_up:
            self._shared.keep(self._setting_up[-1], name, content, media_type)
        elif self._writer is not None:
            self._writer.attach(name, content, media_type)

    def lost(self, item: pytest.Item, reason: str) -> None:
        """The process that ran a test died: all that is left to keep is that."""
        self._cell, self._allure = self._cell_of(item), None
        self._stamps = [Stamp(outcome=TestOutcome.BROKEN, reason=reason, test_seconds=0, run_seconds=0)]
        bundle = self._bundle(item, datetime.now(UTC))
        BundleWriter(self._evidence, item.nodeid).finish(bundle, [], Transcript(), [])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Name the cell wherever the test is reported, before anything can fail or skip it."""
        result = allure_result(item.config)
        self._allure = result.uuid
        if suite_of(item.nodeid) and CELL not in dict(item.user_properties):
            item.user_properties.append((CELL, self._cell.id))
            label_cell_of(result, self._cell, self._cell.facts())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """When all fixtures have ended, show their evidence with the test itself: theirs would be one click away."""
        try:
            return (yield)
        finally:
            for file, path in item.stash[WRITER].attached if WRITER in item.stash else ():
                attach_file(path, file.name, file.media_type)
            if TRANSCRIPT in item.stash and item.stash[TRANSCRIPT].results:
                attach_transcript(item.stash[TRANSCRIPT].text())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a phase of the test ended."""
        stamp = Stamp.on(report)
        if stamp and (report.when == "call" or stamp.outcome is not TestOutcome.PASSED):
            self._stamps.append(stamp)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Record what fixtures shared by several tests say to the devices: those tests rest on it."""
        if self._pool is None or fixturedef.scope == "function":
            result = yield
            if fixturedef.argname == "pool":
                self._pool = result
            return result
        self._shared.begin(fixturedef.argname)
        self._setting_up.append(fixturedef.argname)
        try:
            with self._pool.recording() as transcript:
                return (yield)
        finally:
            self._setting_up.pop()
            if transcript.results:
                self._shared.keep(fixturedef.argname, "transcript.json", transcript.to_json(), JSON)

    def _finish(self, item: pytest.Item, started: datetime) -> None:
        self._writer = None
        shared = self._shared.of(getattr(item, "fixturenames", []))
        transcript = item.stash.get(TRANSCRIPT, Transcript())
        item.stash[WRITER].finish(self._bundle(item, started), item.stash[JUDGED], transcript, shared)

    def _bundle(self, item: pytest.Item, started: datetime) -> Bundle:
        outcome, reason = self._ending()
        return Bundle(
            run=self._run,
            lab=self._lab,
            test=item.nodeid,
            title=title_of(
                getattr(getattr(item, "function", None), "__doc__", None), getattr(item, "originalname", item.name)
            ),
            suite=suite_of(item.nodeid),
            case=case_of(item),
            references=tuple(str(mark.args[0]) for mark in item.iter_markers("reference")),
            parameters=_parameters(item),
            cell=self._cell,
            outcome=outcome,
            reason=reason,
            known_issue=item.stash.get(KNOWN_ISSUE, None),
            started=started,
            ended=datetime.now(UTC),
            harness=this_harness(),
            allure=self._allure,
        )

    def _ending(self) -> tuple[TestOutcome, str]:
        """The worst phase decides, as everywhere; no phase at all means that pytest itself was stopped."""
        if not self._stamps:
            return TestOutcome.BROKEN, f"{Tag.INTERRUPTED} the test was stopped before it began"
        worst = max(self._stamps, key=lambda stamp: stamp.outcome.rank)
        return worst.outcome, worst.reason


def _parameters(item: pytest.Item) -> dict[str, str]:
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return {}
    return {name: stable_key(value) or callspec.id for name, value in callspec.params.items()}
