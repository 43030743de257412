"""Cumulus NVUE: queue, buffer and PFC counters of one port (`nv show interface P counters qos`)."""

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.qos_records import DropCounters, EcnCounters, PfcCounters
from plugfest.devices.records import QueueCounters
from plugfest.records import Record

COLUMNS = (
    "priority-group",
    "rx-frames",
    "rx-buffer-discards",
    "rx-shared-buffer-discards",
    "rx-bytes",
    "traffic-class",
    "tx-frames",
    "tx-bytes",
    "tx-uc-buffer-discards",
    "wred-discards",
    "switch-priority",
    "rx-pause-frames",
    "rx-pause-duration",
    "tx-pause-frames",
    "tx-pause-duration",
    "Counter",
    "Receive",
    "Transmit",
)
PROSE = (r"(?:Ingress Buffer|Egress Queue|PFC|Qos Port) Statistics", r"=+")
PORT_COUNTERS = ("ecn-marked-packets", "mc-buffer-discards", "pause-frames")
"""Some releases print them as ``ECN Marked Packets``."""
PARTS = ("", " pfc-stats", " egress-queue-stats", " ingress-buffer-stats", " port-stats")


def counters(output: Output) -> tuple[Record, ...]:
    """Drops by priority group, egress queues, PFC by priority, and the port's ECN marks."""
    port = output.port()
    makers = {"priority-group": _ingress, "traffic-class": _egress, "switch-priority": _pfc, "Counter": _port}
    records: list[Record] = []
    for table in ruler_tables(output, required=(), optional=COLUMNS, prose=PROSE):
        make = makers.get(table.columns[0])
        if make is None:
            raise output.error(f"no table begins with the column {table.columns[0]!r}", table.header)
        for made in build(output, table.rows, make, port):
            records.extend(made)
    return tuple(records)


def _ingress(row: Row, port: str) -> list[Record]:
    return [
        DropCounters(
            port=port,
            direction="ingress",
            priority_group=row["priority-group"],
            reason=reason,
            packets=_packets(row, column),
            bytes=_bytes(row, column),
        )
        for column, reason in (("rx-buffer-discards", "buffer"), ("rx-shared-buffer-discards", "shared buffer"))
    ]


def _egress(row: Row, port: str) -> list[Record]:
    queue = row["traffic-class"]
    return [
        QueueCounters(
            port=port,
            queue=queue,
            tx_packets=row.count("tx-frames"),
            tx_bytes=row.size("tx-bytes"),
            dropped_packets=_packets(row, "tx-uc-buffer-discards"),
            dropped_bytes=_bytes(row, "tx-uc-buffer-discards"),
        ),
        DropCounters(port=port, direction="egress", queue=queue, reason="WRED", packets=row.count("wred-discards")),
    ]


def _pfc(row: Row, port: str) -> list[Record]:
    return [
        PfcCounters(
            port=port,
            priority=row.count("switch-priority"),
            rx_frames=row.count("rx-pause-frames"),
            tx_frames=row.count("tx-pause-frames"),
            rx_pause_microseconds=row.count("rx-pause-duration"),
            tx_pause_microseconds=row.count("tx-pause-duration"),
        )
    ]


def _port(row: Row, port: str) -> list[Record]:
    received, sent = row.count("Receive"), row.count("Transmit")
    name = row["Counter"].lower().replace(" ", "-")
    if name not in PORT_COUNTERS:
        raise ValueError(f"unknown counter {row['Counter']!r}")
    if name == "ecn-marked-packets":
        return [EcnCounters(port=port, queue=None, marked_packets=sent)]
    if name == "mc-buffer-discards":
        return [DropCounters(port=port, direction="egress", reason="multicast buffer", packets=sent)]
    counted = {"rx pause-frames": received, "tx pause-frames": sent}
    return [PortCounters(port=port, details={key: value for key, value in counted.items() if value is not None})]


def _packets(row: Row, column: str) -> int | None:
    """The value, if it is printed without a unit: then it counts packets."""
    return row.count(column) if row.cells.get(column, "").isdigit() else None


def _bytes(row: Row, column: str) -> int | None:
    return None if row.cells.get(column, "").isdigit() else row.size(column)


READINGS = (
    Reading(
        (
            *(
                f"nv show interface {{port}} {words}{part}"
                for words in ("counters qos", "qos counters")
                for part in PARTS
            ),
            "nv show interface counters qos",
        ),
        (Question.QUEUE_COUNTERS, Question.PFC_COUNTERS, Question.DROPS, Question.ECN_COUNTERS),
        counters,
        Evidence.MANUAL,
    ),
)
