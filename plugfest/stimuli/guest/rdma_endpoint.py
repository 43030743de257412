"""An RDMA endpoint that is told what to do in JSON lines on standard input and answers in JSON lines.

    prepare  →  prepared    open the port, fill memory, name queue pairs, PSNs, keys, GID
    connect  →  connected   take the peer's names, go to RTS
    receive  →  receiving   responder with late receives: post them now
    go       →  operation*, done    requester: run the plan
    verify   →  operation*, done    responder: collect receives, compare memory
    close    →  closed      give everything back; ``prepare`` may follow

The process serves one connection after the other, because its start is the expensive part, and ends with its input.
Any failure is answered with ``error`` and a message in plain words; the connection is then closed.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from plugfest.stimuli.guest.operations import Operation, Verb
from plugfest.stimuli.guest.transfers import Transfers

if TYPE_CHECKING:
    from plugfest.stimuli.guest.queue_pairs import QueuePairs

VERSION = 1
Message = dict[str, Any]


class Endpoint:
    """One end of one connection at a time."""

    def __init__(self, make: "Callable[[dict[str, Any], list[Operation]], QueuePairs]") -> None:
        self._make = make
        self._transfers: Transfers | None = None

    def answer(self, message: Message) -> Iterator[Message]:
        """Do what one message says and tell the outcome."""
        kind = message.get("type")
        actions = {
            "prepare": self._prepare,
            "connect": self._connect,
            "receive": self._receive,
            "go": self._go,
            "verify": self._verify,
            "close": self._close,
        }
        if message.get("version") != VERSION or kind not in actions:
            raise ValueError(f"expected one of {', '.join(actions)} in version {VERSION}, got {message!r:.200}")
        yield from actions[kind](message)

    def close(self) -> None:
        """Give the RDMA resources back."""
        transfers, self._transfers = self._transfers, None
        if transfers:
            transfers.queue_pairs.close()

    def _prepare(self, message: Message) -> Iterator[Message]:
        self.close()
        operations = [Operation(Verb(item["verb"]), item["size"], item["messages"]) for item in message["operations"]]
        queue_pairs = self._make(message["settings"], operations)
        self._transfers = Transfers(queue_pairs, operations, message["seed"], message["late_receives"])
        if message["requester"]:
            self._transfers.fill_requester()
        else:
            self._transfers.fill_responder()
        yield {"type": "prepared", **queue_pairs.describe()}

    def _connect(self, message: Message) -> Iterator[Message]:
        self._prepared.queue_pairs.connect(message["peer"])
        yield {"type": "connected"}

    def _receive(self, message: Message) -> Iterator[Message]:
        self._prepared.post_receives()
        yield {"type": "receiving"}

    def _go(self, message: Message) -> Iterator[Message]:
        yield from ({"type": "operation", **report} for report in self._prepared.request(message["seconds"]))
        yield {"type": "done"}

    def _verify(self, message: Message) -> Iterator[Message]:
        yield from ({"type": "operation", **report} for report in self._prepared.verify(message["seconds"]))
        yield {"type": "done"}

    def _close(self, message: Message) -> Iterator[Message]:
        self.close()
        yield {"type": "closed"}

    @property
    def _prepared(self) -> Transfers:
        if self._transfers is None:
            raise ValueError("nothing is prepared")
        return self._transfers


def answers(endpoint: Endpoint, line: str) -> Iterator[str]:
    """The lines that answer one line of input; a failure closes the connection and is answered too."""
    try:
        for reply in endpoint.answer(json.loads(line)):
            yield _line(reply)
    # Whatever went wrong belongs to the controller, which tells it to people.
    except Exception as error:
        endpoint.close()
        yield _line({"type": "error", "message": f"{type(error).__name__}: {error}"})


def _line(message: Message) -> str:
    return json.dumps({"version": VERSION, **message}) + "\n"


def main() -> None:
    """Serve until standard input ends."""
    from plugfest.stimuli.guest.queue_pairs import QueuePairs

    endpoint = Endpoint(QueuePairs)
    _say(_line({"type": "ready"}))
    for line in sys.stdin:
        for reply in answers(endpoint, line):
            _say(reply)
    endpoint.close()


def _say(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
