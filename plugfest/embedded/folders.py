"""Where the embedded lab keeps what it makes: the cache outlives a lab, the state belongs to the running one."""

from pathlib import Path

from plugfest import folders


def cache_folder() -> Path:
    """Images and snapshots."""
    return folders.private(folders.cache_folder() / "embedded")


def state_folder() -> Path:
    """State of the running lab."""
    return folders.private(folders.state_folder() / "embedded")
