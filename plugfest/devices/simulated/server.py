"""What all simulated devices share: an SSH server on the loopback, in an event loop of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from plugfest.errors import MissingToolError

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")
USER, PASSWORD = "lab", "only-for-loopback"
WAIT_SECONDS = 20.0


async def listen(serve: Callable[..., Any], encoding: str | None = "utf-8") -> tuple["asyncssh.SSHAcceptor", str]:
    """A server on a free port of 127.0.0.1 that hands each session to `serve`, and its public host key."""
    try:
        import asyncssh
    except ImportError:
        raise MissingToolError("simulated devices need asyncssh: pip install asyncssh") from None

    class Server(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

    host_key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[host_key],
        server_factory=Server,
        process_factory=serve,
        encoding=encoding,
    )
    return server, host_key.export_public_key().decode()


async def close_server(server: "asyncssh.SSHAcceptor | asyncio.Server") -> None:
    """Stop listening and end all sessions."""
    server.close()
    await server.wait_closed()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def loop_in_thread() -> Iterator["Callable[[Coroutine[Any, Any, T]], T]"]:
    """An event loop of its own; yields a function that runs a coroutine there and waits for its result."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated device", daemon=True)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(WAIT_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(WAIT_SECONDS)
        loop.close()
