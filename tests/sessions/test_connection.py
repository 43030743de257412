import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import paramiko
import pytest

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.errors import (
    AuthenticationError,
    CommandError,
    ConnectionLostError,
    HostKeyError,
    SessionError,
    UsageError,
)
from plugfest.sessions.connection import HANDSHAKES
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.result import DID_NOT_END
from plugfest.sessions.session import Session
from tests.sessions.processes import await_end, await_pid, cut_connections

StartSshd = Callable[..., LoopbackSshd]


def _session(endpoint: Endpoint) -> Session:
    return SessionPool({endpoint.name: endpoint}).session(endpoint.name)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _count_connections(sshd: LoopbackSshd) -> int:
    return sshd.log.read_text().count("Accepted publickey")


def test_one_connection_serves_all_commands_without_nagle_delay(start_sshd: StartSshd) -> None:
    sshd = start_sshd()
    with SessionPool({"h1": sshd.endpoint("h1")}) as pool:
        session = pool.session("h1")
        assert pool.session("h1") is session
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(lambda _: session.run("true"), range(12)))
        stream = session._connection.transport().sock
        assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    assert _count_connections(sshd) == 1


def test_refused_connection_names_device_and_next_step(sshd: LoopbackSshd) -> None:
    endpoint = sshd.endpoint("leaf1").model_copy(update={"port": _free_port()})
    with pytest.raises(SessionError, match=r"leaf1 .*cannot connect: Connection refused; is the device up"):
        _session(endpoint).run("true")


def test_unknown_device_names_the_known_ones(shared_pool: SessionPool) -> None:
    with pytest.raises(UsageError, match="no SSH endpoint for h9; devices with one: h1"):
        shared_pool.session("h9")


def test_unknown_host_key_is_refused_with_its_fingerprint(start_sshd: StartSshd) -> None:
    sshd = start_sshd()
    (sshd.folder / "known_hosts").write_text("other.example ssh-ed25519 " + sshd.host_key.split()[1] + "\n")
    shown = paramiko.PKey.from_path(sshd.folder / "host_key").fingerprint
    with pytest.raises(HostKeyError) as error:
        _session(sshd.endpoint("leaf1")).run("true")
    assert f"no line for [127.0.0.1]:{sshd.port}; the server shows ssh-ed25519 {shown}" in str(error.value)
    assert "leaf1" in str(error.value)
    assert str(sshd.folder / "known_hosts") in str(error.value)
    assert _count_connections(sshd) == 0


def test_changed_host_key_shows_both_fingerprints_and_stops_contact(start_sshd: StartSshd, tmp_path: Path) -> None:
    sshd = start_sshd()
    other = paramiko.ECDSAKey.generate()
    old = start_sshd("old")
    known_hosts = sshd.folder / "known_hosts"
    name = f"[127.0.0.1]:{sshd.port}"
    known_hosts.write_text(f"{name} {old.host_key}\n{name} {other.get_name()} {other.get_base64()}\n")
    session = _session(sshd.endpoint("leaf1"))
    with pytest.raises(HostKeyError) as error:
        session.run("true")
    for key in (old.folder / "host_key", sshd.folder / "host_key"):
        assert paramiko.PKey.from_path(key).fingerprint in str(error.value)
    assert str(known_hosts) in str(error.value)
    known_hosts.write_text(f"{name} {sshd.host_key}\n")
    contacts = sshd.log.read_text().count("Connection")
    with pytest.raises(HostKeyError, match="HOST KEY CHANGED"):
        session.read("/etc/hostname")
    assert sshd.log.read_text().count("Connection") == contacts


@pytest.mark.parametrize(
    "form", ["{name} {key}", "{hashed} {key} comment", "x.example,{name} {key}", "# c\n\n{name} {key}"]
)
def test_pinned_names_may_be_hashed_or_listed(start_sshd: StartSshd, form: str) -> None:
    sshd = start_sshd()
    name = f"[127.0.0.1]:{sshd.port}"
    line = form.format(name=name, key=sshd.host_key, hashed=paramiko.HostKeys.hash_host(name))
    (sshd.folder / "known_hosts").write_text(line + "\n")
    assert _session(sshd.endpoint("leaf1")).run("echo", "in").out == "in\n"


