"""How a night ends: report, summary, messages – each step on its own, so that none can take the results with it."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from plugfest.errors import PlugfestError
from plugfest.evidence.files import document, write_whole
from plugfest.nightly.junit_of_night import complete_junit
from plugfest.nightly.night import Night
from plugfest.nightly.plan import NightPlan
from plugfest.nightly.pytest_process import LOG, ORDERLY
from plugfest.nightly.summary import Ending, NightSummary, summary_of
from plugfest.quality.gate import QUALITY_GATE, QualityGate, read_quality_gate
from plugfest.sessions.redaction import redact

SUMMARY, SUMMARY_TEXT = "summary.json", "summary.txt"
NOT_TOLD = 20
"""Added to the exit status when a message could not be delivered."""
TAIL = 5
"""Last lines of the log that tell why a night was cut off before its first test."""
Say = Callable[[str], None]


def gate_of(plan: NightPlan) -> QualityGate:
    """The quality gate of the plan; RulesError with every mistake in it."""
    if plan.quality_gate:
        return read_quality_gate(Path(plan.quality_gate))
    return read_quality_gate(QUALITY_GATE) if QUALITY_GATE.is_file() else QualityGate()


def conclude(night: Night, gate: QualityGate, status: int, say: Say) -> int:
    """Finish the night after pytest has ended with `status`; the exit status of the command."""
    cut_off = _cut_off(night, status)
    if night.has_evidence:
        complete_junit(night.folder.junit, night.evidence)
    for step in (*([_remember] if cut_off else []), _report, _copy_junit):
        _try(step, night, say)
    summary = summary_of(night, gate, cut_off)
    write_whole(night.folder.path / SUMMARY, document(summary))
    write_whole(night.folder.path / SUMMARY_TEXT, summary.text().encode())
    if summary.ending is not Ending.CUT_OFF:
        night.end()
    _try(_thin, night, say)
    say(summary.text())
    undelivered = notify(night, summary, say)
    return summary.ending.exit_status + (NOT_TOLD if undelivered else 0)


def notify(night: Night, summary: NightSummary, say: Say) -> int:
    """Tell everybody whom the plan names; how many could not be told."""
    from plugfest.nightly.mail import send
    from plugfest.nightly.webhook import post

    finish = night.plan.finish
    messages = [partial(post, webhook, summary) for webhook in finish.webhooks]
    messages += [partial(send, finish.mail, summary)] if finish.mail else []
    failed = 0
    for message in messages:
        try:
            say(f"told: {message()}")
        except PlugfestError as error:
            failed += 1
            say(f"NOT TOLD: {redact(str(error))}")
    return failed


def _cut_off(night: Night, status: int) -> str | None:
    began = night.has_evidence and any(night.evidence.bundles())
    if status in ORDERLY and began:
        return None
    what = f"pytest was ended by signal {-status}" if status < 0 else f"pytest ended with exit status {status}"
    log = night.folder.path / LOG
    tail = log.read_text(encoding="utf-8").strip().splitlines()[-TAIL:] if log.is_file() else []
    said = "" if began else "".join(f"\n    {line}" for line in tail)
    return f"{what} – `plugfest nightly PLAN --resume` goes on from here{said}"


def _try(step: Callable[[Night, Say], None], night: Night, say: Say) -> None:
    """Whatever goes wrong at the end must not hide the results."""
    try:
        step(night, say)
    except (PlugfestError, OSError) as error:
        say(f"WARNING: {redact(str(error))}")


def _remember(night: Night, say: Say) -> None:
    """What a night that was cut off has found belongs into the matrix all the same."""
    from plugfest.history.database import open_database
    from plugfest.history.storing import store_run

    if night.has_evidence:
        with open_database() as database:
            store_run(database, night.evidence)


def _report(night: Night, say: Say) -> None:
    """pytest has built the report unless it was cut off or had nothing left to run."""
    from plugfest.reporting.allure_report import build_report

    if night.plan.finish.html and not _is_newer(night.folder.html, night.folder.results):
        url = str(night.plan.url) if night.plan.url else None
        say(f"report: {build_report(night.folder, base_url=url)}")


def _is_newer(html: Path, results: Path) -> bool:
    made = [path.stat().st_mtime for path in results.glob("*-result.json")]
    return (html / "index.html").is_file() and html.stat().st_mtime >= max(made, default=0.0)


def _copy_junit(night: Night, say: Say) -> None:
    if night.plan.finish.junit and night.folder.junit.is_file():
        target = Path(night.plan.finish.junit)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(night.folder.junit, target)


def _thin(night: Night, say: Say) -> None:
    """Old runs make room, by the plan's policy."""
    if night.plan.retention is not None:
        from plugfest.retention.applying import apply_policy

        for line in apply_policy(night.folder.path.parent, night.plan.retention).lines():
            say(line)
