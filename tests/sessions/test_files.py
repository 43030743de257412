import os
from pathlib import Path

import pytest

from plugfest.errors import CommandError, DeadlineExceededError
from plugfest.sessions import remote_files
from plugfest.sessions import session as session_module
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.session import Session

BINARY = bytes(range(256)) * 5000


def test_files_go_there_and_back_unchanged(session: Session, tmp_path: Path) -> None:
    remote = str(tmp_path / "with space; and 'quotes'")
    session.write(remote, BINARY)
    assert session.read(remote) == BINARY
    session.write(remote, b"short")
    assert session.read(remote) == b"short"


def test_files_without_size_are_read_to_their_end(session: Session) -> None:
    assert session.read("/proc/version") == Path("/proc/version").read_bytes()


def test_fetch_leaves_a_complete_file_or_none(session: Session, tmp_path: Path) -> None:
    remote, local = tmp_path / "remote.pcap", tmp_path / "local.pcap"
    remote.write_bytes(BINARY * 4)
    session.fetch(str(remote), local)
    assert local.read_bytes() == BINARY * 4
    with pytest.raises(CommandError, match=r"h1: cannot fetch /no/such\.pcap: No such file"):
        session.fetch("/no/such.pcap", tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["local.pcap", "remote.pcap"]


def test_refusals_name_device_path_and_reason(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"h1: cannot read /no/such/file: No such file"):
        session.read("/no/such/file")
    with pytest.raises(CommandError, match=r"h1: cannot write /no/such/folder/file: No such file"):
        session.write("/no/such/folder/file", b"")
    assert session.read("/proc/version")


def test_a_large_file_is_refused_by_read(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_files, "READ_LIMIT", 1024 * 1024)
    (tmp_path / "large").write_bytes(bytes(1024 * 1024 + 1))
    with pytest.raises(CommandError, match="larger than 1 MiB; fetch it"):
        session.read(str(tmp_path / "large"))


def test_a_file_that_never_answers_meets_the_deadline(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "FILE_SECONDS", 1.0)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(DeadlineExceededError, match=r"sftp read .*fifo: not done within 1 s"):
        session.read(str(tmp_path / "fifo"))
    monkeypatch.setattr(session_module, "FILE_SECONDS", 60.0)
    assert session.read("/proc/version")


def test_the_record_says_which_file_but_not_its_content(shared_pool: SessionPool, tmp_path: Path) -> None:
    with shared_pool.recording() as transcript:
        shared_pool.session("h1").write(str(tmp_path / "f"), b"content")
    assert [(r.command, r.out) for r in transcript.results] == [(f"sftp write {tmp_path / 'f'}", "7 bytes\n")]
