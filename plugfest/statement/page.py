"""The statement as one HTML page, and as PDF through headless Chromium."""

import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from plugfest.errors import MissingToolError, PlugfestError
from plugfest.evidence.files import write_whole
from plugfest.evidence.folder import EvidenceFolder
from plugfest.statement.catalogue import TEMPLATES, Texts
from plugfest.statement.facts import facts_of
from plugfest.statement.language import Language
from plugfest.verdicts.verdict import View

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PRINTING_SECONDS = 120


class StatementError(PlugfestError):
    """The statement could not be printed."""

    exit_code = 7


def write_html(evidence: EvidenceFolder, out: Path, language: Language) -> Path:
    """Write the statement as one self-contained page."""
    write_whole(out, render(evidence, language).encode())
    return out


def write_pdf(evidence: EvidenceFolder, out: Path, language: Language) -> Path:
    """Write the statement as PDF; MissingToolError without Chromium, StatementError if it cannot print."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise MissingToolError("PDF is printed by Chromium, which is missing – apt install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory(prefix="plugfest-statement-") as scratch:
        page = write_html(evidence, Path(scratch, "statement.html"), language)
        printed = Path(scratch, "statement.pdf")
        said = _print(program, page, printed)
        if not printed.is_file() or not printed.read_bytes().startswith(b"%PDF-"):
            raise StatementError(f"{program} printed no PDF; it said:\n{said}")
        write_whole(out, printed.read_bytes())
    return out


def render(evidence: EvidenceFolder, language: Language) -> str:
    """The statement's HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["clock"] = lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    template = environment.get_template("statement.html.j2")
    facts = facts_of(evidence)
    return template.render(t=Texts(language), language=language, facts=facts, views=View, now=datetime.now(UTC))


def _print(program: str, page: Path, out: Path) -> str:
    """Chromium's sandbox refuses to run as root, where it would protect nothing."""
    unsandboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [
        program, "--headless=new", *unsandboxed, "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer",
        f"--user-data-dir={page.parent / 'profile'}", f"--print-to-pdf={out}", page.as_uri(),
    ]  # fmt: skip
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PRINTING_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise StatementError(f"{program} did not print within {PRINTING_SECONDS} s") from None
    return answer.stderr.strip()[-2000:]
