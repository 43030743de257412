"""Asks the guest over its second serial port; the other end is `guest/control`."""

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from plugfest.embedded import local_socket
from plugfest.errors import EmbeddedLabError
from plugfest.sessions.deadline import Deadline

_UNANSWERED = -1
_PATIENCE = 3.0
"""Seconds until a request is sent again: what arrives before the guest listens is lost."""


class GuestControl:
    """One connection to the guest's control loop; a context manager."""

    def __init__(self, path: Path) -> None:
        try:
            self._socket = local_socket.connect(path, _PATIENCE)
        except OSError as error:
            raise EmbeddedLabError(f"the virtual machine's control port {path} does not answer: {error}") from error
        self._numbers = itertools.count(time.monotonic_ns() % 1_000_000)
        self._rest = b""
        self._answered = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def set_clock(self, deadline: Deadline, while_waiting: Callable[[], None]) -> None:
        """Set the guest's clock to ours; a restored snapshot still lives in the time when it was taken.

        `while_waiting` is called before every attempt and may raise to end the wait.
        """
        self.ask(lambda: f"clock {time.time():.3f}", deadline, while_waiting)

    def routes(self, deadline: Deadline) -> dict[str, list[dict[str, Any]]]:
        """IPv4 routes learnt by BGP, as ``ip -json route`` tells them, by switch."""
        answer = self.ask(lambda: "routes", deadline)
        pairs = (line.partition(" ") for line in answer.splitlines())
        return {name: json.loads(routes or "[]") for name, _, routes in pairs}

    def restart_device(self, name: str, deadline: Deadline) -> None:
        """End the device called `name`; the guest builds it again as new."""
        self.ask(lambda: f"restart {name}", deadline)

    def ask(
        self, request: Callable[[], str], deadline: Deadline, while_waiting: Callable[[], None] = lambda: None
    ) -> str:
        """Send what `request()` gives, again and again until it is answered; returns the answer's text.

        Raises EmbeddedLabError if the guest refuses, DeadlineExceededError if it never answers.
        """

        def attempt() -> tuple[int, str]:
            while_waiting()
            # A guest that answered once loses nothing any more: asking twice would only make it slower.
            return self._attempt(request(), max(_PATIENCE, deadline.remaining) if self._answered else _PATIENCE)

        status, text = deadline.wait_for(attempt, until=lambda answer: answer[0] != _UNANSWERED, interval=0)
        if status != 0:
            raise EmbeddedLabError(f"the guest could not do {request().split()[0]!r}: {text}")
        return text

    def _attempt(self, request: str, patience: float) -> tuple[int, str]:
        number = str(next(self._numbers))
        lines: list[str] = []
        self._socket.settimeout(patience)
        try:
            self._socket.sendall(f"{number} {request}\n".encode())
            while True:
                found, mark, text = (*self._line().split(" ", 2), "", "")[:3]
                if found == number and mark == ">":
                    lines.append(text)
                elif found == number and mark == "=":
                    self._answered = True
                    return int(text), "\n".join(lines)
        except TimeoutError:
            return _UNANSWERED, "no answer"
        except OSError as error:
            raise EmbeddedLabError(f"the virtual machine's control port broke off: {error}") from error

    def _line(self) -> str:
        while b"\n" not in self._rest:
            received = self._socket.recv(65536)
            if not received:
                raise ConnectionResetError("closed by the virtual machine")
            self._rest += received
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode(errors="replace").rstrip("\r\n")
