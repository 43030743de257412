import re
import time
from pathlib import Path

import pytest

from plugfest.errors import ConnectionLostError, DeadlineExceededError
from plugfest.sessions.session import SHELLS, Session
from tests.sessions.processes import alive, await_end, await_pid


def test_a_command_that_takes_too_long_is_killed_with_its_children(session: Session, tmp_path: Path) -> None:
    child, parent = tmp_path / "child", tmp_path / "parent"
    script = (
        f"echo $$ >{parent}; echo half done; (trap '' INT TERM HUP; sh -c 'echo $$ >{child}; exec sleep 300'); true"
    )
    with pytest.raises(DeadlineExceededError) as error:
        session.run("sh", "-c", script, timeout=3)
    assert str(error.value).startswith("h1: end of `sh -c ")
    assert re.search(
        r"not reached within [\d.]+ s; last output: 'half done'; the command was killed$", str(error.value)
    )
    for file in (parent, child):
        await_end(await_pid(file))
    assert session.run("echo", "next").out == "next\n"


def test_a_slow_answer_within_the_deadline_is_waited_for(session: Session) -> None:
    assert session.run("sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.2; done", timeout=30).out == "1\n2\n3\n"


def test_endless_output_does_not_outlast_the_deadline(session: Session) -> None:
    began = time.monotonic()
    with pytest.raises(DeadlineExceededError, match="tick"):
        session.run("sh", "-c", "while :; do echo tick; sleep 0.02; done", timeout=1)
    assert time.monotonic() - began < 20


def test_a_hanging_member_of_a_large_batch_is_killed(session: Session, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    hanging = ["sh", "-c", f"echo $$ >{pid}; exec sleep 300"]
    with pytest.raises(DeadlineExceededError, match="sleep 300"):
        session.batch([["true"], hanging, ["echo", "x" * 100_000], ["echo", "y" * 100_000]], timeout=3)
    await_end(await_pid(pid))


def test_waiting_for_a_free_shell_has_a_deadline(session: Session) -> None:
    for _ in range(SHELLS):
        session._slots.acquire()
    try:
        with pytest.raises(DeadlineExceededError, match=f"free shell for `true`: all {SHELLS} are busy"):
            session.run("true", timeout=0.1)
    finally:
        for _ in range(SHELLS):
            session._slots.release()
    assert session.run("true").ok


def test_a_command_that_ends_its_shell_is_not_waited_for(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ConnectionLostError, match="may or may not have taken effect"):
        session.run("sh", "-c", f"echo $$ >{tmp_path / 'pid'}; kill -9 $PPID; exec sleep 300")
    await_end(await_pid(tmp_path / "pid"))
    assert not alive(await_pid(tmp_path / "pid"))
    assert session.run("echo", "again").out == "again\n"
