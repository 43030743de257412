import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.errors import AuthenticationError, ConnectionLostError, DeadlineExceededError, SessionError
from plugfest.sessions import connection, remote_shell
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.session import Session
from tests.sessions.odd_servers import Process, odd_ssh_server, raw_server, stalling_ssh_server

MARKER = re.compile(r"ended ([0-9a-f]{32})")


def _session(endpoint: Endpoint) -> Session:
    return SessionPool({endpoint.name: endpoint}).session(endpoint.name)


async def _answer_greeting(process: Process) -> None:
    """Play the shell for the first exchange."""
    marker = MARKER.search(await process.stdin.readline() + await process.stdin.readline())
    assert marker is not None
    process.stderr.write(f"{marker[1]} 0\n")
    process.stdout.write(f"{marker[1]} 0\n")


async def _marker_of_next_command(process: Process) -> str:
    text = ""
    while not (found := MARKER.search(text)):
        text += await process.stdin.readline()
    return found[1]


@pytest.mark.parametrize(
    "greeting", [b"220 mail.example ESMTP\r\n" * 200, b"\xff\x00" * 5000 + b"\n", b"SSH-9.9-x\r\n"]
)
def test_a_server_that_is_not_ssh(tmp_path: Path, greeting: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 5.0)
    with raw_server(tmp_path, greeting) as endpoint, pytest.raises(SessionError, match=r"leaf1 .*is it an SSH server"):
        _session(endpoint).run("true")


def test_a_server_that_never_greets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)
    with raw_server(tmp_path, b"") as endpoint, pytest.raises(SessionError, match=r"leaf1 .*no answer; is it an SSH"):
        _session(endpoint).run("true")


def test_a_server_that_stops_in_the_key_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)
    with raw_server(tmp_path, b"SSH-2.0-odd\r\n") as endpoint, pytest.raises(SessionError, match="no answer; is it"):
        _session(endpoint).run("true")


def test_a_wrong_password_is_final_and_not_in_the_message(tmp_path: Path) -> None:
    async def nothing(process: Process) -> None:
        process.exit(0)

    with odd_ssh_server(tmp_path, nothing) as endpoint:
        session = _session(endpoint(password="wrong-canary"))
        for _ in range(2):
            with pytest.raises(AuthenticationError, match=r"leaf1 .*login refused with password") as error:
                session.run("true")
            assert "wrong-canary" not in str(error.value)


def test_a_server_that_allows_other_methods_only(start_sshd: Callable[..., LoopbackSshd]) -> None:
    sshd = start_sshd()
    endpoint = Endpoint.model_validate({**sshd.endpoint("leaf1").model_dump(), "key_file": None, "password": "x" * 8})
    with pytest.raises(AuthenticationError, match="does not allow password, only publickey"):
        _session(endpoint).run("true")


@pytest.mark.parametrize("banner", ["% Invalid input detected\r\n", ""])
def test_a_device_without_posix_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, banner: str) -> None:
    monkeypatch.setattr(remote_shell, "OPEN_SECONDS", 2.0)
    monkeypatch.setattr(remote_shell, "KILL_SECONDS", 0.5)

    async def network_cli(process: Process) -> None:
        process.stdout.write(banner)
        if banner:
            process.exit(1)
        await process.stdin.read()

    with odd_ssh_server(tmp_path, network_cli) as endpoint:
        with pytest.raises(SessionError, match="leaf1: no POSIX shell answers on this device") as error:
            _session(endpoint()).run("true")
        assert banner.strip() in str(error.value)


def test_a_request_that_is_never_answered_meets_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_shell, "OPEN_SECONDS", 1.0)
    expected = "leaf1: opening a shell: no answer within 1 s"
    with stalling_ssh_server(tmp_path) as endpoint, pytest.raises(SessionError, match=expected):
        _session(endpoint).run("true")


def test_a_connection_lost_in_the_middle_of_the_output(tmp_path: Path) -> None:
    async def break_off(process: Process) -> None:
        await _answer_greeting(process)
        await _marker_of_next_command(process)
        process.stdout.write("first half\n")
        await process.stdout.drain()
        await asyncio.sleep(0.2)
        process.channel.get_connection().abort()

    expected = r"leaf1: connection lost while running `true`.*'first half'"
    with odd_ssh_server(tmp_path, break_off) as endpoint, pytest.raises(ConnectionLostError, match=expected):
        _session(endpoint()).run("true")


def test_markers_that_arrive_in_single_bytes_or_look_alike(tmp_path: Path) -> None:
    async def trickle(process: Process) -> None:
        await _answer_greeting(process)
        marker = await _marker_of_next_command(process)
        for stream, text in (
            (process.stderr, "warning\n"),
            (process.stdout, f"{marker} is no ending\n{marker[:20]}\nöut"),
        ):
            for character in f"{text}{marker} 7\n":
                stream.write(character)
                await stream.drain()
                await asyncio.sleep(0)
        await process.stdin.read()

    with odd_ssh_server(tmp_path, trickle) as endpoint:
        result = _session(endpoint()).run("true", check=False)
    assert result.out.endswith("is no ending\n" + result.out.split()[0][:20] + "\nöut")
    assert (result.err, result.exit_status) == ("warning\n", 7)


def test_a_server_that_ignores_the_hang_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_shell, "KILL_SECONDS", 0.5)

    async def deaf(process: Process) -> None:
        await _answer_greeting(process)
        await asyncio.sleep(60)

    with odd_ssh_server(tmp_path, deaf) as endpoint, pytest.raises(DeadlineExceededError, match="`true`: not reached"):
        _session(endpoint()).run("true", timeout=0.5)


def test_noise_of_login_scripts_is_dropped(start_sshd: Callable[..., LoopbackSshd]) -> None:
    noisy = 'ForceCommand echo "Welcome to leaf1!"; echo "Disk almost full" >&2; eval "$SSH_ORIGINAL_COMMAND"\n'
    result = _session(start_sshd("noisy", noisy).endpoint("leaf1")).run("sh", "-c", "echo out; echo err >&2")
    assert (result.out, result.err) == ("out\n", "err\n")


def test_hanging_up_kills_only_our_group_where_the_server_gives_us_none(
    start_sshd: Callable[..., LoopbackSshd], tmp_path: Path
) -> None:
    """Here the shell is not the leader of its process group, as with servers that do not make one per command."""
    survived = tmp_path / "survived"
    sshd = start_sshd("grouped", f'ForceCommand sh -c "$SSH_ORIGINAL_COMMAND"; echo alive >{survived}\n')
    pool = SessionPool({"leaf1": sshd.endpoint("leaf1")})
    assert pool.session("leaf1").run("echo", "works").out == "works\n"
    with pytest.raises(DeadlineExceededError):
        pool.session("leaf1").run("sleep", "300", timeout=1)
    pool.close()
    assert survived.read_text() == "alive\n"
