"""Arista EOS: packets marked by ECN, queue by queue."""

from pydantic import Field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import EcnCounters


class _Port(Wire):
    counters: dict[str, str | int] = Field(alias="queueCounters")


class _Ports(Wire):
    ports: dict[str, _Port] = Field(alias="intfQueueCounters")


def marked(output: Output) -> tuple[EcnCounters, ...]:
    """`show qos interfaces ecn counters queue | json`; ``-`` is a queue without ECN: unmeasured.

    Counts only where `random-detect ecn count` is configured.
    """
    wire = read_json(output, _Ports)
    return tuple(
        EcnCounters(port=name, queue=_queue(queue), marked_packets=_count(counted))
        for name, port in wire.ports.items()
        for queue, counted in port.counters.items()
    )


def _queue(name: str) -> str:
    if not name:
        raise ValueError("a queue without name")
    return name


def _count(counted: str | int) -> int | None:
    return None if counted == "-" else values.count(str(counted))


READINGS = (
    Reading(
        ("show qos interfaces [{port}] ecn counters queue | json",), (Question.ECN_COUNTERS,), marked, Evidence.MANUAL
    ),
)
