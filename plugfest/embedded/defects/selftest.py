"""Proves the harness: a healthy lab raises no alarm, and every seeded defect is caught by the test that names it."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from pydantic import computed_field

from plugfest.embedded.defects.registry import Defect
from plugfest.records import Record

PROJECT = Path(__file__).resolve().parents[3]
MINUTES = 60.0
LEAST_LOCATED = 0.9
"""Share of the defects whose place must be named."""
HEALTHY_MINUTES = 30
DEFECT_MINUTES = 8
JUDGED_DEFECTIVE = "[INTEROP]"
NOT_GREEN = (JUDGED_DEFECTIVE, "[COUNTER]", "[INCONCLUSIVE]", "[LAB]", "[HARNESS]")


class TestResult(Record):
    """How one test of a run ended."""

    __test__ = False  # not a pytest class

    test: str
    """pytest node id."""
    message: str
    """Why it did not pass; empty if it did."""
    skipped: bool = False


class Run(Record):
    """One pytest run."""

    results: tuple[TestResult, ...]
    seconds: float
    output: str
    """The end of what pytest printed."""

    @property
    def alarms(self) -> tuple[TestResult, ...]:
        """Everything that is neither passed nor skipped."""
        return tuple(result for result in self.results if result.message and not result.skipped)


class Proof(Record):
    """What became of one defect."""

    defect: str
    sits: str
    caught_by: str | None
    """The named test that failed; None if none of them did."""
    located: bool
    """The message names the culprit."""
    where: str | None
    """The words that name it."""
    spared: bool
    """Tests that the defect must leave alone passed."""
    seconds: float
    """From the start of the run to its verdict, putting the defect in place included."""
    message: str
    """What the test said, or the end of the run's output if it said nothing."""


class Score(Record):
    """The whole selftest."""

    healthy_runs: int
    false_alarms: tuple[str, ...]
    """Messages of tests that were not green in a healthy lab."""
    proofs: tuple[Proof, ...]

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def caught(self) -> int:
        """Defects that the test named for them caught."""
        return sum(proof.caught_by is not None for proof in self.proofs)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def located(self) -> int:
        """Defects whose place was named rightly."""
        return sum(proof.located for proof in self.proofs)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def percent(self) -> float:
        """Half for what was caught, half for what was located; 100 without any defect."""
        number = len(self.proofs)
        return round(50 * (self.caught + self.located) / number, 1) if number else 100.0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def good(self) -> bool:
        """All caught, at least 90 % located, no false alarm, nothing else disturbed."""
        enough = self.located >= LEAST_LOCATED * len(self.proofs)
        return (
            self.caught == len(self.proofs) and enough and not self.false_alarms and all(p.spared for p in self.proofs)
        )


Report = Callable[[str], None]
Pytest = Callable[[Sequence[str], float], Run]


def run_pytest(arguments: Sequence[str], timeout: float) -> Run:
    """Run the suites as a user does, in a process of their own, on the lab that is up."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="plugfest-selftest-") as folder:
        junit = Path(folder, "junit.xml")
        options = [f"--junitxml={junit}", f"--report-dir={folder}/run", "--no-html", "--keep-lab", "-q"]
        command = [sys.executable, "-m", "pytest", *arguments, *options, "-p", "no:cacheprovider"]
        output = _output_of(command, timeout)
        results = tuple(_results(junit)) if junit.exists() else ()
    return Run(results=results, seconds=time.monotonic() - began, output=output[-2000:])


def _output_of(command: Sequence[str], timeout: float) -> str:
    """What the command printed; one that does not end in time is killed, and that is told behind what it printed."""
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        printed = expired.stdout.decode(errors="replace") if isinstance(expired.stdout, bytes) else ""
        return f"{printed}\nthe run did not end within {timeout:g} s"
    return done.stdout


def _results(junit: Path) -> Iterator[TestResult]:
    for case in ElementTree.parse(junit).iter("testcase"):
        file = case.get("classname", "").replace(".", "/") + ".py"
        problems = [element for kind in ("failure", "error", "skipped") for element in case.findall(kind)]
        message = "\n".join(f"{element.get('message', '')}\n{element.text or ''}" for element in problems)
        skipped = any(element.tag == "skipped" for element in problems) and not message.startswith(NOT_GREEN)
        yield TestResult(test=f"{file}::{case.get('name', '')}", message=message, skipped=skipped)


def prove(defect: Defect, run: Pytest, extra: Sequence[str] = ()) -> Proof:
    """Impose one defect, run its tests, and see whether they say what is wrong."""
    arguments = [*defect.caught_by, *defect.leaves_alone, f"--defect={defect.name}", *extra]
    outcome = run(arguments, DEFECT_MINUTES * MINUTES)
    failed = {result.test: result for result in outcome.alarms}
    catching = [failed[test] for test in defect.caught_by if test in failed and _is_verdict(failed[test])]
    place = re.search(defect.names, catching[0].message) if catching else None
    message = catching[0].message if catching else "\n".join(r.message for r in outcome.alarms) or outcome.output
    green = {result.test for result in outcome.results if not result.message}
    return Proof(
        defect=defect.name,
        sits=defect.sits,
        caught_by=catching[0].test if catching else None,
        located=place is not None,
        where=" ".join(place[0].split()) if place else None,
        spared=all(test in green for test in defect.leaves_alone),
        seconds=outcome.seconds,
        message=message[:2000],
    )


def short_name(test: str) -> str:
    """A node id without the folder of its file."""
    file, _, name = test.partition("::")
    return f"{Path(file).name}::{name}"


def in_a_line(proof: Proof) -> str:
    """How one proof went, for people who wait for the next."""
    caught = f"caught by {short_name(proof.caught_by)}" if proof.caught_by else "MISSED"
    located = f", located: {proof.where}" if proof.where else ", not located" if proof.caught_by else ""
    spared = "" if proof.spared else ", OTHER TESTS DISTURBED"
    return f"{proof.defect}: {caught} after {proof.seconds:.0f} s{located}{spared}"


def _is_verdict(result: TestResult) -> bool:
    """A test has caught a defect only if it judged the devices, not if the lab fell over."""
    return JUDGED_DEFECTIVE in result.message or "[COUNTER]" in result.message


def healthy_alarms(runs: int, suites: Sequence[str], run: Pytest, report: Report) -> list[str]:
    """Messages of tests that were not green in so many runs of a healthy lab."""
    alarms: list[str] = []
    for number in range(1, runs + 1):
        outcome = run(list(suites), HEALTHY_MINUTES * MINUTES)
        found = [f"{result.test}: {result.message:.300}" for result in outcome.alarms]
        if not any(not result.message for result in outcome.results):
            found.append(f"run {number}: no test passed: {outcome.output[-500:]}")
        report(f"healthy run {number}: {len(outcome.results)} tests, {len(found)} alarms, {outcome.seconds:.0f} s")
        alarms += found
    return alarms


def sample(defects: Sequence[Defect], number: int | None) -> list[Defect]:
    """So many defects, spread evenly over the registry: the same ones every time; all of them for None."""
    if number is None or number >= len(defects):
        return list(defects)
    return [defects[index * len(defects) // number] for index in range(number)]
