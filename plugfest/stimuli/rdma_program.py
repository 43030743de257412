"""Carries the RDMA endpoint program to a host: one archive in a private folder, removed afterwards."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.tag import temporary

MODULES = ("completions", "operations", "queue_pairs", "transfers", "rdma_endpoint")
_PACKAGES = ("plugfest", "plugfest/stimuli", "plugfest/stimuli/guest")
_MAIN = """\
import sys

if sys.version_info < (3, 11):
    sys.exit(f"needs Python 3.11 or later, this host has {sys.version.split()[0]}")
from plugfest.stimuli.guest.rdma_endpoint import main

main()
"""


def archive() -> bytes:
    """The program as a zip file that ``python3`` runs; its modules keep the names that they have here."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archived:
        for package in _PACKAGES:
            archived.writestr(f"{package}/__init__.py", "")
        for module in MODULES:
            source = files("plugfest.stimuli.guest").joinpath(f"{module}.py").read_text()
            archived.writestr(f"plugfest/stimuli/guest/{module}.py", source)
        archived.writestr("__main__.py", _MAIN)
    return content.getvalue()


@contextmanager
def installed(session: SessionProtocol) -> Iterator[str]:
    """Path of the program on the host until the end of the block."""
    folder = session.run("mktemp", "-d", "-t", temporary()).out.strip()
    try:
        path = f"{folder}/rdma_endpoint.pyz"
        session.write(path, archive())
        yield path
    finally:
        session.run("rm", "-rf", "--", folder, check=False)
