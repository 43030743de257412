"""One simulated switch: an SSH server whose terminal speaks a dialect and answers from recordings."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.devices.simulated.configuration import HANG_UP, Asks, Configurable
from plugfest.devices.simulated.persona import CONFIG, PERSONAS, Persona
from plugfest.devices.simulated.server import PASSWORD, USER, close_server, listen, loop_in_thread

if TYPE_CHECKING:
    import asyncssh

__all__ = ["PASSWORD", "USER", "Behaviour", "SimulatedSwitch", "simulated_switch"]


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
    configuration: Configurable | None = None
    """What takes configuration in earnest; without it lines are only noted."""
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
        persona, configuration = self._switch.persona, self._switch.configuration
        inside = configuration.prompt(self) if configuration else None
        self._print(inside or persona.prompts[self._mode].format(name=self._switch.name))
        line = await self._process.stdin.readline()
        command = " ".join(line.split())
        if not line or (command in ("exit", "quit") and self._mode != CONFIG and not inside):
            return False
        if command:
            self._switch.typed.append(command)
            await self._answer(command)
        return True

    async def _answer(self, command: str) -> None:
        switch, persona = self._switch, self._switch.persona
        configured = switch.configuration.answer(self, command) if switch.configuration else None
        if configured is not None:
            await self._configured(command, configured)
        elif command in persona.moves:
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

    async def _configured(self, command: str, answer: str | Asks) -> None:
        """What the configuration answered: text, a question first, or silence for good."""
        if isinstance(answer, Asks):
            self._print(answer.question)
            self._print(answer.answered((await self._process.stdin.readline()).strip().lower()))
        elif answer == HANG_UP:
            self._process.channel.get_connection().abort()
        else:
            await self._show(command, answer)

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
    configuration: Configurable | None = None,
) -> Iterator[SimulatedSwitch]:
    """Run a simulated switch on a free port of 127.0.0.1; its pinned host key is written to `folder`.

    `answers` maps command lines to what they print.  Log in as `USER` with `PASSWORD`.
    """
    switch = SimulatedSwitch(
        name, persona or PERSONAS[dialect], answers, behaviour or Behaviour(), configuration=configuration
    )
    with loop_in_thread() as run:
        server, key = run(listen(switch.serve))
        switch.port = server.get_port()
        switch.known_hosts = folder / f"{name}_known_hosts"
        switch.known_hosts.write_text(f"[127.0.0.1]:{switch.port} {key}")
        try:
            yield switch
        finally:
            run(close_server(server))
