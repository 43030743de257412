from pathlib import Path

import pytest

from plugfest.errors import CommandError, ConnectionLostError, DeadlineExceededError, UsageError
from plugfest.sessions import remote_shell
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.result import DID_NOT_END
from plugfest.sessions.session import Session
from tests.sessions.processes import alive, await_end


def _soon(name: str = "test", seconds: float = 20) -> Deadline:
    return Deadline(name, seconds)


def test_pid_is_the_programs_own(session: Session) -> None:
    with session.start("sleep", "300") as program:
        arguments = Path(f"/proc/{program.pid}/cmdline")
        _soon("the shell has become the program").wait_for(lambda: arguments.read_bytes() == b"sleep\x00300\x00")
    await_end(program.pid)


def test_read_until_finds_lines_of_both_streams_in_turn(session: Session) -> None:
    script = "echo port 4791; echo listening >&2; read go; echo port 4792; exec sleep 300"
    with session.start("sh", "-c", script, stdin=True) as program:
        assert program.read_until(r"^port (\d+)$", _soon())[1] == "4791"
        program.read_until("^listening$", _soon())
        program.send("go\n", _soon())
        assert program.read_until(r"^port (\d+)$", _soon())[1] == "4792"
        assert (program.out, program.err) == ("port 4791\nport 4792\n", "listening\n")


def test_read_until_says_what_came_instead(session: Session) -> None:
    with session.start("sh", "-c", "echo warming up; exec sleep 300") as program:
        with pytest.raises(
            DeadlineExceededError, match=r"server listens: not reached within 0.5 s; last output: 'warming up'"
        ):
            program.read_until("listening", _soon("server listens", 0.5))
        assert alive(program.pid)


def test_read_until_ends_with_the_program(session: Session) -> None:
    with session.start("sh", "-c", "echo cannot bind >&2; exit 4") as program, pytest.raises(CommandError) as error:
        program.read_until("listening", _soon("server listens"))
    assert "ended with exit status 4 before it printed 'listening' (server listens); it said: cannot bind" in str(
        error.value
    )


def test_wait_gives_the_result_and_checks_it(session: Session) -> None:
    with session.start("sh", "-c", "echo out; echo err >&2; exit 5") as program:
        with pytest.raises(CommandError, match="exit status 5; it said: err"):
            program.wait(_soon())
        result = program.wait(_soon(), check=False)
    assert (result.out, result.err, result.exit_status) == ("out\n", "err\n", 5)
    assert program.stop() == result


def test_stop_interrupts_and_keeps_what_the_tool_says_at_the_end(session: Session) -> None:
    script = "trap 'echo 12 packets captured >&2; exit 0' INT; echo ready; while :; do sleep 0.05; done"
    with session.start("sh", "-c", script) as program:
        program.read_until("ready", _soon())
        result = program.stop()
    assert (result.exit_status, result.err) == (0, "12 packets captured\n")


def test_stop_kills_what_ignores_the_interrupt_and_its_children(session: Session) -> None:
    script = "trap '' INT TERM; sleep 300 & echo child $!; while :; do sleep 0.1; done"
    with session.start("sh", "-c", script) as program:
        child = int(program.read_until(r"child (\d+)", _soon())[1])
        result = program.stop(_soon("orderly end", 0.3))
    assert result.exit_status == 128 + 9
    await_end(program.pid)
    await_end(child)


def test_a_missing_program_is_said(session: Session) -> None:
    with session.start("no-such-program-on-earth") as program, pytest.raises(CommandError, match=r"127.*not found"):
        program.wait(_soon())


def test_input_needs_to_be_asked_for_and_ends_with_the_program(session: Session) -> None:
    with session.start("cat") as program, pytest.raises(UsageError, match="stdin=True"):
        program.send("x", _soon())
    with session.start("head", "-n1", stdin=True) as program:
        program.send("one\ntouch /tmp/never\n", _soon())
        assert program.wait(_soon()).out == "one\n"
        with pytest.raises(CommandError, match="already ended"):
            program.send("two\n", _soon())
    assert session.run("echo", "clean").out == "clean\n"


def test_an_error_in_the_block_still_stops_the_program_and_stays_the_error(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), session.start("sleep", "300") as program:
        _ = 1 / 0
    await_end(program.pid)


def test_results_of_programs_are_recorded(shared_pool: SessionPool) -> None:
    session = shared_pool.session("h1")
    with shared_pool.recording() as transcript, session.start("echo", "hello") as program:
        program.wait(_soon())
    assert [(r.command, r.out, r.exit_status) for r in transcript.results] == [("echo hello", "hello\n", 0)]


def test_a_program_whose_shell_dies_is_reported_and_recorded(shared_pool: SessionPool) -> None:
    session = shared_pool.session("h1")
    with shared_pool.recording() as transcript:
        program = session.start("sh", "-c", "echo begun; kill -9 $PPID; exec sleep 300")
        with pytest.raises(ConnectionLostError):
            program.wait(_soon())
        assert program.stop().exit_status == DID_NOT_END
    assert [(r.out, r.exit_status) for r in transcript.results] == [("begun\n", DID_NOT_END)]
    await_end(program.pid)


def test_output_above_the_limit_ends_the_program(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_shell, "OUTPUT_LIMIT", 1 << 20)
    with session.start("yes") as program, pytest.raises(CommandError, match="printed more than 1 MiB"):
        program.wait(_soon())
    await_end(program.pid)


def test_arguments_of_programs_arrive_exactly_as_given(session: Session, tmp_path: Path) -> None:
    with session.start("sh", "-c", 'printf "%s" "$1" >"$2"', "sh", "a 'b'\n$(id)", str(tmp_path / "x y")) as program:
        program.wait(_soon())
    assert (tmp_path / "x y").read_text() == "a 'b'\n$(id)"
