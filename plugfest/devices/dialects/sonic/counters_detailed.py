"""SONiC: every counter of one port, as `Name........ value` lines."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.sonic.prose import COMMAND
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.records import InterfaceCounters

COUNTER = re.compile(r"([A-Z][\w,()/-]*(?: [\w,()/-]+)*?)\s*\.{3,}\s*(\S+)")
SINCE = re.compile(r"Time Since Counters Last Cleared\s*\.*\s*.+")


def detailed(output: Output) -> tuple[PortCounters]:
    """`show interfaces counters detailed PORT`: names are kept as printed, in `details`."""
    details: dict[str, int] = {}
    for line in output.lines:
        text = line.text.strip()
        if not text or SINCE.fullmatch(text) or re.fullmatch(COMMAND, text):
            continue
        found = COUNTER.fullmatch(text)
        if not found:
            raise output.error("expected 'Name..... number'", line)
        if found[1] in details:
            raise output.error("this counter occurs twice", line)
        with output.at(line):
            if not values.absent(found[2]):
                details[found[1]] = values.count(found[2])
    return (PortCounters(port=output.port(), counters=_totals(details), details=details),)


def _totals(details: dict[str, int]) -> InterfaceCounters:
    return InterfaceCounters(
        rx_packets=details.get("Total Packets Received Without Errors"),
        rx_bytes=None,
        rx_errors=None,
        rx_dropped=None,
        tx_packets=details.get("Total Packets Transmitted Successfully"),
        tx_bytes=None,
        tx_errors=None,
        tx_dropped=None,
    )


READINGS = (
    Reading(
        ("show interfaces counters detailed {port}", "portstat -l -i {port}"),
        (Question.INTERFACE_COUNTERS,),
        detailed,
        Evidence.DEVICE,
    ),
)
