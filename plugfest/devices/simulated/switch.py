"""One simulated switch: an SSH server whose terminal speaks a dialect and answers from recordings."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from plugfest.devices.simulated.persona import CONFIG, PERSONAS, Persona
from plugfest.errors import MissingToolError

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")
USER, PASSWORD = "lab", "only-for-loopback"
WAIT_SECONDS = 20.0


@dataclass(frozen=True)
class Behaviour:
    """What goes wrong on purpose, or slowly."""

    screen_lines: int = 24
    """Lines before the pager waits, until paging is turned off."""
    pause_seconds: float = 0.0
    """Wait between two lines of an answer."""
    hang_up_in: str = ""
    """Command in the middle of whose answer the connection is cut."""
    asks_password_change: bool = True


@dataclass
class SimulatedSwitch:
    """What a running simulated switch is and what it saw."""

    name: str
    persona: Persona
    answers: Mapping[str, str]
    behaviour: Behaviour = field(default_factory=Behaviour)
    port: int = 0
    known_hosts: Path = Path()
    typed: list[str] = field(default_factory=list)
    """Every command line that came in."""
    configured: list[str] = field(default_factory=list)
    """Configuration lines in force."""
    candidate: list[str] = field(default_factory=list)
    """Configuration lines that wait for a commit."""
    password_changes: list[str] = field(default_factory=list)
    """Answers to the password-change question, one a login: y or n."""
    logins: int = 0
    logouts: int = 0

    async def serve(self, process: "asyncssh.SSHServerProcess[str]") -> None:
        """One terminal, from login to logout."""
        self.logins += 1
        terminal = _Terminal(self, process)
        await terminal.greet()
        while await terminal.turn():
            pass
        self.logouts += 1
        process.exit(0)


class _Terminal:
    """Mode and paging of one terminal."""

    def __init__(self, switch: SimulatedSwitch, process: "asyncssh.SSHServerProcess[str]") -> None:
        self._switch, self._process = switch, process
        self._mode, self._paging = next(iter(switch.persona.prompts)), bool(switch.persona.pager)

    async def greet(self) -> None:
        question = self._switch.persona.password_change
        if question and self._switch.behaviour.asks_password_change:
            answer = ""
            while answer not in ("y", "n"):
                self._print(question)
                line = await self._process.stdin.readline()
                answer = line.strip().lower() if line else "n"
            self._switch.password_changes.append(answer)

    async def turn(self) -> bool:
        """Prompt, read a line, answer it; False when the person logs out or hangs up."""
        persona = self._switch.persona
        self._print(persona.prompts[self._mode].format(name=self._switch.name))
        line = await self._process.stdin.readline()
        command = " ".join(line.split())
        if not line or (command in ("exit", "quit") and self._mode != CONFIG):
            return False
        if command:
            self._switch.typed.append(command)
            await self._answer(command)
        return True

    async def _answer(self, command: str) -> None:
        switch, persona = self._switch, self._switch.persona
        if command in persona.moves:
            self._mode, printed = persona.moves[command]
            self._print(printed)
        elif command in persona.accepted:
            self._paging = False
            self._print(persona.accepted[command])
        elif command in switch.answers:
            await self._show(command, switch.answers[command])
        elif self._mode == CONFIG:
            self._configure(command)
        else:
            self._print(persona.refusal)

    def _configure(self, command: str) -> None:
        switch = self._switch
        if command in ("exit", "quit"):
            self._mode = next(iter(switch.persona.prompts))
        elif switch.persona.commit and command == switch.persona.commit:
            switch.configured.extend(switch.candidate)
            switch.candidate.clear()
        else:
            (switch.candidate if switch.persona.commit else switch.configured).append(command)

    async def _show(self, command: str, text: str) -> None:
        lines = text.splitlines(keepends=True)
        behaviour = self._switch.behaviour
        for number, line in enumerate(lines, start=1):
            if behaviour.hang_up_in == command and number > len(lines) // 2:
                self._process.channel.get_connection().abort()
                return
            self._print(line)
            if behaviour.pause_seconds:
                await asyncio.sleep(behaviour.pause_seconds)
            if self._paging and number % behaviour.screen_lines == 0 and number < len(lines):
                await self._wait_for_key()

    async def _wait_for_key(self) -> None:
        """The pager: print its prompt, wait for a key, wipe the prompt as terminals do."""
        pager = self._switch.persona.pager
        self._print(pager)
        await self._process.stdin.read(1)
        self._print("\b" * len(pager) + " " * len(pager) + "\b" * len(pager))

    def _print(self, text: str) -> None:
        self._process.stdout.write(text)


@contextmanager
def simulated_switch(
    dialect: str,
    answers: Mapping[str, str],
    folder: Path,
    *,
    name: str = "leaf1",
    behaviour: Behaviour | None = None,
    persona: Persona | None = None,
) -> Iterator[SimulatedSwitch]:
    """Run a simulated switch on a free port of 127.0.0.1; its pinned host key is written to `folder`.

    `answers` maps command lines to what they print.  Log in as `USER` with `PASSWORD`.
    """
    switch = SimulatedSwitch(name, persona or PERSONAS[dialect], answers, behaviour or Behaviour())
    with _loop_in_thread() as run:
        server, key = run(_listen(switch))
        switch.port = server.get_port()
        switch.known_hosts = folder / f"{name}_known_hosts"
        switch.known_hosts.write_text(f"[127.0.0.1]:{switch.port} {key}")
        try:
            yield switch
        finally:
            run(_close(server))


async def _listen(switch: SimulatedSwitch) -> tuple["asyncssh.SSHAcceptor", str]:
    try:
        import asyncssh
    except ImportError:
        raise MissingToolError("simulated switches need asyncssh: pip install asyncssh") from None

    class Server(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

    host_key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_host_keys=[host_key], server_factory=Server, process_factory=switch.serve
    )
    return server, host_key.export_public_key().decode()


async def _close(server: "asyncssh.SSHAcceptor") -> None:
    server.close()
    await server.wait_closed()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def _loop_in_thread() -> Iterator["Callable[[Coroutine[Any, Any, T]], T]"]:
    """An event loop of its own; yields a function that runs a coroutine there and waits for its result."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated switch", daemon=True)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(WAIT_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(WAIT_SECONDS)
        loop.close()
