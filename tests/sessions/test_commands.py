from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugfest.errors import CommandError, UsageError
from plugfest.sessions import remote_shell
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.session import SHELLS, Session

HOSTILE = [
    "; rm -rf /nonexistent",
    "$(touch /tmp/never)",
    "`id`",
    "a'b\"c",
    "two\nlines\n",
    "* ? [a]",
    "-n",
    "",
    "\\",
    "~root",
    "!history",
    "$HOME",
    "a&b|c>d<e",
    "\t tab",
    "zürich – 深圳",
]


def test_arguments_arrive_exactly_as_given(session: Session) -> None:
    result = session.run("printf", r"%s\0", *HOSTILE)
    assert result.out.split("\0")[:-1] == HOSTILE
    assert result.err == ""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(argument=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_any_argument_and_any_input_survive(session: Session, argument: str) -> None:
    assert session.run("printf", "%s", argument).out == argument
    assert session.run("cat", stdin=argument).out == argument


@pytest.mark.parametrize("word", ["if", "!", "{", "A=1", "exit", "alias"])
def test_shell_keywords_are_only_names_of_programs(session: Session, word: str) -> None:
    session.run(word, check=False)
    assert session.run("echo", "still", "here").out == "still here\n"
    assert session.run("A=1", check=False).exit_status == 127


def test_nul_and_empty_commands_are_refused_here(session: Session) -> None:
    with pytest.raises(UsageError, match="NUL"):
        session.run("echo", "a\0b")
    with pytest.raises(UsageError, match="NUL"):
        session.run("cat", stdin="\0")
    with pytest.raises(UsageError, match="name of a program"):
        session.run()


def test_streams_exit_status_and_times_are_kept_apart(session: Session) -> None:
    result = session.run("sh", "-c", "echo out; echo err >&2; exit 3", check=False)
    assert (result.out, result.err, result.exit_status, result.ok) == ("out\n", "err\n", 3, False)
    assert result.device == "h1"
    assert result.command == "sh -c 'echo out; echo err >&2; exit 3'"
    assert 0 < result.duration < 30


def test_failure_says_device_command_status_and_what_the_tool_said(session: Session) -> None:
    with pytest.raises(CommandError) as error:
        session.run("ls", "/no/such/folder")
    assert str(error.value).startswith("h1: `ls /no/such/folder` ended with exit status 2; it said: ")
    assert "No such file or directory" in str(error.value)


def test_a_missing_program_is_a_command_error(session: Session) -> None:
    with pytest.raises(CommandError, match=r"exit status 127.*not found"):
        session.run("no-such-program-on-earth")


def test_commands_do_not_influence_each_other(session: Session) -> None:
    before = session.run("pwd").out
    session.run("cd", "/usr")
    session.run("exit", "9", check=False)
    session.run("umask", "077")
    session.run("export", "LEAK=1")
    assert session.run("pwd").out == before
    assert session.run("printenv", "LEAK", check=False).exit_status == 1


def test_standard_input_is_empty_unless_given(session: Session) -> None:
    assert session.run("cat").out == ""
    assert session.run("wc", "-c", stdin="x" * 300_000).out.strip() == "300000"


def test_input_of_a_failing_command_does_not_hide_its_exit_status(session: Session) -> None:
    assert session.run("false", stdin="x" * 100_000, check=False).exit_status == 1


def test_output_without_final_newline_and_no_output(session: Session) -> None:
    assert session.run("printf", "no newline").out == "no newline"
    assert session.run("true").out == ""


def test_large_output_on_both_streams_at_once(session: Session) -> None:
    zeros = "head -c 50000 /dev/zero | tr '\\0'"
    script = f"i=0; while [ $i -lt 40 ]; do {zeros} o; {zeros} e >&2; i=$((i+1)); done"
    result = session.run("sh", "-c", script)
    assert (result.out, result.err) == ("o" * 2_000_000, "e" * 2_000_000)


def test_output_above_the_limit_is_refused_and_the_command_killed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_shell, "OUTPUT_LIMIT", 1024 * 1024)
    with pytest.raises(CommandError, match="`yes` printed more than 1 MiB and was killed; let it write to a file"):
        session.run("yes")
    assert session.run("echo", "fine").out == "fine\n"


def test_binary_output_is_decoded_with_replacement(session: Session) -> None:
    assert session.run("printf", r"\377\000\201A\n").out == "\ufffd\0\ufffdA\n"
    noise = session.run("head", "-c", "200000", "/dev/urandom")
    assert len(noise.out) > 50_000
    assert session.run("echo", "in step").out == "in step\n"


def test_a_command_cannot_fake_its_end(session: Session) -> None:
    fake = f"{'0' * 32} 0\n"
    assert session.run("printf", "%s", fake * 3).out == fake * 3


def test_batch_keeps_order_streams_and_statuses_apart(session: Session) -> None:
    commands = [["echo", "one"], ["sh", "-c", "echo two >&2; exit 2"], ["cat"], ["printf", "four"]]
    results = session.batch(commands, check=False)
    assert [(r.out, r.err, r.exit_status) for r in results] == [
        ("one\n", "", 0),
        ("", "two\n", 2),
        ("", "", 0),
        ("four", "", 0),
    ]
    assert [r.command for r in results][:2] == ["echo one", "sh -c 'echo two >&2; exit 2'"]


def test_batch_runs_all_and_raises_for_the_first_that_failed(session: Session) -> None:
    with pytest.raises(CommandError, match=r"`false` ended with exit status 1"):
        session.batch([["false"], ["true"]])
    assert session.batch([]) == []


def test_many_threads_share_one_session(session: Session) -> None:
    with ThreadPoolExecutor(3 * SHELLS) as threads:
        answers = list(threads.map(lambda number: session.run("echo", str(number)).out, range(60)))
    assert answers == [f"{number}\n" for number in range(60)]


def test_late_output_of_a_background_child_never_reaches_the_next_command(session: Session, tmp_path: Path) -> None:
    go = tmp_path / "go"
    session.run("sh", "-c", f"(until [ -e {go} ]; do sleep 0.05; done; echo late; echo late >&2) &")
    go.touch()
    Deadline("late output arrives", 20).wait_for(lambda: not all(shell.usable for shell in session._idle))
    assert session.run("echo", "clean").out == "clean\n"


def test_administration_programs_are_found_and_messages_are_english(session: Session) -> None:
    assert "/usr/sbin" in session.run("printenv", "PATH").out.strip().split(":")
    assert session.run("printenv", "LC_ALL").out == "C\n"
