"""Servers that misbehave: asyncssh for odd SSH, plain sockets for what is not even SSH."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
import paramiko
from pydantic import SecretStr

from plugfest.sessions.endpoint import Endpoint

USER = "lab"
PASSWORD = "correct horse battery"

Process = asyncssh.SSHServerProcess[str]


class _PasswordServer(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@contextmanager
def odd_ssh_server(
    folder: Path, converse: Callable[[Process], Awaitable[None]], **options: object
) -> Iterator[Callable[..., Endpoint]]:
    """An SSH server that answers every exec or shell request with `converse`; yields a maker of endpoints."""
    loop, key = asyncio.new_event_loop(), asyncssh.generate_private_key("ssh-ed25519")
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[key], process_factory=converse, server_factory=_PasswordServer, **options
        )

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    port = server.get_port()
    known_hosts = folder / "odd_known_hosts"
    known_hosts.write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}")

    def endpoint(name: str = "leaf1", password: str = PASSWORD) -> Endpoint:
        return Endpoint(
            name=name, address="127.0.0.1", port=port, user=USER, password=SecretStr(password), known_hosts=known_hosts
        )

    try:
        yield endpoint
    finally:
        asyncio.run_coroutine_threadsafe(_shut_down(server), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


async def _shut_down(server: asyncssh.SSHAcceptor) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def raw_server(folder: Path, greeting: bytes) -> Iterator[Endpoint]:
    """A TCP server that sends `greeting` to everybody and then is silent."""
    clients: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client = server.accept()[0]
                except OSError:
                    return
                clients.append(client)
                client.sendall(greeting)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        (folder / "known_hosts").touch()
        yield Endpoint(
            name="leaf1",
            address="127.0.0.1",
            port=server.getsockname()[1],
            user=USER,
            password=SecretStr(PASSWORD),
            known_hosts=folder / "known_hosts",
        )
        server.shutdown(socket.SHUT_RDWR)
        thread.join(20)
    for client in clients:
        client.close()


class _Stalling(paramiko.ServerInterface):
    """Lets everybody in, opens channels, and never answers a request to run something."""

    def __init__(self, released: threading.Event) -> None:
        self._released = released

    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        return not self._released.wait(60)


@contextmanager
def stalling_ssh_server(folder: Path) -> Iterator[Endpoint]:
    """An SSH server whose channels never get an answer."""
    released, key = threading.Event(), paramiko.ECDSAKey.generate()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            transport = paramiko.Transport(server.accept()[0])
            transport.add_server_key(key)
            transport.start_server(server=_Stalling(released))
            released.wait(60)
            transport.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        known_hosts = folder / "stalling_known_hosts"
        known_hosts.write_text(f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n")
        yield Endpoint(
            name="leaf1",
            address="127.0.0.1",
            port=port,
            user=USER,
            password=SecretStr(PASSWORD),
            known_hosts=known_hosts,
        )
        released.set()
        thread.join(20)
