"""Cisco NX-OS: PFC of the ports, and the PFC watchdog."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import PfcConfig, PfcCounters, PfcWatchdogConfig, PfcWatchdogCounters


def ports(output: Output) -> tuple[PfcConfig | PfcCounters, ...]:
    """`show interface priority-flow-control`: state and totals of all priorities together."""
    rows = textfsm_rows(output, "cisco_nxos/show_interface_priority-flow-control")
    return tuple(record for records in build(output, rows, _port) for record in records)


def _port(row: Row) -> tuple[PfcConfig | PfcCounters, ...]:
    bitmap = row.text("BITMAP")
    return (
        PfcConfig(
            port=row["PORT"],
            mode=row["MODE"].lower(),
            operational=values.switched(row["OPER"]),
            priorities=_priorities(bitmap) if bitmap else None,
        ),
        PfcCounters(port=row["PORT"], priority=None, rx_frames=row.count("RECEIVED"), tx_frames=row.count("SENT")),
    )


def each_priority(output: Output) -> tuple[PfcConfig | PfcCounters, ...]:
    """`show interface priority-flow-control detail`: the same, then the counters of each priority."""
    rows = textfsm_rows(output, "cisco_nxos/show_interface_priority-flow-control_detail")
    return tuple(record for records in build(output, rows, _detail) for record in records)


def _detail(row: Row) -> tuple[PfcConfig | PfcCounters, ...]:
    received, sent = (
        [values.count(cell) for cell in row[column].split("|")] for column in ("RECEIVED_EACH", "SENT_EACH")
    )
    if not len(received) == len(sent) == 8:
        raise ValueError("expected a received and a sent count for each of 8 priorities")
    each = (
        PfcCounters(port=row["PORT"], priority=priority, rx_frames=received[priority], tx_frames=sent[priority])
        for priority in range(8)
    )
    return (*_port(row), *each)


def _priorities(bitmap: str) -> tuple[int, ...]:
    """Bit n of the hexadecimal bitmap is virtual lane, that is priority, n."""
    bits = int(bitmap, 16)
    if bits > 0xFF:
        raise ValueError(f"{bitmap!r} has more bits than there are priorities")
    return tuple(priority for priority in range(8) if bits >> priority & 1)


def watchdog(output: Output) -> tuple[PfcWatchdogConfig | PfcWatchdogCounters, ...]:
    """`show queuing pfc-queue interface I detail`: setting and counters of each QoS group with PFC."""
    rows = textfsm_rows(output, "cisco_nxos/show_queuing_pfc-queue")
    return tuple(record for records in build(output, rows, _watchdog) for record in records)


def _watchdog(row: Row) -> tuple[PfcWatchdogConfig | PfcWatchdogCounters, ...]:
    port, queue = row["PORT"], row["GROUP"]
    return (
        PfcWatchdogConfig(port=port, queue=queue, enabled=values.switched(row["ENABLED"]), status=row.text("STATE")),
        PfcWatchdogCounters(
            port=port,
            queue=queue,
            status=row.text("STATE"),
            storms_detected=row.count("SHUTDOWN"),
            storms_restored=row.count("RESTORED"),
            drained_packets=row.count("DRAINED"),
            tx_dropped_packets=row.count("DROPPED"),
            rx_dropped_packets=row.count("INGRESS_DROPPED"),
        ),
    )


READINGS = (
    Reading(
        ("show interface [{port}] priority-flow-control",),
        (Question.PFC_COUNTERS, Question.PFC_CONFIG),
        ports,
        Evidence.NONE,
    ),
    Reading(
        ("show interface [{port}] priority-flow-control detail",),
        (Question.PFC_COUNTERS, Question.PFC_CONFIG),
        each_priority,
        Evidence.NONE,
    ),
    Reading(
        (
            "show queuing pfc-queue interface [{port}] detail",
            "show queuing pfc-queue [interface {port}] [detail]",
            "show queuing pfc-queue",
        ),
        (Question.PFC_WATCHDOG,),
        watchdog,
        Evidence.NONE,
    ),
)
