"""What two RDMA endpoints agree on without talking: verbs, memory layout, and the content of every message.

Pure functions of the plan, so that both ends compute the same bytes and the receiving end can compare all of them.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

ALIGNMENT = 64
ATOMIC_BYTES = 8
WORD = 1 << 64
POISON = 0xA5
"""What memory holds before a message arrives."""


class Verb(StrEnum):
    """Operations of a reliable connection (InfiniBand Architecture Vol. 1, 9.4)."""

    WRITE = "write"
    WRITE_WITH_IMMEDIATE = "write_imm"
    READ = "read"
    SEND = "send"
    SEND_WITH_IMMEDIATE = "send_imm"
    FETCH_ADD = "fetch_add"
    COMPARE_SWAP = "compare_swap"

    @property
    def atomic(self) -> bool:
        """True if the responder computes: messages have 8 bytes."""
        return self in (Verb.FETCH_ADD, Verb.COMPARE_SWAP)

    @property
    def consumes_receive(self) -> bool:
        """True if the responder must have posted a receive work request."""
        return self in (Verb.WRITE_WITH_IMMEDIATE, Verb.SEND, Verb.SEND_WITH_IMMEDIATE)

    @property
    def carries_immediate(self) -> bool:
        """True if 32 bits travel beside the data."""
        return self in (Verb.WRITE_WITH_IMMEDIATE, Verb.SEND_WITH_IMMEDIATE)

    @property
    def fills_responder(self) -> bool:
        """True if the data arrives in the responder's memory."""
        return not self.atomic and self is not Verb.READ


@dataclass(frozen=True)
class Operation:
    """The same verb with the same size, several times on every queue pair."""

    verb: Verb
    size: int
    messages: int


@dataclass(frozen=True)
class Slot:
    """Where one message lies in the memory of its queue pair, the same at both ends."""

    operation: int
    message: int
    offset: int
    size: int


@dataclass(frozen=True)
class AtomicStep:
    """One atomic operation and the value it must find."""

    compare_or_add: int
    swap: int
    original: int
    after: int


def slots(operations: list[Operation]) -> list[list[Slot]]:
    """One slot for each message of each operation, one after the other, each on its own cache line."""
    sizes = [operation.size for operation in operations for _ in range(operation.messages)]
    offsets = iter([0, *accumulate(_aligned(size) for size in sizes)])
    return [
        [Slot(index, message, next(offsets), operation.size) for message in range(operation.messages)]
        for index, operation in enumerate(operations)
    ]


def region_bytes(operations: list[Operation]) -> int:
    """Memory that one queue pair needs."""
    return sum(_aligned(operation.size) * operation.messages for operation in operations) or ALIGNMENT


def payload(seed: int, queue_pair: int, slot: Slot) -> bytes:
    """The content of a message: SHAKE-128 of its coordinates, so no two messages are alike."""
    label = f"{seed}/{queue_pair}/{slot.operation}/{slot.message}"
    return hashlib.shake_128(label.encode()).digest(slot.size)


def immediate(seed: int, queue_pair: int, slot: Slot) -> int:
    """The 32 bits that travel beside a message."""
    label = f"{seed}/{queue_pair}/{slot.operation}/{slot.message}/immediate"
    return int.from_bytes(hashlib.shake_128(label.encode()).digest(4), "big")


def atomic_steps(verb: Verb, seed: int, queue_pair: int, row: list[Slot]) -> list[AtomicStep]:
    """The atomic operations on one word, each with the value it must find and the value it must leave.

    Every third compare-and-swap compares with a wrong value: it must leave the word alone.
    """
    steps, value = [], atomic_start(seed, queue_pair, row[0])
    for slot in row:
        step = _atomic_step(verb, value, int.from_bytes(payload(seed, queue_pair, slot), "big"), slot.message % 3 == 2)
        steps.append(step)
        value = step.after
    return steps


def atomic_start(seed: int, queue_pair: int, slot: Slot) -> int:
    """The word that the responder's memory holds before the first atomic operation."""
    label = f"{seed}/{queue_pair}/{slot.operation}/start"
    return int.from_bytes(hashlib.shake_128(label.encode()).digest(ATOMIC_BYTES), "big")


def first_difference(expected: bytes, got: bytes) -> int | None:
    """Offset of the first byte that differs; None if both are equal."""
    if expected == got:
        return None
    return next(
        (index for index, (a, b) in enumerate(zip(expected, got, strict=False)) if a != b), min(len(expected), len(got))
    )


def _atomic_step(verb: Verb, value: int, operand: int, miss: bool) -> AtomicStep:
    if verb is Verb.FETCH_ADD:
        return AtomicStep(operand, 0, value, (value + operand) % WORD)
    compare = value ^ 1 if miss else value
    return AtomicStep(compare, operand, value, value if miss else operand)


def _aligned(size: int) -> int:
    return max(-(-size // ALIGNMENT), 1) * ALIGNMENT
