"""Serves a folder of reports on loopback: the pages load their data, which browsers refuse for plain files."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from plugfest.errors import UsageError

LOOPBACK = "127.0.0.1"


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - name given by the base class
        """Say nothing for each request."""


def report_server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """An HTTP server for `folder` on loopback, not yet serving; port 0 takes a free one."""
    if not (folder / "index.html").is_file() and not any(folder.glob("*/html/index.html")):
        raise UsageError(f"{folder}: no report in it – build one with `plugfest report build`")
    try:
        return ThreadingHTTPServer((LOOPBACK, port), partial(_QuietHandler, directory=str(folder)))
    except OSError as error:
        raise UsageError(f"port {port} on {LOOPBACK}: {error.strerror} – choose another with --port") from None
