"""Run perftest between two hosts: server up and listening, then the client, both sides' output as one typed result.

perftest exchanges its queue pair numbers over TCP.  That side channel belongs on the management network: on the
fabric it would disturb what is measured, and be disturbed by it.
"""

import itertools
from types import TracebackType
from typing import NamedTuple, Self

from plugfest.errors import CommandError, DeadlineExceededError
from plugfest.records import Record
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.result import CommandResult
from plugfest.stimuli.perftest_options import PerftestOptions, Program
from plugfest.stimuli.perftest_output import (
    LISTENING,
    FailedCompletion,
    PerftestReport,
    PerftestRow,
    QueuePairAddress,
    parse_report,
)

# One side channel port after the other, so that runs of this process never meet on a server.
_SIDE_CHANNEL_PORTS = itertools.cycle(range(18515, 19515))
START_SECONDS = 30.0


class PerftestSide(NamedTuple):
    """One host of a run."""

    session: SessionProtocol
    rdma_device: str
    gid_index: int
    management_address: str
    """Where the peer reaches this host outside the fabric."""


class QueuePair(Record):
    """Both ends of one queue pair."""

    client: QueuePairAddress
    server: QueuePairAddress


class PerftestResult(Record):
    """One finished run."""

    program: Program
    queue_pairs: tuple[QueuePair, ...]
    rows: tuple[PerftestRow, ...]
    """What the client measured; empty if the run failed."""
    client: PerftestReport
    server: PerftestReport | None
    """None if the server printed nothing that can be read because the client failed."""
    failed: FailedCompletion | None
    """The completion error that ended the run on either side: a fact to judge, not an error of the tool."""
    seconds: float
    """Duration of the client program, start and set-up included."""


class Perftest:
    """A running pair of perftest programs; leaving the block stops what still runs, by its own process ids."""

    def __init__(
        self,
        program: Program,
        client: PerftestSide,
        server: PerftestSide,
        options: PerftestOptions | None = None,
        polite: bool = False,
    ) -> None:
        """Start the server, wait until it listens, then start the client.

        `polite` programs poll with the CPU time that nobody else wants: for load that runs beside a test.
        Raises CommandError with what the tool said if either cannot start.
        """
        self.program = program
        arguments = (options or PerftestOptions()).arguments(program)
        prefix = ("nice", "-n", "19") if polite else ()
        port = next(_SIDE_CHANNEL_PORTS)
        self._server = server.session.start(*prefix, *command_line(program, server, port, arguments))
        try:
            self._await_listening(server.session, port)
            self._client = client.session.start(
                *prefix, *command_line(program, client, port, arguments), server.management_address
            )
        except BaseException:
            self._server.stop()
            raise

    def _await_listening(self, session: SessionProtocol, port: int) -> None:
        deadline = Deadline(f"{self.program} server listens on {session.name}", START_SECONDS)
        self._server.read_until(LISTENING, deadline)
        # The line comes just before the socket: a client that is quick would be refused.
        deadline.wait_for(lambda: session.run("ss", "-Hltn", f"sport = :{port}").out.strip())

    def result(self, deadline: Deadline) -> PerftestResult:
        """Wait for both programs and return what they said.

        A failed completion is part of the result; CommandError if a program failed for another reason.
        """
        client = self._client.wait(deadline, check=False)
        report = parse_report(client)
        # A server whose client gave up may wait for it for ever.
        server = self._server.wait(deadline, check=False) if client.ok else self._server.stop()
        failed = report.failed or _failure(server)
        if not (client.ok and server.ok) and not failed:
            raise CommandError(_why(client, server))
        served = parse_report(server) if server.ok else None
        return PerftestResult(
            program=self.program,
            queue_pairs=_queue_pairs(report),
            rows=report.rows,
            client=report,
            server=served,
            failed=failed,
            seconds=client.duration,
        )

    @property
    def running(self) -> bool:
        """True while the client program runs."""
        try:
            self._client.wait(Deadline(f"a look whether {self.program} has ended", 0.1), check=False)
        except DeadlineExceededError:
            return True
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._client, self._server):
            process.stop()


def run_perftest(
    program: Program,
    client: PerftestSide,
    server: PerftestSide,
    options: PerftestOptions | None = None,
    seconds: float = 120,
) -> PerftestResult:
    """Run `program` from client to server to its end; `seconds` bounds the run."""
    deadline = Deadline(f"{program} from {client.session.name} to {server.session.name}", seconds)
    with Perftest(program, client, server, options) as running:
        return running.result(deadline)


def command_line(program: Program, side: PerftestSide, port: int, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The command of one side.

    Line buffering, because perftest does not flush the line it announces itself with.  ``-F``: a CPU that changes its
    clock is no reason to refuse a functional test.
    """
    device = (f"--ib-dev={side.rdma_device}", f"--gid-index={side.gid_index}", f"--port={port}")
    return ("stdbuf", "-oL", str(program), "-F", *device, *arguments)


def _failure(server: CommandResult) -> FailedCompletion | None:
    return None if server.ok else parse_report(server).failed


def _queue_pairs(report: PerftestReport) -> tuple[QueuePair, ...]:
    pairs = zip(report.local, report.remote, strict=False)
    return tuple(QueuePair(client=local, server=remote) for local, remote in pairs)


def _why(client: CommandResult, server: CommandResult) -> str:
    return "; ".join(
        f"{side.device}: `{side.command}` ended with exit status {side.exit_status} and said: {side.said}"
        for side in (client, server)
    )
