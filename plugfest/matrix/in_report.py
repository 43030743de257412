"""Puts the matrix into an Allure report, one click away from every page."""

from pathlib import Path

from plugfest.errors import PlugfestError

PAGE = "matrix.html"
LINK = (
    f'<a id="interop-matrix" href="{PAGE}" style="position:fixed;right:16px;bottom:16px;z-index:99;padding:8px 16px;'
    'border-radius:18px;background:#0b57d0;color:#fff;font:600 14px system-ui,sans-serif;text-decoration:none;'
    'box-shadow:0 2px 8px rgb(0 0 0/.3)">▦ Interop matrix</a>'
)  # fmt: skip


def add_matrix(run: str, report: Path, home: Path) -> bool:
    """Add the matrix of a run to `report`, a folder that will lie at `home`; False if no database knows the run."""
    from plugfest.history.database import open_database
    from plugfest.matrix.axes import Axis
    from plugfest.matrix.entries import collect
    from plugfest.matrix.page import render

    try:
        with open_database() as database:
            entries = collect(database, run)
    except PlugfestError:
        return False
    page = render(entries, home / PAGE, Axis.NIC, Axis.SWITCH, report_follows=True)
    (report / PAGE).write_text(page, encoding="utf-8")
    index = report / "index.html"
    before, body_end, after = index.read_text(encoding="utf-8").rpartition("</body>")
    index.write_text(f"{before}{LINK}{body_end}{after}", encoding="utf-8")
    return True
