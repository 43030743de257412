"""Where the embedded lab keeps what it makes: the cache outlives a lab, the state belongs to the running one."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_state_path


def cache_folder() -> Path:
    """Images and snapshots; ``PLUGFEST_CACHE`` overrides the system's place for caches."""
    return _private(Path(os.environ.get("PLUGFEST_CACHE") or user_cache_path("plugfest")) / "embedded")


def state_folder() -> Path:
    """State of the running lab; ``PLUGFEST_STATE`` overrides the system's place for state."""
    return _private(Path(os.environ.get("PLUGFEST_STATE") or user_state_path("plugfest")) / "embedded")


def _private(folder: Path) -> Path:
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
