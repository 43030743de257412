"""``ethtool``: settings, driver, counters, FEC and module of one port."""

import re
from collections.abc import Mapping

from plugfest.accelerators.building import bus_address
from plugfest.accelerators.properties import blocks
from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import FecMode, PortCounters
from plugfest.devices.qos_records import PfcCounters
from plugfest.devices.records import InterfaceState
from plugfest.nics.counter_names import pfc_frames
from plugfest.nics.records import DriverInfo

SETTING = re.compile(r"\t(?P<name>[A-Z][^:]*): ?(?P<value>.*)")
SPEED = re.compile(r"\d+Mb/s|Unknown!.*")
CONTINUATION = re.compile(r"(?:\t(?: {2,}|\t)| {8,})\s*\S.*")
DENIED = re.compile(r"(?:netlink error|Cannot get wake-on-lan settings): Operation not permitted")
"""What others than root are told, beside the settings that they may see."""
HEADING = re.compile(r"Settings for (?P<port>\S+):")
COUNTER = re.compile(r"\s+(?P<name>\S.*?): (?P<value>\d+)", re.ASCII)
NO_COUNTERS = "no stats available"
FEC_HEADING = re.compile(r"FEC parameters for (?P<port>\S+):")
FEC_FIELD = re.compile(
    r"(?P<name>Configured FEC encodings|Supported/Configured FEC encodings|Active FEC encodings?): (?P<value>\S.*)"
)
DRIVER = {"driver": "driver", "version": "version", "firmware-version": "firmware", "bus-info": "bus"}


def settings(output: Output) -> tuple[InterfaceState, ...]:
    """`ethtool PORT`: link, speed and duplex."""
    port, said = "", dict[str, str]()
    for line in output.lines:
        if match := HEADING.fullmatch(line.text):
            if port:
                raise output.error("settings of a second port", line)
            port = match["port"]
        elif port and (match := SETTING.fullmatch(line.text)):
            if match["name"] in ("Speed", "Duplex", "Link detected") and match["name"] in said:
                raise output.error(f"{match['name']} stands twice", line)
            said[match["name"]] = match["value"].strip()
        elif line.text and not (port and CONTINUATION.fullmatch(line.text)) and not DENIED.fullmatch(line.text):
            raise output.error("this line has a form we do not know", line)
    if not port:
        raise output.error("expected 'Settings for PORT:' first")
    return (_state(port, said),)


def _state(port: str, said: Mapping[str, str]) -> InterfaceState:
    speed, duplex, link = said.get("Speed"), said.get("Duplex"), said.get("Link detected")
    if speed is not None and not SPEED.fullmatch(speed):
        raise ValueError(f"expected a speed such as 400000Mb/s, got {speed!r}")
    known_speed = speed is not None and not speed.startswith("Unknown")
    words = {"full": True, "half": False}
    is_full = values.one_of(duplex, words, "duplex") if duplex and not duplex.startswith("Unknown") else None
    return InterfaceState(
        name=port,
        admin_up=None,
        oper_up=None if link is None else link.split()[0] == "yes" or values.switched(link.split()[0]),
        mtu=None,
        mac=None,
        speed_mbps=values.speed(str(speed)) if known_speed else None,
        duplex=None if is_full is None else "full" if is_full else "half",
    )


def driver(output: Output) -> tuple[DriverInfo, ...]:
    """`ethtool -i PORT`: driver, firmware and bus address."""
    rows = blocks(output, DRIVER, first=())
    if not rows:
        raise output.error("no line was found")
    row, bus = rows[0], rows[0].text("bus")
    return (
        DriverInfo(
            port=output.arguments["netdev"],
            driver=row["driver"],
            version=row.text("version"),
            firmware=row.text("firmware"),
            bus=bus_address(bus) if bus and re.search(r":[\da-f]{2}\.", bus) else None,
        ),
    )


def counters(output: Output) -> tuple[PortCounters | PfcCounters, ...]:
    """`ethtool -S PORT`: all counters by the driver's names, PFC frames by priority where the names are known."""
    said: dict[str, int] = {}
    first, *rest = output.lines
    if first.text == NO_COUNTERS:
        raise output.error("this port has no counters", first)
    if first.text != "NIC statistics:":
        raise output.error("expected 'NIC statistics:' first", first)
    for line in rest:
        match = COUNTER.fullmatch(line.text)
        if not match or match["name"] in said:
            raise output.error("unknown or repeated counter", line)
        said[match["name"]] = int(match["value"])
    port = output.arguments["netdev"]
    if not said:
        raise output.error("no counter was found")
    return (PortCounters(port=port, details=said), *pfc_frames(port, said))


def fec(output: Output) -> tuple[FecMode, ...]:
    """`ethtool --show-fec PORT`: configured and active encoding."""
    port, said = "", dict[str, str]()
    for line in output.lines:
        if match := FEC_HEADING.fullmatch(line.text):
            port = match["port"]
        elif port and (match := FEC_FIELD.fullmatch(line.text)):
            name = "active" if match["name"].startswith("Active") else "configured"
            if name in said:
                raise output.error(f"the {name} encoding stands twice", line)
            said[name] = match["value"].lower()
        elif line.text:
            raise output.error("this line has a form we do not know", line)
    if not port or "active" not in said:
        raise output.error("the active encoding is missing")
    return (FecMode(port=port, configured=said.get("configured"), operational=said["active"]),)


READINGS = (
    Reading(("ethtool -i {netdev}",), (Question.NICS,), driver, Evidence.DEVICE),
    Reading(("ethtool -S {netdev}",), (Question.INTERFACE_COUNTERS, Question.PFC_COUNTERS), counters, Evidence.DEVICE),
    Reading(("ethtool --show-fec {netdev}",), (Question.FEC,), fec, Evidence.MANUAL),
    Reading(("ethtool {netdev}",), (Question.INTERFACES,), settings, Evidence.DEVICE),
)