def test_the_pinned_key_type_is_asked_for_when_the_server_has_several(start_sshd: StartSshd, tmp_path: Path) -> None:
    rsa, file = paramiko.RSAKey.generate(2048), tmp_path / "rsa_host_key"
    rsa.write_private_key_file(str(file))
    sshd = start_sshd("two", f"HostKey {file}\n")
    (sshd.folder / "known_hosts").write_text(f"[127.0.0.1]:{sshd.port} ssh-rsa {rsa.get_base64()}\n")
    assert _session(sshd.endpoint("leaf1")).run("echo", "rsa").out == "rsa\n"


def test_unreadable_or_marked_known_hosts_are_refused(start_sshd: StartSshd) -> None:
    sshd = start_sshd()
    known_hosts = sshd.folder / "known_hosts"
    known_hosts.write_text(f"# keys\n@revoked [127.0.0.1]:{sshd.port} {sshd.host_key}\n")
    with pytest.raises(HostKeyError, match=r"known_hosts:2: markers such as @revoked are not known"):
        _session(sshd.endpoint("leaf1")).run("true")
    known_hosts.unlink()
    with pytest.raises(HostKeyError, match=r"cannot read the pinned host keys .*No such file"):
        _session(sshd.endpoint("leaf1")).run("true")


def test_refused_key_names_user_and_file_and_is_not_tried_again(start_sshd: StartSshd, tmp_path: Path) -> None:
    sshd, stranger = start_sshd(), tmp_path / "stranger"
    paramiko.RSAKey.generate(2048).write_private_key_file(str(stranger))
    session = _session(sshd.endpoint("leaf1").model_copy(update={"key_file": stranger}))
    with pytest.raises(AuthenticationError, match=f"leaf1 .*login refused with key {stranger}.*check user name"):
        session.run("true")
    attempts = sshd.log.read_text().count("Connection")
    with pytest.raises(AuthenticationError, match="login refused"):
        session.run("true")
    assert sshd.log.read_text().count("Connection") == attempts


def test_a_lost_connection_ends_the_command_and_the_next_one_reconnects(start_sshd: StartSshd, tmp_path: Path) -> None:
    sshd, pid = start_sshd(), tmp_path / "pid"
    session = _session(sshd.endpoint("h1"))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(session.run, "sh", "-c", f"echo some output; echo $$ >{pid}; exec sleep 300")
        remote = await_pid(pid)
        assert cut_connections(sshd) == 1
        with pytest.raises(
            ConnectionLostError, match=r"h1: connection lost while running .*may or may not .*some output"
        ):
            running.result(timeout=60)
    await_end(remote)
    assert session.run("echo", "back").out == "back\n"
    assert _count_connections(sshd) == 2


@pytest.mark.parametrize(("idempotent", "times"), [(False, 1), (True, 2)])
def test_only_idempotent_commands_are_repeated_after_a_loss(
    start_sshd: StartSshd, tmp_path: Path, idempotent: bool, times: int
) -> None:
    sshd, count, first = start_sshd(), tmp_path / "count", tmp_path / "first"
    session = _session(sshd.endpoint("h1"))
    script = f"echo x >>{count}; [ -e {first} ] || {{ echo $$ >{first}; sleep 300; }}; echo done"
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(session.run, "sh", "-c", script, idempotent=idempotent)
        await_pid(first)
        cut_connections(sshd)
        if idempotent:
            assert running.result(timeout=60).out == "done\n"
        else:
            with pytest.raises(ConnectionLostError):
                running.result(timeout=60)
    assert count.read_text() == "x\n" * times


def test_files_and_programs_reconnect_too(start_sshd: StartSshd, tmp_path: Path) -> None:
    sshd = start_sshd()
    session = _session(sshd.endpoint("h1"))
    session.write(str(tmp_path / "file"), b"content")
    with session.start("sleep", "300"):
        pass
    cut_connections(sshd)
    session._connection._transport.join(20)
    assert session.read(str(tmp_path / "file")) == b"content"
    with session.start("echo", "hello") as program:
        assert program.pid > 1


