"""The pages of a real run with a seeded failure, as people see them: red where it broke, the reason one click away.

``PLUGFEST_SCREENSHOTS=docs/images pytest tests/suites/test_pages.py`` takes the pictures of README.md and docs.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugfest.embedded.state import RunningLab
from plugfest.reporting.server import report_server
from tests.reporting.chromium import Page, open_page
from tests.suites.conftest import MINUTES, PROJECT

pytestmark = [pytest.mark.lab, pytest.mark.browser]
DEFECT = "naks-dropped"
FAILING = "test_mid_message_loss[h1->h3]"
SELECTION = (f"testsuites/recovery/test_request_loss.py::{FAILING}", "testsuites/link", "testsuites/l2/test_lldp.py")
REASON = "h1 resends from PSN"
RED = """(() => { const cell = document.querySelector('button.cell.is-failed');
    const [red, green, blue] = getComputedStyle(cell).backgroundColor.match(/[0-9]+/g).map(Number);
    return red > green + 30 && red > blue + 30; })()"""
SHOWN_PICTURE = "[...document.querySelectorAll('img')].some(i => i.src.startsWith('blob:') && i.naturalWidth > 300)"


@pytest.fixture(scope="module")
def run(embedded_lab: RunningLab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a run of three suites while negative acknowledgements vanish."""
    folder = tmp_path_factory.mktemp("pages") / "run"
    options = [f"--report-dir={folder}", "--keep-lab", f"--defect={DEFECT}", "-q"]
    environment = {**os.environ, "PLUGFEST_DB": f"sqlite:///{folder.parent / 'lab.db'}"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *SELECTION, *options],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=10 * MINUTES,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert FAILING in done.stdout
    return folder


@pytest.fixture
def origin(run: Path) -> Iterator[str]:
    """Address of the run's report, served as people serve it."""
    with report_server(run / "html") as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A browser window of 1366×768."""
    with open_page(tmp_path / "profile") as page:
        yield page


def _keep(page: Page, name: str, tmp_path: Path) -> None:
    page.screenshot(Path(os.environ.get("PLUGFEST_SCREENSHOTS", tmp_path)) / f"{name}.png")


def _fits_and_is_silent(page: Page) -> None:
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_the_failing_cell_is_red_and_one_click_from_its_reason(run: Path, page: Page, tmp_path: Path) -> None:
    page.open((run / "matrix.html").as_uri())
    page.wait_for("document.querySelector('button.cell')")
    page.evaluate("choose({rows: 'cell', columns: 'suite'})")
    _keep(page, "embedded-matrix", tmp_path)
    colours = page.evaluate("[...document.querySelectorAll('button.cell')].map(cell => cell.className)")
    assert len(colours) > 3
    assert sum("is-failed" in colour for colour in colours) == 1
    assert page.evaluate(RED)
    page.evaluate("document.querySelector('button.cell.is-failed').click()")
    assert REASON in page.evaluate("document.getElementById('details').innerText")
    assert page.requests == [(run / "matrix.html").as_uri()]
    _fits_and_is_silent(page)
    _keep(page, "embedded-matrix-reason", tmp_path)


def test_the_report_shows_the_failure_its_reason_and_its_plot(origin: str, page: Page, tmp_path: Path) -> None:
    page.open(f"{origin}/index.html")
    page.wait_for_text(FAILING)
    page.wait_for_text("Passed")
    _keep(page, "report", tmp_path)
    page.click(FAILING)
    page.wait_for_text("[INTEROP]")
    assert REASON in page.text()
    _keep(page, "report-failure", tmp_path)
    page.click("packet sequence over time.png")  # among the attachments of the test itself
    page.wait_for(SHOWN_PICTURE)
    page.evaluate("[...document.querySelectorAll('img')].at(-1).scrollIntoView({block: 'center'})")
    _keep(page, "report-plot", tmp_path)
    assert page.foreign_requests(origin) == []
    _fits_and_is_silent(page)


def test_matrix_and_report_are_one_click_apart(origin: str, page: Page) -> None:
    page.open(f"{origin}/index.html")
    page.wait_for_text(FAILING)
    page.evaluate("document.getElementById('interop-matrix').click()")
    page.wait_for("document.querySelector('button.cell.is-failed')")
    page.evaluate("document.querySelector('button.cell.is-failed').click()")
    page.evaluate("document.querySelector('#details-body .result a').click()")
    page.wait_for_text(REASON)
    assert "/index.html#" in page.evaluate("location.href")
    _fits_and_is_silent(page)
