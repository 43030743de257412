"""Where the harness keeps what must survive a killed run."""

import os
from pathlib import Path

import platformdirs


def state_folder() -> Path:
    """Private folder for run state: ``PLUGFEST_STATE`` or this user's state folder of the system."""
    return Path(os.environ.get("PLUGFEST_STATE") or platformdirs.user_state_dir("plugfest"))


def journal_folder() -> Path:
    """Folder of the undo journals."""
    return state_folder() / "undo"
