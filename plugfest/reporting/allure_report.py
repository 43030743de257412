"""Builds the HTML report of a run with Allure 3: into a fresh folder, checked, then put in place."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from plugfest.errors import PlugfestError, UsageError
from plugfest.matrix.in_report import add_matrix
from plugfest.reporting.generator import Generator
from plugfest.reporting.history import join_history, keep_point
from plugfest.reporting.in_flight import recover_in_flight
from plugfest.reporting.run_folder import RunFolder

GENERATION_SECONDS = 900
FOREIGN = "googletagmanager"


class ReportError(PlugfestError):
    """The report generator failed; the results are untouched."""

    exit_code = 7


def build_report(
    run: RunFolder,
    out: Path | None = None,
    single_file: bool = False,
    base_url: str | None = None,
    generator: Generator | None = None,
) -> Path:
    """Build the report of `run` in `out` (default: its html folder) and return the page to open.

    `base_url` is where the folder of all runs is served; with it a test's history links to its earlier reports.
    Tests that a killed run left behind are reported as interrupted.  Raises UsageError if there is no result,
    MissingToolError if the generator cannot be installed, ReportError if it fails.
    """
    recover_in_flight(run)
    if not any(run.results.glob("*-result.json")):
        raise UsageError(f"{run.results}: no test result in it, so there is nothing to report")
    generator = generator or Generator()
    generator.install()
    out = (out or run.html).resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as scratch:
        fresh = Path(scratch) / "report"
        _generate(generator, run, fresh, single_file, base_url)
        _check(fresh)
        if not single_file:
            add_matrix(run.run_id, fresh, out)
        _put_in_place(fresh, out)
    return out / "index.html"


def _generate(generator: Generator, run: RunFolder, fresh: Path, single_file: bool, base_url: str | None) -> None:
    joined = fresh.with_name("history.jsonl")
    join_history(run.history, run.run_id, joined)
    environment = {"PLUGFEST_HISTORY": str(joined), "PLUGFEST_SINGLE_FILE": "1" if single_file else "0"}
    url = [f"--history-base-url={base_url.rstrip('/')}/{run.run_id}/html/"] if base_url else []
    arguments = ("generate", "--config=allurerc.mjs", f"--output={fresh}", f"--name={run.run_id}", *url)
    try:
        said = generator.run(*arguments, str(run.results), environment=environment, seconds=GENERATION_SECONDS)
    except subprocess.CalledProcessError as error:
        raise ReportError(f"the report generator ended with exit status {error.returncode}:\n{error.stdout}") from None
    except subprocess.TimeoutExpired:
        raise ReportError(f"the report generator did not end within {GENERATION_SECONDS} s") from None
    if not (fresh / "index.html").is_file():
        raise ReportError(f"the report generator made no page; it said:\n{said}")
    keep_point(joined, run.history, run.run_id, run.results)


def _check(fresh: Path) -> None:
    """The generator logs a failing plugin and still ends with status 0, so look at what it made."""
    if FOREIGN in (fresh / "index.html").read_text():
        raise ReportError(f"the page would load {FOREIGN} in the reader's browser")


def _put_in_place(fresh: Path, out: Path) -> None:
    old = fresh.with_name("old")
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)
