"""Queueing disciplines of a Linux port with their counters, from ``tc``'s JSON."""

from pydantic import TypeAdapter

from plugfest.devices.answers import Shape, read_json
from plugfest.devices.records import QueueCounters
from plugfest.sessions.result import CommandResult


def show_queues(port: str) -> tuple[str, ...]:
    """The command that `parse_queues` reads."""
    return ("tc", "-j", "-s", "qdisc", "show", "dev", port)


class _Qdisc(Shape):
    kind: str
    handle: str
    bytes: int
    packets: int
    drops: int
    backlog: int
    marked: int | None = None
    """RED and its kin."""
    ecn_mark: int | None = None
    """FQ-CoDel and CAKE."""


_QDISCS: TypeAdapter[list[_Qdisc]] = TypeAdapter(list[_Qdisc])


def parse_queues(result: CommandResult, port: str) -> tuple[QueueCounters, ...]:
    """Queues of `port` named ``KIND HANDLE``, root first; ECN marks are unmeasured where a discipline cannot mark."""
    return tuple(_queue(qdisc, port) for qdisc in read_json(result, _QDISCS))


def _queue(qdisc: _Qdisc, port: str) -> QueueCounters:
    return QueueCounters(
        port=port,
        queue=f"{qdisc.kind} {qdisc.handle}",
        tx_packets=qdisc.packets,
        tx_bytes=qdisc.bytes,
        dropped_packets=qdisc.drops,
        ecn_marked_packets=qdisc.marked if qdisc.marked is not None else qdisc.ecn_mark,
        backlog_bytes=qdisc.backlog,
    )
