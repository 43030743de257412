"""The machine that runs the harness must have room for what it writes."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

CHECK = "controller"
FREE_MEGABYTES = 64
"""Room for the evidence of one test and for the report of the run; below it nothing more is recorded."""


def full_disks(folders: Iterable[Path]) -> Iterator[str]:
    """One sentence for every folder whose file system is nearly full."""
    for folder in folders:
        free = shutil.disk_usage(_existing(folder)).free // 1_000_000
        if free < FREE_MEGABYTES:
            yield f"this machine: {folder} – expected at least {FREE_MEGABYTES} MB free, got {free} MB"


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
