"""Cisco NX-OS on Nexus 5000 and 6000: `show queuing interface` in its older form."""

import re
from collections.abc import Iterator

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.qos_records import DropCounters, PfcConfig, SchedulerQueue

Legacy = SchedulerQueue | DropCounters | PfcConfig
TITLE = re.compile(r"(\S+) queuing information:")
SCHEDULER = re.compile(r"\s*(\d+)\s+(WRR|priority|strict|DWRR)\s+(\d+)", re.IGNORECASE)
GROUP = re.compile(r"\s*qos-group (\d+)")
DISCARDED = re.compile(r"\s*Pkts discarded on ingress\s*:\s*(\d+)")
PAUSE = re.compile(r"\s*Per-priority-pause status\s*:\s*Rx \((\w+)\), Tx \((\w+)\)")
PROSE = re.compile(
    r"\s*(?:(?:TX|RX) Queuing|qos-group\s+sched-type\s+oper-bandwidth|Statistics:|"
    r"q-size: \d+,(?: q-size-40g: \d+,)? HW MTU: \d+(?: \(\d+ configured\))?|drop-type: \S+, xon: \d+, xoff: \d+|"
    r"Pkts (?:received over the port|sent to the port)\s*:\s*\d+|"
    r"[UM]cast pkts (?:sent to|received from) the cross-bar\s*:\s*\d+|"
    r"Total [A-Z-]*cast crossbar statistics:|\s*Mcast pkts received .*\d+)"
)


def legacy(output: Output) -> tuple[Legacy, ...]:
    """Scheduling of each egress group, discards of each ingress group and its PFC state."""
    port = group = ""
    records: list[Legacy] = []
    for line in output.lines:
        if title := TITLE.fullmatch(line.text):
            port, group = title[1], ""
        elif found := GROUP.fullmatch(line.text):
            group = found[1]
        elif line.text:
            with output.at(line):
                records.extend(_records(line, port, group))
    if not records:
        raise output.error("no queue was found")
    return tuple(records)


def _records(line: Line, port: str, group: str) -> Iterator[Legacy]:
    states = {"active": True, "inactive": False}
    if not port:
        raise ValueError("expected '… queuing information:'")
    if found := SCHEDULER.fullmatch(line.text):
        yield SchedulerQueue(
            port=port, queue=found[1], algorithm=found[2].lower(), bandwidth_percent=values.count(found[3])
        )
    elif found := DISCARDED.fullmatch(line.text):
        yield DropCounters(
            port=port, direction="ingress", queue=group or None, reason="discarded", packets=values.count(found[1])
        )
    elif found := PAUSE.fullmatch(line.text):
        yield PfcConfig(
            port=port,
            queue=group or None,
            rx_enabled=values.one_of(found[1], states, "pause state"),
            tx_enabled=values.one_of(found[2], states, "pause state"),
        )
    elif not PROSE.fullmatch(line.text):
        raise ValueError("this line has a form we do not know")
