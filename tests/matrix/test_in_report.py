"""The matrix is one click away from the report, and the report from the matrix."""

import threading
from pathlib import Path

import pytest

from plugfest.matrix.in_report import add_matrix
from plugfest.reporting.allure_report import build_report
from plugfest.reporting.server import report_server
from tests.evidence.lab_project import CONFTEST, SUITE
from tests.reporting.chromium import open_page
from tests.reporting.lab_project import LabProject


@pytest.mark.browser
def test_matrix_and_report_lead_to_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = f"sqlite:///{tmp_path / 'lab.db'}"
    monkeypatch.setenv("PLUGFEST_DB", database)
    project = LabProject(tmp_path / "project")
    (project.root / "conftest.py").write_text(CONFTEST.replace("]\n", '    "fixtures.history"]\n', 1))
    project.write(SUITE, "test_ports.py")
    project.run(PLUGFEST_DB=database)
    build_report(project.latest)
    with report_server(project.latest.html) as server, open_page(tmp_path / "profile") as page:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            origin = f"http://127.0.0.1:{server.server_port}"
            page.open(f"{origin}/index.html")
            page.wait_for(
                "document.body.innerText.includes('test_mtu_agrees') || document.body.innerText.includes('L2')"
            )
            page.evaluate("document.getElementById('interop-matrix').click()")
            page.wait_for("document.querySelector('button.cell.is-failed')")
            page.evaluate("document.querySelector('button.cell.is-failed').click()")
            page.evaluate("document.querySelector('#details-body .result a').click()")
            page.wait_for("document.body.innerText.includes('expected 4200, got 9000')")
            assert "/index.html#" in page.evaluate("location.href")
            assert page.complaints == []
            assert page.foreign_requests(origin) == []
        finally:
            server.shutdown()
            thread.join()


def test_a_run_that_no_database_knows_has_no_matrix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGFEST_DB", f"sqlite:///{tmp_path / 'lab.db'}")
    (tmp_path / "index.html").write_text("<body></body>")
    assert add_matrix("never-stored", tmp_path, tmp_path) is False
    assert (tmp_path / "index.html").read_text() == "<body></body>"
