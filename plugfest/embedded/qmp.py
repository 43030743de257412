"""A client of the QEMU Machine Protocol: JSON lines over a Unix socket.

Source: QEMU ``docs/interop/qmp-spec``.
"""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from plugfest.embedded import local_socket
from plugfest.errors import EmbeddedLabError
from plugfest.sessions.deadline import Deadline


class Qmp:
    """One connection to the emulator's monitor; a context manager.

    Raises EmbeddedLabError if the emulator does not answer or refuses a command.
    """

    def __init__(self, path: Path, timeout: float = 10) -> None:
        self._path = path
        try:
            self._socket = local_socket.connect(path, timeout)
        except OSError as error:
            raise EmbeddedLabError(f"the virtual machine's monitor {path} does not answer: {error}") from error
        self._lines = self._socket.makefile("rb")
        self._read()
        self.execute("qmp_capabilities")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the virtual machine runs on."""
        self._lines.close()
        self._socket.close()

    def execute(self, command: str, **arguments: object) -> Any:
        """Run `command` and return its result."""
        request = {"execute": command, "arguments": arguments}
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            answer = self._read()
            while "event" in answer:
                answer = self._read()
        except (TimeoutError, OSError) as error:
            raise EmbeddedLabError(f"the virtual machine's monitor broke off at {command}: {error}") from error
        if "error" in answer:
            raise EmbeddedLabError(f"the virtual machine refused {command}: {answer['error'].get('desc')}")
        return answer["return"]

    def run_job(self, command: str, deadline: Deadline, **arguments: object) -> None:
        """Run a command that is a background job of the emulator, and wait for its end."""
        name = f"plugfest-{command}"
        self.execute(command, **{"job-id": name, **arguments})
        job = deadline.wait_for(lambda: self._job(name), until=lambda job: job["status"] == "concluded", interval=0.05)
        self.execute("job-dismiss", id=name)
        if job.get("error"):
            raise EmbeddedLabError(f"the virtual machine could not do {command}: {job['error']}")

    def _job(self, name: str) -> dict[str, Any]:
        return next(job for job in self.execute("query-jobs") if job["id"] == name)

    def _read(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise EmbeddedLabError(f"the virtual machine closed its monitor {self._path}")
        answer: dict[str, Any] = json.loads(line)
        return answer
