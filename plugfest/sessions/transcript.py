"""The record of everything that was said to devices and what they answered."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pydantic import TypeAdapter

from plugfest.sessions.result import DID_NOT_END, NO_STATUS, CommandResult

_RESULTS = TypeAdapter(tuple[CommandResult, ...])


class Transcript:
    """Results in the order in which the commands ended; they are redacted from the start."""

    def __init__(self, results: Iterable[CommandResult] = ()) -> None:
        self._results = list(results)

    @property
    def results(self) -> tuple[CommandResult, ...]:
        """All results so far."""
        return tuple(self._results)

    def add(self, result: CommandResult) -> None:
        """Append one result."""
        self._results.append(result)

    def text(self) -> str:
        """All results for people: one heading a command, then what it printed."""
        return "\n".join(map(_for_people, self._results))

    def to_json(self) -> str:
        """All results as JSON; `from_json` reads it back."""
        return _RESULTS.dump_json(self.results, indent=1).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Transcript":
        """The transcript that `to_json` wrote; pydantic.ValidationError if it is none."""
        return cls(_RESULTS.validate_json(text))


def _for_people(result: CommandResult) -> str:
    clock = time.strftime("%H:%M:%S", time.localtime(result.started))
    endings = {NO_STATUS: "", DID_NOT_END: "did not end, "}
    ending = endings.get(result.exit_status, f"exit status {result.exit_status}, ")
    heading = f"[{clock}] {result.device}$ {result.command}   ({ending}{result.duration:.3f} s)\n"
    errors = f"--- standard error\n{_lines(result.err)}" if result.err else ""
    return heading + _lines(result.out) + errors


def _lines(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


class Recorder:
    """Hands every result of a pool to all transcripts that are open at that moment; safe to use from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: list[Transcript] = []

    def add(self, result: CommandResult) -> CommandResult:
        """Record `result` and return it."""
        with self._lock:
            for transcript in self._open:
                transcript.add(result)
        return result

    @contextmanager
    def recording(self) -> Iterator[Transcript]:
        """A transcript that receives all results until the block ends; blocks may be nested."""
        transcript = Transcript()
        with self._lock:
            self._open.append(transcript)
        try:
            yield transcript
        finally:
            with self._lock:
                self._open = [other for other in self._open if other is not transcript]
