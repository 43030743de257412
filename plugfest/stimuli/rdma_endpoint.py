"""RDMA between two hosts in two phases: first everybody knows every number, then the traffic starts.

Between `RdmaConnection.prepare` and `RdmaConnection.go` the queue pair numbers, PSNs and GIDs are known and nothing
has been sent: the moment to arm captures and event injection.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import ValidationError

from plugfest.devices.gid import canonical_gid
from plugfest.errors import CommandError, ParseError
from plugfest.records import Record
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.remote_process import RemoteProcess
from plugfest.stimuli.rdma_plan import (
    RdmaEnd,
    RdmaOperation,
    RdmaOperationResult,
    RdmaPlan,
    RdmaQueuePair,
    RdmaQueuePairs,
    RdmaResult,
    SideReport,
    bytes_planned,
)
from plugfest.stimuli.rdma_program import installed

VERSION = 1
START_SECONDS = 60.0
ANSWER_SECONDS = 60.0
Message = dict[str, Any]
R = TypeVar("R", bound=Record)


class RdmaEndpoint:
    """The endpoint program running on one host; serves one connection after the other."""

    def __init__(self, process: RemoteProcess, name: str, rdma_device: str, gid_index: int, port: int = 1) -> None:
        """Take a started program; use `rdma_endpoint` to get one."""
        self.name = name
        self.port_settings = {"device": rdma_device, "gid_index": gid_index, "port": port}
        self._process = process
        self._answer("ready", Deadline(f"RDMA endpoint program starts on {name}", START_SECONDS))

    def tell(self, kind: str, **content: object) -> None:
        """Send one message."""
        text = json.dumps({"version": VERSION, "type": kind, **content})
        self._process.send(f"{text}\n", Deadline(f"{kind} to {self.name}", ANSWER_SECONDS))

    def answer(self, kind: str, what: str, seconds: float = ANSWER_SECONDS) -> Message:
        """The next message, which must be of this kind; CommandError with the endpoint's own words if it failed."""
        return self._answer(kind, Deadline(f"{what} on {self.name}", seconds))

    def reports(self, operations: tuple[RdmaOperation, ...], seconds: float) -> Iterator[SideReport]:
        """One report for each operation, as they end; each may take `seconds`."""
        for operation in operations:
            message = self.answer("operation", str(operation), seconds + ANSWER_SECONDS)
            yield _record(self.name, SideReport, message)
        self.answer("done", "end of the operations")

    def _answer(self, kind: str, deadline: Deadline) -> Message:
        line = self._process.read_until(r"^(\{.*\})\n", deadline)[1]
        message: Message = json.loads(line)
        if message.get("type") == "error":
            raise CommandError(f"{self.name}: {deadline.name}: {message['message']}")
        if message.pop("version", None) != VERSION or message.pop("type", None) != kind:
            raise ParseError(f"{self.name}: RDMA endpoint: expected {kind!r} of version {VERSION}, got {line:.200}")
        return message


@contextmanager
def rdma_endpoint(session: SessionProtocol, rdma_device: str, gid_index: int, port: int = 1) -> Iterator[RdmaEndpoint]:
    """An endpoint on a host: the program is brought there, started, stopped and removed again."""
    with installed(session) as program, session.start("python3", program, stdin=True) as process:
        yield RdmaEndpoint(process, session.name, rdma_device, gid_index, port)


class RdmaConnection:
    """One connection between two endpoints: `prepare`, then `go`, then `result`."""

    def __init__(self, requester: RdmaEndpoint, responder: RdmaEndpoint, plan: RdmaPlan) -> None:
        self.requester, self.responder, self.plan = requester, responder, plan
        self._connection: RdmaQueuePairs | None = None

    @property
    def queue_pairs(self) -> RdmaQueuePairs:
        """What `prepare` agreed on."""
        assert self._connection, "prepare() comes first"
        return self._connection

    def prepare(self) -> RdmaQueuePairs:
        """Bring both ends to RTS; nothing is sent yet."""
        ends = (self.requester, self.responder)
        for end in ends:
            end.tell("prepare", **self._preparation(end))
        offers = [end.answer("prepared", "preparing queue pairs") for end in ends]
        for end, peer in zip(ends, reversed(offers), strict=True):
            end.tell("connect", peer=peer)
        for end in ends:
            end.answer("connected", "connecting queue pairs")
        self._connection = _connection(self.requester.name, *offers)
        return self._connection

    def go(self) -> None:
        """Let the requester start; returns at once."""
        self.requester.tell("go", seconds=self.plan.seconds)

    def post_receives(self) -> None:
        """Let the responder post its receives: for plans with `late_receives`."""
        self.responder.tell("receive")
        self.responder.answer("receiving", "posting receives")

    def result(self) -> RdmaResult:
        """Wait for the last operation, let the responder compare what arrived, and close the connection."""
        connection = self.queue_pairs
        requested = tuple(self.requester.reports(self.plan.operations, self.plan.seconds))
        # After a failure the responder's receives will never come: no reason to wait for them.
        intact = all(not report.missing and set(report.completions) == {"SUCCESS"} for report in requested)
        self.responder.tell("verify", seconds=self.plan.seconds if intact else 0)
        verified = tuple(self.responder.reports(self.plan.operations, self.plan.seconds))
        for end in (self.requester, self.responder):
            end.tell("close")
            end.answer("closed", "closing queue pairs")
        return RdmaResult(
            plan=self.plan,
            connection=connection,
            operations=tuple(
                RdmaOperationResult(
                    operation=operation,
                    requester=request,
                    responder=response,
                    bytes_planned=bytes_planned(operation, self.plan.queue_pairs),
                )
                for operation, request, response in zip(self.plan.operations, requested, verified, strict=True)
            ),
        )

    def run(self) -> RdmaResult:
        """All three phases."""
        self.prepare()
        self.go()
        return self.result()

    def _preparation(self, end: RdmaEndpoint) -> Message:
        plan = self.plan.model_dump(mode="json")
        about_messages = {name: plan.pop(name) for name in ("operations", "seed", "late_receives")}
        settings = {**plan, **end.port_settings}
        return {"requester": end is self.requester, **about_messages, "settings": settings}


def _connection(name: str, requester: Message, responder: Message) -> RdmaQueuePairs:
    pairs = zip(requester["queue_pairs"], responder["queue_pairs"], strict=True)
    return RdmaQueuePairs(
        requester_gid=canonical_gid(requester["gid"]),
        responder_gid=canonical_gid(responder["gid"]),
        queue_pairs=tuple(
            RdmaQueuePair(requester=_record(name, RdmaEnd, one), responder=_record(name, RdmaEnd, other))
            for one, other in pairs
        ),
    )


def _record(name: str, kind: type[R], message: Message) -> R:
    try:
        return kind.model_validate(message)
    except ValidationError as error:
        raise ParseError(f"{name}: RDMA endpoint: {message!r:.200} is no {kind.__name__}: {error}") from None
