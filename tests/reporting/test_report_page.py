"""The HTML report as people see it: real Chromium, real pages, no request to anywhere else."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plugfest.reporting.allure_report import build_report
from plugfest.reporting.server import report_server
from tests.reporting.chromium import Page, chromium_program, open_page
from tests.reporting.lab_project import LabProject
from tests.reporting.nights import lab_of_many_nights

pytestmark = pytest.mark.browser
FAILING = "test_both_ends_agree[h7:eth1<->leaf2:swp7]"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> LabProject:
    """Two nights of the same sixty tests."""
    project = lab_of_many_nights(tmp_path_factory.mktemp("lab"))
    for night in ("one", "two"):
        answer = project.run(f"--report-dir=nights/{night}", html=True)
        assert answer.returncode == 1, answer.stdout
        assert "56 passed" in answer.stdout
    return project


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with report_server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def origin(lab: LabProject) -> Iterator[str]:
    with _served(lab.root / "nights" / "two" / "html") as address:
        yield address


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with open_page(tmp_path / "profile") as page:
        yield page


def _keep(page: Page, name: str, tmp_path: Path) -> None:
    """Screenshots of a CI run are kept where PLUGFEST_SCREENSHOTS says."""
    shot = tmp_path / f"{name}.png"
    page.screenshot(shot)
    assert shot.read_bytes().startswith(b"\x89PNG")
    if kept := os.environ.get("PLUGFEST_SCREENSHOTS"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        shutil.copy(shot, kept)


def _is_clean(page: Page, origin: str) -> None:
    assert page.complaints == []
    assert page.foreign_requests(origin) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_overview(page: Page, origin: str, tmp_path: Path) -> None:
    page.open(f"{origin}/index.html")
    page.wait_for_text(FAILING)
    text = page.text()
    assert "Layer 2" in text
    assert "RoCEv2 on the wire" in text
    counts = dict(zip(["Total", "Failed", "Broken", "Passed", "Skipped"], ["60", "1", "2", "56", "1"], strict=True))
    for name, count in counts.items():
        assert f"{name}\n{count}\n" in text
    assert len(page.requests) > 10
    _is_clean(page, origin)
    _keep(page, "overview", tmp_path)


def test_failure_is_one_click_away(page: Page, origin: str, tmp_path: Path) -> None:
    page.open(f"{origin}/index.html")
    page.click(FAILING)
    page.wait_for_text("[INTEROP] Both ends have one MTU: failed")
    text = page.text()
    assert "h7:eth1<->leaf2:swp7 MTU – expected 4200, got 1500" in text
    assert "Category: Interop defect" in text
    assert "RFC 7938 5.2" in text
    assert "ConnectX-7 × Jericho3 × AOC" in text
    assert "History\n1" in text.replace("History 1", "History\n1")
    _is_clean(page, origin)
    _keep(page, "failure", tmp_path)


def test_evidence_is_shown_in_place(page: Page, origin: str, tmp_path: Path) -> None:
    page.open(f"{origin}/index.html")
    page.click(FAILING)
    page.click("verdicts")
    in_frame = "[...document.querySelectorAll('iframe')].some(f => f.contentDocument.body.innerText.includes('{}'))"
    page.wait_for(in_frame.format("ping 4200 bytes"))
    page.click("packets over time")
    page.wait_for("[...document.querySelectorAll('img')].some(i => i.src.startsWith('blob:') && i.naturalWidth > 300)")
    page.click("transcript")
    page.wait_for_text("$ ip -j link show eth1")
    assert "application/vnd.tcpdump.pcap" in page.text()
    _is_clean(page, origin)
    page.evaluate("document.querySelector('iframe').scrollIntoView()")
    _keep(page, "evidence", tmp_path)


def test_categories_tell_whose_fault(page: Page, origin: str, tmp_path: Path) -> None:
    page.open(f"{origin}/index.html#categories")
    for name in ("Interop defect", "Inconclusive evidence", "Lab trouble"):
        page.wait_for_text(name)
    assert "Product errors" not in page.text()
    _is_clean(page, origin)
    _keep(page, "categories", tmp_path)


def test_figures_are_shown(page: Page, origin: str) -> None:
    page.open(f"{origin}/index.html#metrics")
    page.wait_for_text("L2-02 both ends agree [h7:eth1<->leaf2:swp7]: convergence")
    assert "0.31 s" in page.text()
    _is_clean(page, origin)


def test_single_file_opens_without_server(lab: LabProject, page: Page, tmp_path: Path) -> None:
    from plugfest.reporting.run_folder import existing_run_folder

    mail = build_report(existing_run_folder(lab.root / "nights" / "two"), tmp_path / "mail", single_file=True)
    page.open(mail.as_uri())
    page.wait_for_text(FAILING)
    assert page.foreign_requests(f"file://{tmp_path}") == []
    assert page.complaints == []


def test_missing_browser_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="apt install chromium"):
        chromium_program()


def test_foreign_requests_and_complaints_are_noticed(page: Page, tmp_path: Path) -> None:
    """Negative control: a page that does both."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(
        '<body>ready<script async src="https://statistics.invalid/count.js"></script><script>nothing()</script>'
    )
    with _served(site) as origin:
        page.open(f"{origin}/index.html")
        page.wait_for("document.readyState === 'complete'")
        assert page.foreign_requests(origin) == ["https://statistics.invalid/count.js"]
        assert any("nothing is not defined" in complaint for complaint in page.complaints)
