from concurrent.futures import ThreadPoolExecutor

import pytest

from plugfest.errors import CommandError, DeadlineExceededError, SessionError
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.replay import ReplaySession
from plugfest.sessions.result import DID_NOT_END, CommandResult
from plugfest.sessions.transcript import Recorder, Transcript


def _result(command: str, out: str = "", device: str = "leaf1", status: int = 0, err: str = "") -> CommandResult:
    return CommandResult(
        device=device, command=command, out=out, err=err, exit_status=status, duration=0.25, started=1_800_000_000.0
    )


def test_open_transcripts_get_everything_and_closed_ones_nothing() -> None:
    recorder = Recorder()
    recorder.add(_result("before"))
    with recorder.recording() as outer:
        recorder.add(_result("one"))
        with recorder.recording() as inner:
            recorder.add(_result("two"))
        recorder.add(_result("three"))
    recorder.add(_result("after"))
    assert [r.command for r in outer.results] == ["one", "two", "three"]
    assert [r.command for r in inner.results] == ["two"]


def test_commands_of_all_threads_are_recorded(shared_pool: SessionPool) -> None:
    session = shared_pool.session("h1")
    with shared_pool.recording() as transcript, ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: session.run("echo", str(number)), range(20)))
    assert sorted(int(r.out) for r in transcript.results) == list(range(20))


def test_a_killed_command_is_recorded_with_what_it_printed(shared_pool: SessionPool) -> None:
    with shared_pool.recording() as transcript, pytest.raises(DeadlineExceededError):
        shared_pool.session("h1").run("sh", "-c", "echo half; exec sleep 300", timeout=2)
    assert [(r.out, r.exit_status, r.ok) for r in transcript.results] == [("half\n", DID_NOT_END, False)]


def test_text_for_people() -> None:
    text = Transcript(
        [_result("ip -j link", "[]", err="odd\n", status=1), _result("show version", "v1\n", status=-1)]
    ).text()
    assert "leaf1$ ip -j link   (exit status 1, 0.250 s)\n[]\n--- standard error\nodd\n" in text
    assert text.endswith("leaf1$ show version   (0.250 s)\nv1\n")


def test_replay_answers_what_was_recorded_live(shared_pool: SessionPool) -> None:
    live = shared_pool.session("h1")
    questions = [["uname", "-s"], ["echo", "it's"], ["uname", "-s"]]
    with shared_pool.recording() as transcript:
        answers = live.batch(questions)
    replay: SessionProtocol = ReplaySession("h1", Transcript.from_json(transcript.to_json()))
    assert replay.batch(questions) == answers


def test_replay_keeps_the_order_of_repeated_commands_and_other_devices_apart() -> None:
    replay = ReplaySession(
        "leaf1", Transcript([_result("date", "1"), _result("date", "x", "leaf2"), _result("date", "2")])
    )
    assert [replay.run("date").out, replay.run("date").out] == ["1", "2"]
    with pytest.raises(SessionError, match="replay of leaf1: `date` was recorded 2 times and is asked once more"):
        replay.run("date")


def test_replay_refuses_what_it_cannot_know() -> None:
    replay = ReplaySession("leaf1", Transcript([_result("ip -j link"), _result("false", status=1)]))
    with pytest.raises(SessionError, match="`ip -j route` was not recorded; recorded: `ip -j link`, `false`"):
        replay.run("ip", "-j", "route")
    with pytest.raises(CommandError, match="exit status 1"):
        replay.run("false")
    for ask in (lambda: replay.start("tcpdump"), lambda: replay.read("/etc/hostname"), lambda: replay.write("/x", b"")):
        with pytest.raises(SessionError, match="a transcript does not hold"):
            ask()
