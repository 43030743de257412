"""Run the planned operations on connected queue pairs and compare every byte that arrives."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from plugfest.stimuli.guest.completions import Completion, tally
from plugfest.stimuli.guest.operations import (
    POISON,
    Operation,
    Slot,
    Verb,
    atomic_start,
    atomic_steps,
    first_difference,
    immediate,
    payload,
    slots,
)

if TYPE_CHECKING:
    from plugfest.stimuli.guest.queue_pairs import QueuePairs

EXCERPT = 16


@dataclass
class Comparison:
    """Bytes compared with what the plan says, and the first place where they differ."""

    size: int = 0
    mismatch: dict[str, Any] | None = None

    def add(self, queue_pair: int, slot: Slot, expected: bytes, got: bytes) -> None:
        """Compare one piece."""
        self.size += len(expected)
        offset = first_difference(expected, got)
        if offset is not None and self.mismatch is None:
            self.mismatch = {
                "queue_pair": queue_pair,
                "message": slot.message,
                "offset": offset,
                "expected": expected[offset : offset + EXCERPT].hex(),
                "got": got[offset : offset + EXCERPT].hex(),
            }


@dataclass
class Transfers:
    """The plan of one connection, at either end."""

    queue_pairs: "QueuePairs"
    operations: list[Operation]
    seed: int
    late_receives: bool = False
    """Receives are posted when `post_receives` is called, not while memory is filled."""
    table: list[list[Slot]] = field(init=False)

    def __post_init__(self) -> None:
        self.table = slots(self.operations)

    @property
    def _everywhere(self) -> Iterator[tuple[int, Operation, list[Slot]]]:
        for queue_pair in range(self.queue_pairs.count):
            for operation, row in zip(self.operations, self.table, strict=True):
                yield queue_pair, operation, row

    def fill_requester(self) -> None:
        """Put what will be sent into memory, poison where something will arrive."""
        for queue_pair, operation, row in self._everywhere:
            for slot in row:
                sent = operation.verb.fills_responder
                content = payload(self.seed, queue_pair, slot) if sent else bytes([POISON]) * slot.size
                self.queue_pairs.write(queue_pair, slot, content)

    def fill_responder(self) -> None:
        """Put what will be read and the words for atomics into memory, poison elsewhere; post receives in order."""
        for queue_pair, operation, row in self._everywhere:
            for slot in row:
                self.queue_pairs.write(queue_pair, slot, self._offered(queue_pair, operation, slot))
        if not self.late_receives:
            self.post_receives()

    def post_receives(self) -> None:
        """Post the receives of all operations in order."""
        for queue_pair, operation, row in self._everywhere:
            for slot in row:
                if operation.verb.consumes_receive:
                    self.queue_pairs.post_receive(queue_pair, slot, self._number(slot))

    def request(self, seconds: float) -> Iterator[dict[str, Any]]:
        """Run the operations one after the other, at most `seconds` each, and report on each."""
        for index, operation in enumerate(self.operations):
            began = time.monotonic()
            for queue_pair in range(self.queue_pairs.count):
                self._post(queue_pair, operation, self.table[index])
            expected = operation.messages * self.queue_pairs.count
            ended = self._collect({index: expected}, began + seconds)
            duration = time.monotonic() - began
            compared = self._compare(index, at_requester=True)
            yield _report(index, ended, expected, compared) | {"seconds": duration}

    def verify(self, seconds: float) -> Iterator[dict[str, Any]]:
        """At the responder, once the requester is done: collect the receives and report on each operation."""
        count = self.queue_pairs.count
        planned = {
            index: operation.messages * count if operation.verb.consumes_receive else 0
            for index, operation in enumerate(self.operations)
        }
        ended = self._collect(planned, time.monotonic() + seconds)
        for index, expected in planned.items():
            mine = [completion for completion in ended if self._slot(completion).operation == index]
            compared = self._compare(index, at_requester=False)
            report = _report(index, mine, expected, compared)
            yield report | {"wrong_receives": [text for item in mine if (text := self._wrong(item))]}

    def _offered(self, queue_pair: int, operation: Operation, slot: Slot) -> bytes:
        if operation.verb is Verb.READ:
            return payload(self.seed, queue_pair, slot)
        if operation.verb.atomic and slot.message == 0:
            return _word(atomic_start(self.seed, queue_pair, slot))
        return bytes([POISON]) * slot.size

    def _post(self, queue_pair: int, operation: Operation, row: list[Slot]) -> None:
        if operation.verb.atomic:
            steps = atomic_steps(operation.verb, self.seed, queue_pair, row)
            for slot, step in zip(row, steps, strict=True):
                operands = (step.compare_or_add, step.swap)
                number = self._number(slot)
                self.queue_pairs.post_atomic(queue_pair, operation.verb, slot, number, row[0].offset, operands)
            return
        for slot in row:
            # The verbs take immediate data in network byte order.
            value = socket.htonl(immediate(self.seed, queue_pair, slot)) if operation.verb.carries_immediate else 0
            self.queue_pairs.post(queue_pair, operation.verb, slot, self._number(slot), value)

    def _collect(self, planned: dict[int, int], deadline: float) -> list[Completion]:
        """Completions of the operations in `planned` (operation to number); stragglers of earlier ones are dropped."""
        ended: list[Completion] = []
        missing = sum(planned.values())
        completions = self.queue_pairs.completions(deadline) if missing else iter(())
        for completion in completions:
            if self._slot(completion).operation in planned:
                ended.append(completion)
                missing -= 1
            if not missing:
                break
        return ended

    def _compare(self, index: int, at_requester: bool) -> Comparison:
        operation, row, compared = self.operations[index], self.table[index], Comparison()
        for queue_pair in range(self.queue_pairs.count):
            if operation.verb.atomic:
                self._compare_atomics(compared, queue_pair, operation, row, at_requester)
            elif operation.verb.fills_responder is not at_requester:
                for slot in row:
                    content = payload(self.seed, queue_pair, slot)
                    compared.add(queue_pair, slot, content, self.queue_pairs.read(queue_pair, slot))
        return compared

    def _compare_atomics(
        self, compared: Comparison, queue_pair: int, operation: Operation, row: list[Slot], at_requester: bool
    ) -> None:
        steps = atomic_steps(operation.verb, self.seed, queue_pair, row)
        if not at_requester:
            compared.add(queue_pair, row[0], _word(steps[-1].after), self.queue_pairs.read(queue_pair, row[0]))
            return
        for slot, step in zip(row, steps, strict=True):
            compared.add(queue_pair, slot, _word(step.original), self.queue_pairs.read(queue_pair, slot))

    def _number(self, slot: Slot) -> int:
        return slot.operation << 32 | slot.message

    def _slot(self, completion: Completion) -> Slot:
        return self.table[completion.work_request >> 32][completion.work_request & 0xFFFFFFFF]

    def _wrong(self, completion: Completion) -> str | None:
        """What is wrong with a receive that succeeded: length or immediate data."""
        slot, verb = self._slot(completion), self.operations[self._slot(completion).operation].verb
        place = f"queue pair {completion.queue_pair}, message {slot.message}"
        if completion.status != "SUCCESS":
            return f"{place}: {completion.status}"
        if completion.size != slot.size:
            return f"{place}: {completion.size} bytes announced, {slot.size} sent"
        wanted = immediate(self.seed, completion.queue_pair, slot)
        if verb.carries_immediate and socket.ntohl(completion.immediate) != wanted:
            return f"{place}: immediate {socket.ntohl(completion.immediate):#010x}, {wanted:#010x} sent"
        return None


def _report(index: int, ended: list[Completion], expected: int, compared: Comparison) -> dict[str, Any]:
    return {
        "operation": index,
        "completions": tally(ended),
        "missing": expected - len(ended),
        "bytes_compared": compared.size,
        "mismatch": compared.mismatch,
    }


def _word(value: int) -> bytes:
    # Atomics work on words in the host's byte order; every host we know of is little-endian.
    return value.to_bytes(8, "little")
