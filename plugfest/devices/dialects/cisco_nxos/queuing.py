"""Cisco NX-OS: egress queues with scheduling and ECN marks, drops and PFC by class of service of one port."""

import re
from dataclasses import dataclass, field
from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.cisco_nxos.queuing_legacy import legacy
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import Direction, DropCounters, EcnCounters, PfcCounters, SchedulerQueue
from plugfest.devices.records import QueueCounters
from plugfest.records import Record

Queuing = SchedulerQueue | QueueCounters | EcnCounters | DropCounters | PfcCounters
PORT = re.compile(r"(Egress|Ingress) Queuing for (\S+)(?: \[.*\])?")
GROUP = re.compile(r"\|\s*((?:\w+ )?QOS GROUP(?: \d+)?)\s*\|", re.IGNORECASE)
KINDS = re.compile(r"\|\s*\|((?:\s*[A-Z][\w ]*\|?)+)")
CELLS = re.compile(r"\|(.*)\|")
COUNTERS = {
    "tx pkts": "tx_packets",
    "tx byts": "tx_bytes",
    "dropped pkts": "dropped_packets",
    "dropped byts": "dropped_bytes",
    "wred/afd & tail drop pkts": "dropped_packets",
    "wred/afd & tail drop byts": "dropped_bytes",
    "wred & tail drop pkts": "dropped_packets",
    "wred & tail drop byts": "dropped_bytes",
    "wd & tail drop pkts": "",
    "q depth byts": "backlog_bytes",
    "wred/afd drop pkts": "",
    "tail drop pkts": "",
    "wred drop pkts": "",
    "ecn marked pkts": "ecn_marked_packets",
}
SCHEDULER = re.compile(r"(\d+)\s+(\d+|-)\s+(\d+|-)\s+([\d.]+|-)\s+([\d.]+|-)\s+([A-Za-z]*bps|-)\s+\d+(?:\([DS]\))?")
"""Group, bandwidth in percent, priority level, shape from, to and its unit, queue limit."""
PORT_DROPS: dict[str, tuple[Direction, str, Literal["packets", "bytes"]]] = {
    "wred drop pkts": ("egress", "WRED", "packets"),
    "wred non ecn drop pkts": ("egress", "WRED Non ECN", "packets"),
    "pause flush drop pkts": ("egress", "pause flush", "packets"),
    "ingress mmu drop pkts": ("ingress", "MMU", "packets"),
    "ingress mmu drop bytes": ("ingress", "MMU", "bytes"),
    "hi priority drop pkts": ("ingress", "high priority", "packets"),
    "low priority drop pkts": ("ingress", "low priority", "packets"),
    "ingress overflow drop pkts": ("ingress", "overflow", "packets"),
}
PORT_DROP = re.compile(rf"({'|'.join(PORT_DROPS)})\s+(\d+)", re.IGNORECASE)
TOTALS = re.compile(r"TxPPP:\s*(\d+),\s*RxPPP:\s*(\d+)")
COS = re.compile(
    r"\s*(?P<cos>\d)\s+(?:\d+|-)(?:\s+(?:\d+|-))?"
    r"\s+(?:Active|Inactive)\s+(?P<sent>\d+)\s+(?:Active|Inactive)\s+(?P<received>\d+)"
)
STATISTICS = re.compile(r"(?:Per )?(Port|Slice) (?:Egress|Ingress) Statistics")
"""Heads the port's own counters, or those that all ports of a slice of the chip share."""
PROSE = re.compile(
    r"slot\s+\d+|PFC Statistics|[+|]?[-=]+[+|]*|"
    r"(?:PFC_)?COS\s+QOS[ _]Group(?:\s+PG)?\s+TxPause\s+TxCount\s+RxPause\s+RxCount|"
    r"QoS-Group#\s+(?:Bandwidth%\s+PrioLevel\s+Shape\s+QLimit|Pause)|Min\s+Max\s+Units|"
    r"Buff Size\s+Pause Th\s+Resume Th|\d+(?:\s+(?:\d+|-)){3}"
)


@dataclass
class _State:
    output: Output
    port: str = ""
    group: str = ""
    kinds: list[str] = field(default_factory=list)
    queues: dict[str, dict[str, int]] = field(default_factory=dict)
    records: list[Queuing] = field(default_factory=list)
    drops: dict[tuple[Direction, str], dict[str, int]] = field(default_factory=dict)
    shared: bool = False


def queuing(output: Output) -> tuple[Record, ...]:
    """`show queuing interface I`: one record a QoS group and kind of traffic, then drops and PFC of the port."""
    if "queuing information:" in output.text:
        return legacy(output)
    state = _State(output)
    for line in output.lines:
        if line.text:
            with output.at(line):
                _take(state, line)
    _close(state)
    if not state.records:
        raise output.error("no queue was found")
    return tuple(state.records)