def test_jump_hosts_to_any_depth_share_their_connection(start_sshd: StartSshd) -> None:
    outer, inner, target = start_sshd("outer"), start_sshd("inner"), start_sshd("target")
    bastion = inner.endpoint("inner", jump=outer.endpoint("outer"))
    endpoints = {name: target.endpoint(name, jump=bastion) for name in ("h1", "h2")}
    with SessionPool({**endpoints, "inner": bastion}) as pool:
        assert [pool.session(name).run("echo", name).out for name in ("h1", "h2", "inner")] == [
            "h1\n",
            "h2\n",
            "inner\n",
        ]
        assert (_count_connections(outer), _count_connections(inner), _count_connections(target)) == (1, 1, 2)
        cut_connections(outer)
        pool.session("h1")._connection._transport.join(20)
        assert pool.session("h1").run("echo", "again").out == "again\n"
        assert (_count_connections(outer), _count_connections(inner)) == (2, 2)


def test_jump_host_errors_name_both_ends(start_sshd: StartSshd, sshd: LoopbackSshd) -> None:
    strict = start_sshd("strict", "AllowTcpForwarding no\n")
    with pytest.raises(SessionError, match=r"h1 .*jump host bastion .* cannot connect to it.*allow TCP forwarding"):
        _session(sshd.endpoint("h1", jump=strict.endpoint("bastion"))).run("true")
    dead = sshd.endpoint("bastion").model_copy(update={"port": _free_port()})
    with pytest.raises(SessionError, match=r"h1 .*its jump host cannot be used: bastion .*Connection refused"):
        _session(sshd.endpoint("h1", jump=dead)).run("true")


def _answers(session: Session) -> bool:
    try:
        return session.run("true").ok
    except SessionError:
        return False


def test_too_many_programs_at_once_name_the_servers_limit(start_sshd: StartSshd) -> None:
    sshd = start_sshd("few", "MaxSessions 2\n")
    session = _session(sshd.endpoint("h1"))
    with session.start("sleep", "300") as one, session.start("sleep", "300") as other:
        with pytest.raises(SessionError, match=r"opens no further channel .*MaxSessions"):
            session.run("true")
        assert other.stop().exit_status == DID_NOT_END
        await_end(other.pid)
        # The server frees the channel a little after the program in it has ended.
        Deadline("the server opens channels again", 30).wait_for(lambda: _answers(session))
        assert one.stop().exit_status == 130
    assert session.run("echo", "free").out == "free\n"


def test_closing_the_pool_ends_what_runs_and_a_later_use_reconnects(start_sshd: StartSshd) -> None:
    sshd = start_sshd()
    pool = SessionPool({"h1": sshd.endpoint("h1")})
    program = pool.session("h1").start("sleep", "300")
    pool.close()
    await_end(program.pid)
    assert pool.session("h1").run("echo", "again").out == "again\n"
    pool.close()


def test_never_more_than_eight_handshakes_at_a_time(sshd: LoopbackSshd) -> None:
    """The server answers nobody until HANDSHAKES clients are there, and notes how many there are at most."""
    barrier, present, most, lock = threading.Barrier(HANDSHAKES), 0, 0, threading.Lock()

    def serve(client: socket.socket) -> None:
        nonlocal present, most
        with lock:
            present += 1
            most = max(most, present)
        barrier.wait(60)
        with lock:
            present -= 1
        client.close()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as server, ThreadPoolExecutor(40) as threads:
        port = server.getsockname()[1]
        base = sshd.endpoint("x")
        names = [f"h{number}" for number in range(2 * HANDSHAKES)]
        pool = SessionPool({name: base.model_copy(update={"name": name, "port": port}) for name in names})
        attempts = [threads.submit(pool.session(name).run, "true") for name in names]
        for _ in names:
            threads.submit(serve, server.accept()[0])
        assert all(isinstance(attempt.exception(60), SessionError) for attempt in attempts)
    assert most == HANDSHAKES


def test_a_failed_command_is_no_reason_to_reconnect(start_sshd: StartSshd) -> None:
    sshd = start_sshd()
    session = _session(sshd.endpoint("h1"))
    for _ in range(3):
        with pytest.raises(CommandError):
            session.run("false")
    assert _count_connections(sshd) == 1
