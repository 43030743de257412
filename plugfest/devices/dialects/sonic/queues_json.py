"""SONiC: queue counters as JSON."""

from pydantic import Field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import QueueCounters


class _Queue(Wire):
    packets: str = Field(alias="totalpacket")
    bytes: str = Field(alias="totalbytes")
    dropped_packets: str = Field(alias="droppacket")
    dropped_bytes: str | None = Field(default=None, alias="dropbytes")


def counters(output: Output) -> tuple[QueueCounters, ...]:
    """`show queue counters --json`: the same numbers as the table, printed as text inside the JSON."""
    document = read_json(output, dict[str, dict[str, object]])
    return tuple(
        _record(output, port, name, queue)
        for port, queues in document.items() for name, queue in queues.items() if name not in ("time", "cached_time")
    )


def _record(output: Output, port: str, name: str, queue: object) -> QueueCounters:
    try:
        wire = _Queue.model_validate(queue)
        return QueueCounters(
            port=port, queue=name, tx_packets=_count(wire.packets), tx_bytes=_count(wire.bytes),
            dropped_packets=_count(wire.dropped_packets),
            dropped_bytes=None if wire.dropped_bytes is None else _count(wire.dropped_bytes),
        )
    except ValueError as error:
        raise output.error(f"port {port}, queue {name}: {error}") from error


def _count(text: str) -> int | None:
    return None if values.absent(text) else values.count(text)


READINGS = (
    Reading(("show queue counters --json [{port}]", "show queue counters -j [{port}]",
             "show queue counters {port} --json", "queuestat -j"),
            (Question.QUEUE_COUNTERS,), counters, Evidence.DEVICE),
)
