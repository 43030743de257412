"""A whole night, from its plan to its last message."""

from pathlib import Path

from plugfest.errors import UsageError
from plugfest.inventory.loader import load
from plugfest.nightly import night as nights
from plugfest.nightly.conclusion import Say, conclude, gate_of
from plugfest.nightly.only_one import only_one
from plugfest.nightly.plan import NightPlan
from plugfest.nightly.pytest_process import LOG, command_of, run_tests
from plugfest.quality.gate import QualityGate
from plugfest.quality.known_issues import read_known_issues


def whole_night(file: Path, plan: NightPlan, resume: bool, say: Say) -> int:
    """Run it in the project's folder; exit status of the command.

    Every mistake in the files that the plan names is told before anything starts.
    """
    missing = [each for each in plan.arguments if not Path(each.split("::")[0]).exists()]
    if missing:
        raise UsageError(f"{missing[0]}: not found – start the night in the project's folder")
    load(plan.lab)
    if plan.known_issues:
        read_known_issues(Path(plan.known_issues))
    gate = gate_of(plan)
    with only_one(Path(plan.results)) as lock:
        return _run(file, plan, gate, resume, say, lock)


def _run(file: Path, plan: NightPlan, gate: QualityGate, resume: bool, say: Say, lock: int) -> int:
    night = nights.resume(file, plan) if resume else nights.begin(file, plan)
    say(f"night {night.folder.path}")
    seconds = max(0.0, plan.time_budget - night.so_far.seconds) + plan.overrun
    status = run_tests(command_of(night, file), night.folder.path / LOG, seconds, lock)
    return conclude(night, gate, status, say)
