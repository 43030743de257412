"""Where the harness keeps things on this machine: caches can be lost, state should survive a killed run."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_state_path


def cache_folder() -> Path:
    """What can be made again: ``PLUGFEST_CACHE`` or the system's place for this user's caches."""
    return Path(os.environ.get("PLUGFEST_CACHE") or user_cache_path("plugfest")).absolute()


def state_folder() -> Path:
    """What later runs rely on: ``PLUGFEST_STATE`` or the system's place for this user's state."""
    return Path(os.environ.get("PLUGFEST_STATE") or user_state_path("plugfest")).absolute()


def private(folder: Path) -> Path:
    """Make the folder if it is missing; nobody else may look into it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
