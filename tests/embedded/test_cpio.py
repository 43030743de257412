import shutil
import subprocess
from pathlib import Path

import pytest

from plugfest.embedded.cpio import Entry, archive


def test_the_archive_unpacks_with_the_system_s_cpio(tmp_path: Path) -> None:
    cpio = shutil.which("cpio")
    if cpio is None:
        pytest.skip("the cpio program is not installed")
    entries = [Entry("init", 0o755, b"#!/bin/sh\n"), Entry("a/b/key", 0o600, b"x" * 5), Entry("a/empty", 0o700, None)]
    command = [cpio, "--extract", "--quiet", "--no-preserve-owner"]
    subprocess.run(command, input=archive(entries), cwd=tmp_path, check=True)
    assert (tmp_path / "init").read_bytes() == b"#!/bin/sh\n"
    assert (tmp_path / "init").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "a/b/key").read_bytes() == b"xxxxx"
    assert (tmp_path / "a/b/key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a/empty").stat().st_mode & 0o777 == 0o700


def test_members_are_aligned_to_four_bytes_and_the_end_is_marked() -> None:
    data = archive([Entry("abc", 0o644, b"12345")])
    assert len(data) % 4 == 0
    assert data.startswith(b"070701")
    assert b"TRAILER!!!\0" in data
