"""Evidence beside a result, in forms that the report shows in place."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import allure

if TYPE_CHECKING:
    from jinja2 import Template

    from plugfest.verdicts.verdict import Verdict

LARGEST_CAPTURE = 20_000_000
"""Bytes; the report generator holds every attachment in memory twice."""
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "report"


def attach_transcript(text: str, name: str = "transcript") -> None:
    """Attach what was said to the devices."""
    allure.attach(text, name, allure.attachment_type.TEXT)


def attach_capture(capture: Path, name: str | None = None) -> None:
    """Attach a small capture; of a large one only the place where it lies.

    The report saves attachments under another name, so the name is shown with it.
    """
    size = capture.stat().st_size
    name = name or capture.name
    if size > LARGEST_CAPTURE:
        note = f"{size} bytes, more than the {LARGEST_CAPTURE} that go into a report\n{capture.resolve()}\n"
        allure.attach(note, f"{name} (not attached)", allure.attachment_type.TEXT)
    else:
        allure.attach(capture.read_bytes(), name, allure.attachment_type.PCAP)


def attach_file(path: Path, name: str, media_type: str) -> None:
    """Attach a file; of a large one only the place where it lies."""
    if media_type == allure.attachment_type.PCAP.mime_type:
        attach_capture(path, name)
    else:
        allure.attach.file(str(path), name, media_type, path.suffix.lstrip(".") or "txt")  # type: ignore[no-untyped-call]


def attach_plot(png: bytes, name: str) -> None:
    """Attach a plot as PNG."""
    allure.attach(png, name, allure.attachment_type.PNG)


def attach_verdicts(verdicts: Iterable["Verdict"], name: str = "verdicts") -> None:
    """Attach every judged row, good and bad, as a table."""
    allure.attach(verdict_table(verdicts), name, allure.attachment_type.HTML)


def verdict_table(verdicts: Iterable["Verdict"]) -> str:
    """Verdicts as one HTML page without scripts."""
    return _verdict_template().render(verdicts=list(verdicts))


@cache
def _verdict_template() -> "Template":
    """Compiled once: that takes longer than all else that a test costs."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("verdicts.html.j2")
