"""The matrix page as people see it, in a real browser."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from plugfest.history.database import open_database
from plugfest.matrix.axes import Axis
from plugfest.matrix.entries import collect
from plugfest.matrix.page import allure_page, render, write_page
from plugfest.matrix.pivot import pivot
from tests.matrix.synthetic_lab import add_run, equipment, fill, result
from tests.reporting.chromium import Page, open_page

pytestmark = pytest.mark.browser
READY = "document.querySelector('#matrix button.cell')"
SHOTS = os.environ.get("PLUGFEST_SCREENSHOTS")
"""Folder where screenshots are kept, as continuous integration wants them."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_page(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of twenty NICs × twenty switches over seven nights."""
    folder = tmp_path_factory.mktemp("large")
    with open_database(f"sqlite:///{folder / 'lab.db'}") as database:
        fill(database, 20, 20)
        return write_page(database, "latest", folder / "matrix.html")


@pytest.fixture
def opened(page: Page, large: Path) -> Page:
    """The large matrix, freshly opened at 1366×768."""
    page.requests.clear()
    page.complaints.clear()
    page.open("about:blank")
    page.open(large.as_uri())
    page.wait_for(READY)
    return page


def _shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(Path(SHOTS) / f"{name}.png")


def test_the_page_opens_from_a_file_and_asks_nobody(opened: Page, large: Path) -> None:
    _shot(opened, "matrix")
    assert opened.complaints == []
    assert opened.requests == [large.as_uri()]
    assert "http" not in large.read_text().replace("http-equiv", "")


def test_twenty_by_twenty_cells_fit_a_laptop_without_sideways_scrolling(opened: Page) -> None:
    size = opened.evaluate(
        """(() => { const box = document.querySelector('.scroller');
            const small = [...document.querySelectorAll('button.cell')].filter(
                (cell) => cell.clientWidth < 50 || cell.clientHeight < 18);
            return {columns: document.querySelectorAll('th.column').length, wide: box.scrollWidth - box.clientWidth,
                    rows: document.querySelectorAll('tbody tr').length, small: small.length,
                    page: document.documentElement.scrollWidth - innerWidth,
                    font: parseFloat(getComputedStyle(document.querySelector('.ratio')).fontSize)}; })()"""
    )
    assert (size["columns"], size["rows"]) == (20, 20)
    assert (size["wide"], size["page"], size["small"]) == (0, 0, 0)
    assert size["font"] >= 11


def test_a_failed_cell_is_red_and_one_click_from_its_reason(opened: Page) -> None:
    colour = opened.evaluate(
        """(() => { const cell = document.querySelector('button.cell.is-failed');
            const [red, green, blue] = getComputedStyle(cell).backgroundColor.match(/[0-9]+/g).map(Number);
            cell.click();
            return {red: red > green + 30 && red > blue + 30, sign: cell.querySelector('.sign').textContent}; })()"""
    )
    assert colour == {"red": True, "sign": "✗"}
    text = opened.evaluate("document.getElementById('details').innerText")
    assert "leaf1:swp1 priority 3 drops – expected 0, got 1418 packets" in text
    _shot(opened, "matrix-reasons")


def test_the_browser_groups_as_python_does(opened: Page, tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'lab.db'}") as database:
        fill(database, 20, 20)
        entries = collect(database, "latest").entries
    for rows, columns in [(Axis.NIC, Axis.SWITCH), (Axis.NOS, Axis.SUITE), (Axis.CASE, Axis.MEDIUM)]:
        shown = opened.evaluate(
            f"choose({{rows: '{rows}', columns: '{columns}'}}), "
            "[...document.querySelectorAll('button.cell')].map((cell) => cell.getAttribute('aria-label'))"
        )
        expected = {
            f"{cell.row} × {cell.column}: {cell.outcome}, {cell.passed} of {cell.total} passed"
            + (f", {cell.new} new today" if cell.new else "")
            + (f", {cell.fixed} fixed today" if cell.fixed else "")
            + (f", {cell.flaky} flaky" if cell.flaky else "")
            + (f", last tested {cell.age} runs ago" if cell.age else "")
            for cell in pivot(entries, rows, columns).cells
        }
        assert set(shown) == expected
        assert len(shown) == len(expected)


def _press(page: Page, key: str) -> None:
    more = {"windowsVirtualKeyCode": 13, "text": "\r"} if key == "Enter" else {}
    page.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, **more)
    page.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key)


