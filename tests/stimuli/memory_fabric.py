"""Two sets of queue pairs joined by memory instead of a network, to test what endpoints do with what arrives."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.guest.completions import Completion
from plugfest.stimuli.guest.operations import ATOMIC_BYTES, WORD, Operation, Slot, Verb, region_bytes
from plugfest.stimuli.guest.rdma_endpoint import VERSION, Endpoint

Fault = Callable[[Verb, Slot, bytes], bytes | None]
"""What becomes of the data of a message; None is a message that never completes."""


class Fabric:
    """The ends by their GID, and what goes wrong between them."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault or (lambda verb, slot, data: data)
        self.ends: dict[str, MemoryQueuePairs] = {}

    def make(self, settings: dict[str, Any], operations: list[Operation]) -> "MemoryQueuePairs":
        """Queue pairs in this fabric."""
        return MemoryQueuePairs(self, settings, operations)


class MemoryQueuePairs:
    """The interface of the guest's QueuePairs over plain memory."""

    def __init__(self, fabric: Fabric, settings: dict[str, Any], operations: list[Operation]) -> None:
        self.fabric, self.count, self.region = fabric, settings["queue_pairs"], region_bytes(operations)
        self.gid = f"::ffff:10.0.0.{settings['gid_index']}"
        self.memory = bytearray(self.region * self.count)
        self.receives: list[deque[tuple[Slot, int]]] = [deque() for _ in range(self.count)]
        self.ended: deque[Completion] = deque()
        fabric.ends[self.gid] = self

    def close(self) -> None:
        """Leave the fabric."""
        self.fabric.ends.pop(self.gid, None)

    def describe(self) -> dict[str, Any]:
        """What the peer must know."""
        names = [{"qpn": 17 + i, "psn": 100 + i, "rkey": 1, "address": i * self.region} for i in range(self.count)]
        return {"gid": self.gid, "queue_pairs": names}

    def connect(self, peer: dict[str, Any]) -> None:
        """Find the other end."""
        self.peer = self.fabric.ends[peer["gid"]]

    def write(self, queue_pair: int, slot: Slot, content: bytes) -> None:
        """Put bytes where a message lies."""
        start = queue_pair * self.region + slot.offset
        self.memory[start : start + len(content)] = content

    def read(self, queue_pair: int, slot: Slot) -> bytes:
        """The bytes where a message lies."""
        start = queue_pair * self.region + slot.offset
        return bytes(self.memory[start : start + slot.size])

    def post_receive(self, queue_pair: int, slot: Slot, number: int) -> None:
        """Post a receive work request."""
        self.receives[queue_pair].append((slot, number))

    def post(self, queue_pair: int, verb: Verb, slot: Slot, number: int, immediate: int = 0) -> None:
        """Move the data at once."""
        source, sink = (self.peer, self) if verb is Verb.READ else (self, self.peer)
        data = self.fabric.fault(verb, slot, source.read(queue_pair, slot))
        if data is None:
            return
        sink.write(queue_pair, slot, data)
        if verb.consumes_receive:
            _, receive = self.peer.receives[queue_pair].popleft()
            self.peer.ended.append(Completion(queue_pair, receive, "SUCCESS", len(data), immediate))
        self.ended.append(Completion(queue_pair, number, "SUCCESS", slot.size, 0))

    def post_atomic(
        self, queue_pair: int, verb: Verb, slot: Slot, number: int, target: int, operands: tuple[int, int]
    ) -> None:
        """Compute in the peer's memory."""
        word = Slot(slot.operation, 0, target, ATOMIC_BYTES)
        original = self.peer.read(queue_pair, word)
        value = int.from_bytes(original, "little")
        if verb is Verb.FETCH_ADD:
            value = (value + operands[0]) % WORD
        elif value == operands[0]:
            value = operands[1]
        self.peer.write(queue_pair, word, value.to_bytes(8, "little"))
        self.write(queue_pair, slot, self.fabric.fault(verb, slot, original) or b"")
        self.ended.append(Completion(queue_pair, number, "SUCCESS", ATOMIC_BYTES, 0))

    def completions(self, deadline: float) -> Iterator[Completion]:
        """What has ended."""
        while self.ended:
            yield self.ended.popleft()


class InProcess:
    """The guest program as the controller sees a remote process, without a remote."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lines: deque[str] = deque([f'{{"version": {VERSION}, "type": "ready"}}\n'])

    def send(self, text: str, deadline: Deadline) -> None:
        """Hand lines to the program."""
        from plugfest.stimuli.guest.rdma_endpoint import answers

        self._lines.extend(answers(self._endpoint, text))

    def read_until(self, pattern: str, deadline: Deadline) -> re.Match[str]:
        """The next line that the program said."""
        match = re.match(pattern, self._lines.popleft(), re.MULTILINE)
        assert match
        return match
