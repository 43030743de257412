"""The matrix as one HTML page that opens from a file and asks nobody for anything."""

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from plugfest.evidence.bundle_writer import TRANSCRIPT
from plugfest.evidence.files import write_whole
from plugfest.history.symbols import SYMBOLS
from plugfest.matrix.axes import AXIS_TITLES, Axis
from plugfest.matrix.entries import NIGHTS, Entry, RunEntries, collect
from plugfest.reporting.environment import REPOSITORY
from plugfest.reporting.outcomes import TestOutcome

TEMPLATES = REPOSITORY / "templates" / "matrix"


def write_page(
    database: Session,
    run: str,
    page: Path,
    rows: Axis = Axis.NIC,
    columns: Axis = Axis.SWITCH,
    nights: int = NIGHTS,
    report_follows: bool = False,
) -> Path:
    """Write the matrix of a run's lab as it was after that run.

    Links lead from the page to evidence and reports that exist; with `report_follows` also to the report of the run,
    which is still to be built.
    """
    write_whole(page, render(collect(database, run, nights), page, rows, columns, report_follows).encode())
    return page


def render(entries: RunEntries, page: Path, rows: Axis, columns: Axis, report_follows: bool = False) -> str:
    """The page's HTML; `page` is where it will lie."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    fresh = entries.run if report_follows else None
    data = {
        "nights": entries.nights,
        "axes": [{"key": axis.value, "title": AXIS_TITLES[axis]} for axis in Axis],
        "rows": rows.value,
        "columns": columns.value,
        "outcomes": [{"key": each.value, "sign": SYMBOLS[each]} for each in reversed(TestOutcome)],
        "entries": [_data(entry, page, fresh) for entry in entries.entries],
    }
    return environment.get_template("matrix.html.j2").render(run=entries, data=data)


def _data(entry: Entry, page: Path, fresh: str | None) -> dict[str, Any]:
    plain = entry.model_dump(mode="json", exclude={"bundle", "report", "allure"})
    report = entry.report / "index.html"
    has_report = entry.allure and (entry.run == fresh or report.is_file())
    plain["evidence"] = _link(entry.bundle, page) + "/" if entry.bundle.is_dir() else ""
    plain["evidence_path"] = str(entry.bundle)
    plain["thinned"] = entry.bundle.is_dir() and not (entry.bundle / TRANSCRIPT).is_file()
    plain["allure"] = f"{_link(report, page)}#{allure_page(entry.allure)}" if has_report and entry.allure else ""
    return plain


def allure_page(uuid: str) -> str:
    """Name of a result's page in an Allure report: the generator hashes the result's UUID."""
    return hashlib.md5(uuid.encode(), usedforsecurity=False).hexdigest()


def _link(target: Path, page: Path) -> str:
    return quote(Path(os.path.relpath(target, page.resolve().parent)).as_posix())
