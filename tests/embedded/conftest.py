"""Private cache, state and programs for tests that must not meet the real ones."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

MakeProgram = Callable[[str, str], Path]


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Cache and state below the test's own folder."""
    monkeypatch.setenv("PLUGFEST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PLUGFEST_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def make_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeProgram:
    """Make a shell script that is found instead of the real program of that name."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def make(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make
