"""What two RDMA endpoints are to do with each other, and what came of it: typed records of the controller's side."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from plugfest.records import Record
from plugfest.stimuli.guest.operations import ATOMIC_BYTES, Verb

PSN_MAXIMUM = 2**24 - 1


class RdmaOperation(Record):
    """The same verb with the same size, several times on every queue pair."""

    verb: Verb
    size: Annotated[int, Field(ge=0, le=2**30)]
    """Bytes per message; 8 for atomics."""
    messages: Annotated[int, Field(ge=1, le=65_536)] = 1
    """Messages on each queue pair."""

    def __str__(self) -> str:
        return f"{self.messages} × {self.verb} of {self.size} bytes"

    @model_validator(mode="after")
    def _atomics_are_words(self) -> Self:
        if self.verb.atomic and self.size != ATOMIC_BYTES:
            raise ValueError(f"{self.verb} has {ATOMIC_BYTES} bytes, not {self.size}")
        return self


class RdmaPlan(Record):
    """One connection and the operations on it, in order.  Times as in InfiniBand Architecture Vol. 1, 9.7.6."""

    operations: Annotated[tuple[RdmaOperation, ...], Field(min_length=1)]
    queue_pairs: Annotated[int, Field(ge=1, le=256)] = 1
    path_mtu: Literal[256, 512, 1024, 2048, 4096] = 1024
    """RDMA path MTU in bytes."""
    start_psn: Annotated[int, Field(ge=0, le=PSN_MAXIMUM)] | None = None
    """First PSN of both ends of every queue pair; random if None."""
    timeout: Annotated[int, Field(ge=0, le=31)] = 18
    """Local ACK timeout exponent T: 4.096 µs × 2^T; 0 waits for ever."""
    retry_count: Annotated[int, Field(ge=0, le=7)] = 6
    """Retries after a timeout or sequence error.  Soft-RoCE takes 7 as *for ever*."""
    rnr_retry: Annotated[int, Field(ge=0, le=7)] = 7
    """Retries after a receiver-not-ready NAK; 7 means *for ever*."""
    traffic_class: Annotated[int, Field(ge=0, le=255)] = 0
    """IP TOS octet: DSCP × 4 + ECN codepoint."""
    traffic_classes: tuple[Annotated[int, Field(ge=0, le=255)], ...] = ()
    """Instead of one for all: those of the queue pairs, in turn."""
    flow_label: Annotated[int, Field(ge=0, le=2**20 - 1)] = 0
    outstanding_reads: Annotated[int, Field(ge=1, le=255)] = 16
    """RDMA reads and atomics in flight; the device may allow fewer."""
    late_receives: bool = False
    """The responder posts its receives only when `RdmaConnection.post_receives` is called."""
    seed: int = 1
    """Chooses the content of all messages."""
    seconds: Annotated[float, Field(gt=0)] = 30
    """Time allowed for each operation."""


class RdmaEnd(Record):
    """One end of a queue pair."""

    qpn: int
    psn: int
    """First PSN this end sends."""
    rkey: int
    address: int
    """Virtual address of the memory that belongs to the queue pair."""


class RdmaQueuePair(Record):
    """Both ends of one queue pair."""

    requester: RdmaEnd
    responder: RdmaEnd


class RdmaQueuePairs(Record):
    """The connection as both ends announced it, before anything is sent."""

    requester_gid: str
    responder_gid: str
    queue_pairs: tuple[RdmaQueuePair, ...]


class Mismatch(Record):
    """The first place where memory does not hold what was sent."""

    queue_pair: int
    message: int
    offset: int
    """Bytes from the start of the message."""
    expected: str
    """Up to 16 bytes from there, hexadecimal."""
    got: str


class SideReport(Record):
    """What one end saw of one operation."""

    operation: int
    """Place in the plan."""
    completions: dict[str, int]
    """Work completions by status name, such as SUCCESS or RETRY_EXC_ERR."""
    missing: int
    """Work requests that did not complete in time."""
    bytes_compared: int
    mismatch: Mismatch | None
    seconds: float | None = None
    """From the first post to the last completion; the requester's clock."""
    wrong_receives: tuple[str, ...] = ()
    """Receives with a wrong length, immediate value or status, in words; responder only."""


class RdmaOperationResult(Record):
    """One operation as both ends saw it."""

    operation: RdmaOperation
    requester: SideReport
    responder: SideReport
    bytes_planned: int
    """Bytes that both ends together had to compare."""

    @property
    def bytes_compared(self) -> int:
        """Bytes that were compared at either end."""
        return self.requester.bytes_compared + self.responder.bytes_compared

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is not as planned, in words; empty if all arrived intact."""
        found = [*_problems("requester", self.requester), *_problems("responder", self.responder)]
        if self.bytes_compared != self.bytes_planned:
            found.append(f"{self.bytes_compared} of {self.bytes_planned} bytes compared")
        return tuple(found)


class RdmaResult(Record):
    """What came of a plan."""

    plan: RdmaPlan
    connection: RdmaQueuePairs
    operations: tuple[RdmaOperationResult, ...]


def bytes_planned(operation: RdmaOperation, queue_pairs: int) -> int:
    """Bytes to compare: all data; for atomics every original value and, once a queue pair, the final word."""
    words = operation.messages + 1 if operation.verb.atomic else operation.messages
    return words * operation.size * queue_pairs


def _problems(name: str, report: SideReport) -> list[str]:
    failed = [f"{count} × {status}" for status, count in report.completions.items() if status != "SUCCESS"]
    found = [f"{name}: {text}" for text in (*failed, *report.wrong_receives)]
    if report.missing:
        found.append(f"{name}: {report.missing} work requests not completed in time")
    if report.mismatch:
        where = f"queue pair {report.mismatch.queue_pair}, message {report.mismatch.message}"
        found.append(
            f"{name}: {where} differs at byte {report.mismatch.offset}: "
            f"expected {report.mismatch.expected}, got {report.mismatch.got}"
        )
    return found
