"""H3C Comware: PFC state and counters, packet drops by reason, egress queues."""

from dataclasses import replace

from plugfest.devices.dialects import values
from plugfest.devices.dialects.header_table import header_table
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import DropCounters, EcnCounters, PfcConfig, PfcCounters
from plugfest.devices.records import QueueCounters

COLUMNS = ("Interface", "AdminMode", "OperMode", "Dot1pList", "Prio", "Recv", "Send", "Inpps", "Outpps")
SHORT = COLUMNS[:7]
NAMES = {"Conf": "AdminMode", "Ne": "OperMode", "P": "Prio", "Sent": "Send"}
"""The same columns as older releases call them."""
LEGEND = (r"Conf -- Configured mode\s+Ne -- Negotiated mode\s+P -- Priority",)
WIDTH = 80
"""Where a terminal breaks a line in two; the second part of each line then begins within its first words."""


def pfc(output: Output) -> tuple[PfcConfig | PfcCounters, ...]:
    """`display priority-flow-control interface`: PFC of each port, then its counters by priority.

    The list of priorities can be blank; further priorities of a port leave its name blank.
    """
    output = _unbroken(output)
    records: list[PfcConfig | PfcCounters] = []
    port = ""
    for row in header_table(output, _columns(output), prose=LEGEND):
        row = Row(row.line, {NAMES.get(name, name): cell for name, cell in row.cells.items()})
        port = row.cells["Interface"] or port
        records.extend(build(output, [row], _records, port)[0])
    return tuple(records)


def _unbroken(output: Output) -> Output:
    """Lines that an 80-column terminal broke in two, put together again."""
    if not any(tuple(line.text.split()) == COLUMNS[:6] for line in output.lines):
        return output
    lines: list[Line] = []
    for line in filter(lambda line: line.text, output.lines):
        indent = len(line.text) - len(line.text.lstrip())
        if lines and 0 < indent < len("Interface"):
            lines[-1] = Line(lines[-1].number, lines[-1].text.ljust(WIDTH) + line.text)
        else:
            lines.append(line)
    return replace(output, lines=tuple(lines))


def _columns(output: Output) -> tuple[str, ...]:
    """The words of the header as this release prints them."""
    headers = (tuple(line.text.split()) for line in output.lines)
    known = (header for header in headers if tuple(NAMES.get(name, name) for name in header) in (COLUMNS, SHORT))
    return next(known, COLUMNS)


def _records(row: Row, port: str) -> list[PfcConfig | PfcCounters]:
    found: list[PfcConfig | PfcCounters] = []
    if not port:
        raise ValueError("a line without port before the first port")
    if row.cells["Interface"]:
        found.append(
            PfcConfig(
                port=port,
                mode=row["AdminMode"].lower(),
                operational=values.switched(row["OperMode"]),
                priorities=values.integers(row["Dot1pList"]) if row.text("Dot1pList") else None,
            )
        )
    counted = [name for name in ("Prio", "Recv", "Send") if row.text(name)]
    if counted:
        found.append(
            PfcCounters(
                port=port,
                priority=row.count("Prio"),
                rx_frames=row.count("Recv"),
                tx_frames=row.count("Send"),
                rx_frames_per_second=row.count("Inpps"),
                tx_frames_per_second=row.count("Outpps"),
            )
        )
    return found


def drops(output: Output) -> tuple[DropCounters | EcnCounters, ...]:
    """`display packet-drop interface`: packets by the reason the chip gives; data-centre releases add ECN marks."""
    rows = textfsm_rows(output, "h3c_comware/display_packet-drop", nothing=r"(?m)^\S+:$")
    return tuple(record for records in build(output, rows, _drops) for record in records)


def _drops(row: Row) -> tuple[DropCounters | EcnCounters, ...]:
    port, reason = row["INTERFACE"], row.text("REASON")
    if "MARKED" in row.cells:
        return (EcnCounters(port=port, queue=None, marked_packets=row.count("MARKED")),)
    if "WRED" in row.cells:
        return (DropCounters(port=port, reason="WRED", packets=row.count("WRED")),)
    if "PACKETS" in row.cells:
        return (DropCounters(port=port, reason=reason, packets=row.count("PACKETS")),)
    return (
        DropCounters(port=port, direction="ingress", reason=reason, packets=row.count("INPUT")),
        DropCounters(port=port, direction="egress", reason=reason, packets=row.count("OUTPUT")),
    )


def queues(output: Output) -> tuple[QueueCounters, ...]:
    """`display qos queue-statistics interface … outbound`: one record a queue."""
    return build(output, textfsm_rows(output, "h3c_comware/display_qos_queue-statistics"), _queue)


def _queue(row: Row) -> QueueCounters:
    return QueueCounters(
        port=row["INTERFACE"],
        queue=row["QUEUE"],
        tx_packets=row.count("SENT_PACKETS"),
        tx_bytes=row.count("SENT_BYTES"),
        dropped_packets=row.count("DROPPED_PACKETS"),
        dropped_bytes=row.count("DROPPED_BYTES"),
    )


READINGS = (
    Reading(
        ("display priority-flow-control interface [{port}]", "display priority-flow-control interface {kind}"),
        (Question.PFC_COUNTERS, Question.PFC_CONFIG),
        pfc,
        Evidence.MANUAL,
    ),
    Reading(
        ("display packet-drop interface [{port}]", "display packet-drop interface {kind}"),
        (Question.DROPS, Question.ECN_COUNTERS),
        drops,
        Evidence.MANUAL,
    ),
    Reading(
        (
            "display qos queue-statistics interface [{port}] outbound",
            "display qos queue-statistics interface {kind} outbound",
        ),
        (Question.QUEUE_COUNTERS, Question.DROPS),
        queues,
        Evidence.NONE,
    ),
)
