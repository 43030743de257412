"""Cumulus NVUE: what a port counts for RoCE and CNP traffic (`nv show interface P qos roce counters`)."""

import re
from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import EcnCounters, PfcCounters, RoceCounters
from plugfest.records import Record

HEADER = re.compile(r"\s+operational(?:\s+applied)?(?:\s+pending)?(?:\s+description)?|-+(?:\s+-+)*")
GROUP = re.compile(r"\s*((?:rx|tx)-[\w-]*stats)")
COUNTER = re.compile(r"\s+([a-z][\w-]*)\s{2,}(n/a|-|[\d.,]+(?: ?(?:Bytes|[KMGT]B|[KMGT]iB|us|Usec))?)(?:\s{2,}\S.*)?")
SUMMARIES = ("rx-stats", "tx-stats")
Direction = Literal["ingress", "egress"]


def counters(output: Output) -> tuple[Record, ...]:
    """One record a group with the device's names; ECN marks and PFC frames also as records of their own.

    Values with a unit such as ``16.02 MB`` are rounded by the device: their names are listed as approximate.
    """
    groups: dict[str, dict[str, str]] = {}
    group = ""
    for line in output.lines:
        opened, found = GROUP.fullmatch(line.text), COUNTER.fullmatch(line.text)
        if opened:
            group = opened[1]
            if group in groups:
                raise output.error("this group occurs twice", line)
            if group not in SUMMARIES:
                groups[group] = {}
        elif found and group in groups:
            if found[1] in groups[group]:
                raise output.error("this counter occurs twice", line)
            groups[group][found[1]] = found[2]
        elif line.text and not HEADER.fullmatch(line.text):
            raise output.error("expected a group or a counter with its value", line)
    if not groups:
        raise output.error("no group of counters was found")
    with output.at(output.lines[0]):
        return tuple(record for name, cells in groups.items() for record in _records(output.port(), name, cells))


def _records(port: str, group: str, cells: dict[str, str]) -> list[Record]:
    direction: Direction = "ingress" if group.startswith("rx") else "egress"
    numbers = {name: None if values.absent(text) else values.size(text) for name, text in cells.items()}
    rounded = tuple(name for name, text in cells.items() if re.search(r"[KMGT]i?B$", text))
    records: list[Record] = [
        RoceCounters(port=port, direction=direction, group=group, values=numbers, approximate=rounded)
    ]
    if group.endswith("ecn-stats"):
        records.append(EcnCounters(port=port, queue=None, marked_packets=numbers.get("ecn-marked-packets")))
    if group == "rx-pfc-stats":
        records.append(
            PfcCounters(
                port=port,
                priority=None,
                rx_frames=numbers.get("pause-packets"),
                rx_pause_microseconds=numbers.get("pause-duration"),
            )
        )
    if group == "tx-pfc-stats":
        records.append(
            PfcCounters(
                port=port,
                priority=None,
                tx_frames=numbers.get("pause-packets"),
                tx_pause_microseconds=numbers.get("pause-duration"),
            )
        )
    return records


READINGS = (
    Reading(
        ("nv show interface {port} qos roce counters", "nv show interface qos roce counters"),
        (Question.ECN_COUNTERS, Question.PFC_COUNTERS, Question.WATERMARKS),
        counters,
        Evidence.MANUAL,
    ),
)
