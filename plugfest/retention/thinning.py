"""Takes captures, transcripts and the HTML report out of a green run; every verdict stays, with all it rests on."""

import shutil
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from plugfest.evidence.files import document, write_whole
from plugfest.evidence.manifest import SUMS
from plugfest.evidence.thinned import THINNED, Removed, Thinned, removable, thinned
from plugfest.reporting.result_files import attachment_files, read_containers, read_results
from plugfest.reporting.run_folder import RunFolder
from plugfest.retention.stored_run import StoredRun, size_of

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{run}: report removed</title></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 42em; margin: 4em auto">
<h1>Report removed</h1>
<p>The report of the green run <b>{run}</b> was removed on {date} ({why}). Its verdicts are kept:</p>
<pre>plugfest evidence show {run}
plugfest replay {run}
plugfest report build {folder}</pre>
<p>The last command builds the report again, without captures and transcripts.</p>
</body></html>
"""
MARK = "<h1>Report removed</h1>"


def thin(run: StoredRun, why: str, now: datetime | None = None) -> int:
    """Thin a run; how many bytes that freed.  The note is on disk before the first file goes."""
    now = now or datetime.now(UTC)
    before = size_of(run.folder)
    _thin_evidence(run, why, now)
    folder = RunFolder(run.folder)
    for path in attachments_of_passed(folder.results):
        path.unlink()
    if folder.html.is_dir() and not is_removed(folder.html):
        shutil.rmtree(folder.html)
        page = PAGE.format(run=escape(folder.run_id), date=f"{now:%Y-%m-%d}", why=escape(why), folder=run.folder)
        write_whole(folder.html / "index.html", page.encode())
    return before - size_of(run.folder)


def is_removed(html: Path) -> bool:
    """True if only the page is left that says so."""
    index = html / "index.html"
    return index.is_file() and MARK in index.read_text(encoding="utf-8", errors="replace")


def heavy_files(run: StoredRun) -> list[Path]:
    """What thinning would take out of the evidence."""
    return [path for name in removable(run.evidence.bundles()) if (path := run.evidence.path / name).is_file()]


def freeable(run: StoredRun) -> int:
    """Bytes that thinning would free, without the report's page that is left."""
    folder = RunFolder(run.folder)
    html = size_of(folder.html) if folder.html.is_dir() and not is_removed(folder.html) else 0
    return html + sum(path.stat().st_size for path in (*heavy_files(run), *attachments_of_passed(folder.results)))


def attachments_of_passed(results: Path) -> list[Path]:
    """Attachments of Allure results that only passed tests own."""
    passed, others = set[str](), set[str]()
    harmless = set[str]()
    for result in read_results(results):
        good = result.get("status") == "passed"
        (passed if good else others).update(attachment_files(result))
        harmless |= {str(result.get("uuid"))} if good else set()
    for container in read_containers(results):
        good = set(map(str, container.get("children", []))) <= harmless
        (passed if good else others).update(attachment_files(container))
    return [path for source in sorted(passed - others) if (path := results / Path(source).name).is_file()]


def _thin_evidence(run: StoredRun, why: str, now: datetime) -> None:
    going = heavy_files(run)
    if not going:
        return
    root = run.evidence.path
    sealed = dict(line.split("  ", 1)[::-1] for line in (root / SUMS).read_text().splitlines())
    gone = [
        Removed(path=name, sha256=sealed[name], size=path.stat().st_size)
        for path in going
        if (name := path.relative_to(root).as_posix()) in sealed
    ]
    earlier = thinned(root)
    known = earlier.removed if earlier else ()
    listed = {each.path: each for each in (*known, *gone)}
    note = Thinned(thinned=now, why=why, removed=tuple(listed[name] for name in sorted(listed)))
    write_whole(root / THINNED, document(note))
    for each in gone:
        (root / each.path).unlink()
