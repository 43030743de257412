"""A switch that is asked through its dialect's command line: the vendor-neutral `Switch` for every dialect."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from plugfest.devices.changes import Change
from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.read_only import ReadOnly
from plugfest.devices.dialects.reading import Question, Reading, filled
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.protocols import Unsupported
from plugfest.devices.qos_records import EcnCounters, EcnProfile
from plugfest.devices.records import (
    BgpNeighbor,
    DeviceFacts,
    InterfaceState,
    LldpNeighbor,
    QueueCounters,
    Route,
)
from plugfest.records import Record
from plugfest.sessions.result import CommandResult

R = TypeVar("R", bound=Record)


class CommandLine(Protocol):
    """What a dialect needs of a session; `plugfest.sessions.network_cli.NetworkCli` fulfils it."""

    def run(self, *command: str, timeout: float = 30.0, check: bool = True) -> CommandResult:
        """Send one command line and the answers to its questions, return what was printed until the prompt."""


class DialectSwitch(ReadOnly):
    """Fulfils `plugfest.devices.protocols.Switch` with the readings of a dialect.

    Raises Unsupported for a question no reading answers, ParseError for an answer of unknown form and CommandError
    if the device rejects a command.
    """

    def __init__(self, name: str, dialect: Dialect, command_line: CommandLine) -> None:
        self.name, self.dialect, self._command_line = name, dialect, command_line

    def ask(self, question: Question, port: str | None = None) -> tuple[Record, ...]:
        """All records of the best reading that answers the question (and can be typed with this port)."""
        for reading in self.dialect.answering(question):
            command = filled(reading.commands[0], port)
            if command is not None:
                return tuple(self._run(command))
        seen = ", ".join(reading.command for reading in self.dialect.answering(question)) or "no command for it"
        raise Unsupported(f"{self.name}: {self.dialect.name} cannot answer {question.value!r}: {seen}")

    def facts(self) -> DeviceFacts:
        """Vendor, model, software."""
        return self._only(DeviceFacts, Question.VERSION)[0]

    def interfaces(self) -> dict[str, InterfaceState]:
        """Ports by name; counters come from a second command where the first has none."""
        states = {state.name: state for state in self._only(InterfaceState, Question.INTERFACES)}
        if any(state.counters for state in states.values()) or not self._separate_counters():
            return states
        for counted in self._only(PortCounters, Question.INTERFACE_COUNTERS):
            if counted.port in states:
                states[counted.port] = states[counted.port].model_copy(update={"counters": counted.counters})
        return states

    def lldp_neighbors(self) -> tuple[LldpNeighbor, ...]:
        """Neighbours heard by LLDP."""
        return self._only(LldpNeighbor, Question.LLDP)

    def bgp_neighbors(self) -> tuple[BgpNeighbor, ...]:
        """BGP sessions."""
        return self._only(BgpNeighbor, Question.BGP)

    def routes(self) -> tuple[Route, ...]:
        """Installed IPv4 routes."""
        return self._only(Route, Question.ROUTES)

    def queues(self, port: str) -> tuple[QueueCounters, ...]:
        """Egress queues of a port."""
        return tuple(queue for queue in self._only(QueueCounters, Question.QUEUE_COUNTERS, port) if queue.port == port)

    def mark_all(self, port: str) -> Change:
        """The change that sets the thresholds of the one marking profile to zero, on all ports that use it."""
        if self.dialect.mark_all is None:
            return super().mark_all(port)
        return self.dialect.mark_all(self.name, self._only(EcnProfile, Question.ECN_CONFIG))

    def marks(self, port: str) -> int:
        """ECN marks that the queues of `port` count; Unsupported if none of them does."""
        counters = self._only(EcnCounters, Question.ECN_COUNTERS, port)
        counted = [item.marked_packets for item in counters if item.port == port and item.marked_packets is not None]
        if not counted:
            raise Unsupported(f"{self.name}: {port} counts no ECN marks")
        return sum(counted)

    def _separate_counters(self) -> bool:
        return any(_plain(reading) for reading in self.dialect.answering(Question.INTERFACE_COUNTERS))

    def _only(self, kind: type[R], question: Question, port: str | None = None) -> tuple[R, ...]:
        return tuple(record for record in self.ask(question, port) if isinstance(record, kind))

    def _run(self, command: str) -> Sequence[Record]:
        """The prompt that ended the answer proves that its last line is whole."""
        result = self._command_line.run(command, check=False)
        return self.dialect.parse(command, result.out + "\n", device=self.name)


def _plain(reading: Reading) -> bool:
    return filled(reading.commands[0], None) is not None
