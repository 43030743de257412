"""Kinds of files in evidence, and how content becomes a file without secrets."""

import shutil
from pathlib import Path

from plugfest.sessions.redaction import redact

CAPTURE = "application/vnd.tcpdump.pcap"
JSON = "application/json"
TEXT = "text/plain"
Content = bytes | str | Path
"""Bytes, a text, or a file to be copied."""


def is_text(media_type: str) -> bool:
    """True for files that people and programs read as text."""
    return media_type.startswith("text/") or media_type in (JSON, "image/svg+xml", "application/xml")


def place(content: Content, target: Path, media_type: str) -> None:
    """Write `content` to `target`; secrets in texts are masked."""
    if isinstance(content, Path):
        shutil.copyfile(content, target)
    else:
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    if is_text(media_type):
        target.write_text(redact(target.read_text(encoding="utf-8", errors="replace")), encoding="utf-8")