def test_the_keyboard_reaches_every_cell_and_its_results(opened: Page) -> None:
    assert opened.evaluate("document.querySelectorAll('button.cell[tabindex=\"0\"]').length") == 1
    opened.evaluate("document.querySelector('button.cell').focus()")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert opened.evaluate(focused).startswith("Acme A-9 × Canyon 3")
    _press(opened, "ArrowRight")
    assert opened.evaluate(focused).startswith("Acme A-9 × Canyon 4")
    _press(opened, "ArrowDown")
    assert "Calyx" in opened.evaluate(focused)  # Borealis has no cell there, so it is passed over
    _press(opened, "ArrowUp")
    _press(opened, "Enter")
    opened.wait_for("document.getElementById('details').open")
    assert opened.evaluate("document.getElementById('details-title').textContent") == "Acme A-9 × Canyon 4"
    opened.call("Input.dispatchKeyEvent", type="keyDown", key="Escape", code="Escape", windowsVirtualKeyCode=27)
    opened.wait_for("!document.getElementById('details').open")
    assert opened.evaluate(focused).startswith("Acme A-9 × Canyon 4")


def test_a_screen_reader_hears_a_grid_with_names(opened: Page) -> None:
    opened.call("Accessibility.enable")
    nodes = opened.call("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node.get("ignored")]
    assert roles.count("rowheader") == 20
    assert roles.count("columnheader") == 21
    controls = [node for node in nodes if node.get("role", {}).get("value") in ("button", "combobox", "searchbox")]
    assert len(controls) > 380
    assert [node for node in controls if not node["name"]["value"]] == []


def test_filters_show_what_is_asked_for(opened: Page) -> None:
    cells = "document.querySelectorAll('button.cell').length"
    everything = opened.evaluate(cells)
    opened.evaluate("choose({only: 'new'})")
    fresh = opened.evaluate(cells)
    assert 0 < fresh < everything
    assert opened.evaluate("document.querySelectorAll('button.cell .mark').length") == fresh
    opened.evaluate("choose({only: '', find: 'nothing like this'})")
    assert "Nothing matches." in opened.text()


def test_print_shows_the_matrix_and_every_reason_but_no_controls(opened: Page) -> None:
    opened.call("Emulation.setEmulatedMedia", media="print")
    try:
        text = opened.text()
        _shot(opened, "matrix-print")
    finally:
        opened.call("Emulation.setEmulatedMedia", media="")
    assert "What did not pass" in text
    assert "Juniper Tree JT9" in text
    assert opened.evaluate("document.querySelectorAll('#printed .result').length") > 40


def test_links_lead_to_evidence_and_report_that_exist(page: Page, database: Session, tmp_path: Path) -> None:
    run = add_run(database, 0, [result("kept", "failed"), result("gone", "failed")])
    run.folder = str(tmp_path / "run" / "evidence")
    run.results[0].allure = "6f0d3b2e-0000-4000-8000-000000000001"
    (tmp_path / "run" / "evidence" / "kept").mkdir(parents=True)
    (tmp_path / "run" / "html").mkdir()
    (tmp_path / "run" / "html" / "index.html").touch()
    database.flush()
    page.open(write_page(database, "latest", tmp_path / "run" / "matrix.html").as_uri())
    page.wait_for(READY)
    page.evaluate("document.querySelector('button.cell').click()")
    links = page.evaluate("[...document.querySelectorAll('#details-body a')].map((link) => link.getAttribute('href'))")
    assert links == [f"html/index.html#{allure_page('6f0d3b2e-0000-4000-8000-000000000001')}", "evidence/kept/"]
    assert "evidence no longer kept" in page.evaluate("document.getElementById('details-body').innerText")


def test_names_and_reasons_are_text_never_markup(page: Page, database: Session, tmp_path: Path) -> None:
    evil = "</script><img src=x onerror=document.title='owned'>"
    hostile = result("test", "failed", equipment(0, 0).model_copy(update={"media": (evil,)}))
    hostile.reason = hostile.title = evil
    add_run(database, 0, [hostile])
    target = tmp_path / "matrix.html"
    target.write_text(render(collect(database, "latest"), target, Axis.MEDIUM, Axis.NIC))
    page.open(target.as_uri())
    page.wait_for(READY)
    page.evaluate("document.querySelector('button.cell').click()")
    assert evil in page.evaluate("document.getElementById('details-body').innerText")
    assert "owned" not in page.evaluate("document.title")
    embedded = json.loads(page.evaluate("document.getElementById('data').textContent"))
    assert embedded["entries"][0]["reason"] == evil