def _take(state: _State, line: Line) -> None:
    text = line.text.strip()
    if port := PORT.fullmatch(text):
        _close(state)
        state.port, state.shared = port[2], False
    elif not state.port and not PROSE.fullmatch(text):
        raise ValueError("expected 'Egress Queuing for …'")
    elif group := GROUP.fullmatch(text):
        state.group, state.kinds = group[1].lower().replace("qos group ", ""), []
    elif kinds := KINDS.fullmatch(text):
        state.kinds = [kind.strip().lower() for kind in kinds[1].split("|") if kind.strip()]
    elif (cells := CELLS.fullmatch(text)) and not PROSE.fullmatch(text):
        _counters(state, [cell.strip() for cell in cells[1].split("|")])
    elif heading := STATISTICS.fullmatch(text):
        state.shared = heading[1] == "Slice"
    elif drop := PORT_DROP.fullmatch(text):
        _drop(state, drop[1], values.count(drop[2]))
    elif row := SCHEDULER.fullmatch(text):
        state.records.append(_scheduler(state.port, row))
    elif not _pfc(state, text) and not PROSE.fullmatch(text):
        raise ValueError("this line has a form we do not know")


def _scheduler(port: str, row: re.Match[str]) -> SchedulerQueue:
    """A group with a priority level is served before the groups that share the bandwidth."""
    return SchedulerQueue(
        port=port,
        queue=row[1],
        algorithm=None if values.absent(row[3]) else "priority",
        bandwidth_percent=None if values.absent(row[2]) else values.count(row[2]),
    )


def _counters(state: _State, cells: list[str]) -> None:
    """``name | a | b | c`` with one value a kind, or ``name | value | name | value``."""
    name, numbers = "", 0
    for cell in cells:
        if cell.lower() in COUNTERS:
            name, numbers = cell.lower(), 0
        elif not name:
            raise ValueError(f"{cell!r} is not a counter we know")
        else:
            _count(state, name, numbers, values.count(cell))
            numbers += 1
    if numbers != (len(state.kinds) if numbers > 1 else numbers) or not numbers:
        raise ValueError(f"{numbers} values where {len(state.kinds)} columns were announced")


def _count(state: _State, name: str, column: int, value: int) -> None:
    if not state.group:
        raise ValueError("a counter before the first QoS group")
    several = len(state.kinds) > 1 and name in COUNTERS
    kind = state.kinds[column] if several and column < len(state.kinds) else ""
    if column and not kind:
        raise ValueError("more values than columns")
    counts = state.queues.setdefault(f"{state.group} {kind}".strip(), {})
    field_name = COUNTERS[name]
    if field_name and field_name in counts:
        raise ValueError(f"{name!r} occurs twice in one queue")
    if field_name:
        counts[field_name] = value


def _drop(state: _State, name: str, value: int) -> None:
    """Drops of a port; those of a slice of the chip are no port's."""
    if state.shared:
        return
    direction, reason, unit = PORT_DROPS[name.lower()]
    counts = state.drops.setdefault((direction, reason), {})
    if unit in counts:
        raise ValueError(f"{name!r} occurs twice")
    counts[unit] = value


def _pfc(state: _State, text: str) -> bool:
    totals, row = TOTALS.fullmatch(text), COS.fullmatch(text)
    if totals:
        state.records.append(
            PfcCounters(
                port=state.port, priority=None, rx_frames=values.count(totals[2]), tx_frames=values.count(totals[1])
            )
        )
    elif row:
        state.records.append(
            PfcCounters(
                port=state.port,
                priority=values.count(row["cos"]),
                rx_frames=values.count(row["received"]),
                tx_frames=values.count(row["sent"]),
            )
        )
    return bool(totals or row)


def _close(state: _State) -> None:
    """Turn what was gathered for a port so far into records."""
    for queue, counts in state.queues.items():
        known = {"tx_packets": None, "tx_bytes": None, "dropped_packets": None, **counts}
        state.records.append(QueueCounters(port=state.port, queue=queue, **known))
        if "ecn_marked_packets" in counts:
            state.records.append(EcnCounters(port=state.port, queue=queue, marked_packets=counts["ecn_marked_packets"]))
    for (direction, reason), counts in state.drops.items():
        state.records.append(DropCounters(port=state.port, direction=direction, reason=reason, **counts))
    state.queues, state.drops, state.group, state.kinds = {}, {}, "", []


READINGS = (
    Reading(
        ("show queuing interface [{port}]", "show queueing interface [{port}]", "show queuing"),
        (Question.QUEUE_COUNTERS, Question.DROPS, Question.PFC_COUNTERS, Question.ECN_COUNTERS, Question.ETS),
        queuing,
        Evidence.NONE,
    ),
)
