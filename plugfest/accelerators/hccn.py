"""``hccn_tool``: link, speed, address, FEC and health of the network ports that Ascend NPUs own.

Ports are called ``npuN`` after the number that ``-i`` takes.  A5 puts the options in another order and numbers its
ports by I/O die and port: ``npuN/U/P``.
"""

import ipaddress
import re
from collections.abc import Iterator
from datetime import datetime

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import FecMode
from plugfest.devices.records import InterfaceState
from plugfest.nics.records import LinkChange, LinkHistory, PortBandwidth, PortHealth

SPEED = re.compile(r"(?P<mbps>\d+) Mb/s")
STATE = re.compile(r"(?P<name>link status|speed|duplex)\s*: ?(?P<value>\S.*)", re.IGNORECASE)
RATE = re.compile(r"Bandwidth (?P<way>TX|RX)\s*: (?P<value>[\d.]+) MB/sec")
ADDRESS = re.compile(r"(?P<name>ipaddr|netmask)\s*: ?(?P<value>[\d.]+)")
FEC = re.compile(r"fec mode: (?P<mode>no|rs|base|auto|baser)(?: FEC mode)?", re.IGNORECASE)
HEALTH = re.compile(r"net health status: (?P<words>\S.*)")
HISTORY = re.compile(r"\[dev(?:id|ice) \d+\](?P<name>[a-z][a-z ]*?)\s*:\s*(?P<value>.*)")
CHANGE = re.compile(r"\[dev(?:id|ice) \d+\]\s+(?P<time>\w{3} .* \d{4})\s+LINK (?P<state>UP|DOWN)")
TIME = "%a %b %d %H:%M:%S %Y"
WORDS = {
    "success": True,
    "init": None,
    "detect ip set": None,
    "socket failed": False,
    "receive timeout": False,
    "unreachable": False,
    "time exceeded": False,
    "fault": False,
    "thread error": False,
    "unknown error": False,
}


def forms(what: str) -> tuple[str, ...]:
    """The command of A1 to A3, then that of A5."""
    return (f"hccn_tool -i {{index}} -{what} -g", f"hccn_tool -g -{what} -i {{index}} -u {{unit}} -p {{lane}}")


def port_name(output: Output) -> str:
    """The port that the command asked about."""
    return "/".join(
        [f"npu{output.arguments['index']}", *(output.arguments.get(n, "") for n in ("unit", "lane"))]
    ).rstrip("/")


def _lines(output: Output, *patterns: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for line in output.lines:
        found = next(filter(None, (pattern.fullmatch(line.text.strip()) for pattern in patterns)), None)
        if found:
            yield found
        elif line.text:
            raise output.error("this line has a form we do not know", line)


def state(output: Output) -> tuple[InterfaceState | PortBandwidth, ...]:
    """`-link`, `-speed`, `-duplex`, `-bandwidth`: whatever of it the answer tells."""
    said: dict[str, str] = {}
    for found in _lines(output, STATE, RATE):
        name = (found["name"] if found.re is STATE else found["way"]).lower()
        if name in said:
            raise output.error(f"{name} stands twice")
        said[name] = found["value"].strip()
    records: list[InterfaceState | PortBandwidth] = []
    if said.keys() & {"link status", "speed", "duplex"}:
        records.append(_state(output, said))
    if said.keys() & {"tx", "rx"}:
        rates = {way: values.number(said[way]) if way in said else None for way in ("tx", "rx")}
        port = port_name(output)
        records.append(
            PortBandwidth(port=port, tx_megabytes_per_second=rates["tx"], rx_megabytes_per_second=rates["rx"])
        )
    return tuple(records)


def _state(output: Output, said: dict[str, str]) -> InterfaceState:
    link, speed, duplex = said.get("link status"), said.get("speed"), said.get("duplex")
    if duplex is not None and duplex.lower() not in ("full", "half"):
        raise output.error(f"{duplex!r} is no duplex")
    return InterfaceState(
        name=port_name(output),
        admin_up=None,
        oper_up=None if link is None else values.one_of(link, {"up": True, "down": False}, "link state"),
        mtu=None,
        mac=None,
        speed_mbps=None if speed is None or speed.lower().startswith("unknown") else _mbps(output, speed),
        duplex=None if duplex is None else "full" if duplex.lower() == "full" else "half",
    )


def _mbps(output: Output, speed: str) -> int:
    found = SPEED.fullmatch(speed)
    if not found:
        raise output.error(f"expected a speed such as 200000 Mb/s, got {speed!r}")
    return int(found["mbps"])


def address(output: Output) -> tuple[InterfaceState, ...]:
    """`-ip`: the port's IPv4 address; a port without one prints nothing at all."""
    said = {found["name"]: found["value"] for found in _lines(output, ADDRESS)}
    if said.keys() != {"ipaddr", "netmask"}:
        raise output.error("expected ipaddr and netmask")
    interface = ipaddress.IPv4Interface(f"{said['ipaddr']}/{said['netmask']}")
    port = port_name(output)
    return (InterfaceState(name=port, admin_up=None, oper_up=None, mtu=None, mac=None, addresses=(str(interface),)),)


def fec(output: Output) -> tuple[FecMode, ...]:
    """`-fec`: the mode in use."""
    found = list(_lines(output, FEC))
    if len(found) != 1:
        raise output.error("expected one FEC mode")
    mode = found[0]["mode"].lower()
    return (FecMode(port=port_name(output), configured=None, operational="none" if mode == "no" else mode),)


def health(output: Output) -> tuple[PortHealth, ...]:
    """`-net_health`: whether the port's detection address answers."""
    found = list(_lines(output, HEALTH))
    if len(found) != 1:
        raise output.error("expected one health status")
    words = found[0]["words"].strip()
    if words.lower() not in WORDS:
        raise output.error(f"{words!r} is no known health status")
    return (PortHealth(port=port_name(output), healthy=WORDS[words.lower()], words=words),)


def history(output: Output) -> tuple[LinkHistory, ...]:
    """`-link_stat`: how often the link came up, and its last changes, newest first."""
    said: dict[str, str] = {}
    changes = []
    for found in _lines(output, CHANGE, HISTORY):
        if found.re is CHANGE:
            changes.append(LinkChange(time=found["time"], up=found["state"] == "UP"))
        elif found["name"] in said:
            raise output.error(f"{found['name']} stands twice")
        else:
            said[found["name"]] = found["value"].strip()
    if unknown := said.keys() - {"current time", "link up count", "link down count", "link change records"}:
        raise output.error(f"unknown line {', '.join(unknown)}")
    if "link up count" not in said:
        raise output.error("the count of link ups is missing")
    _check_order(output, changes)
    downs = said.get("link down count")
    return (
        LinkHistory(
            port=port_name(output),
            ups=values.count(said["link up count"]),
            downs=None if downs is None else values.count(downs),
            changes=tuple(changes),
        ),
    )


def _check_order(output: Output, changes: list[LinkChange]) -> None:
    """The newest change stands first: else lines were mixed up or digits got lost."""
    times = [_time(output, change.time) for change in changes]
    if times != sorted(times, reverse=True):
        raise output.error("the changes of the link do not stand in order, newest first")


def _time(output: Output, text: str) -> datetime:
    try:
        return datetime.strptime(" ".join(text.split()), TIME)
    except ValueError:
        raise output.error(f"{text!r} is no time") from None


READINGS = (
    Reading(forms("link"), (Question.INTERFACES,), state, Evidence.DEVICE),
    Reading(forms("speed"), (Question.INTERFACES,), state, Evidence.DEVICE),
    Reading(forms("duplex"), (Question.INTERFACES,), state, Evidence.NONE),
    Reading(forms("bandwidth"), (Question.INTERFACE_COUNTERS,), state, Evidence.DEVICE),
    Reading(forms("ip"), (Question.INTERFACES,), address, Evidence.DEVICE),
    Reading(forms("fec"), (Question.FEC,), fec, Evidence.DEVICE),
    Reading(forms("net_health"), (Question.HEALTH,), health, Evidence.DEVICE),
    Reading(forms("link_stat"), (Question.INTERFACE_COUNTERS,), history, Evidence.DEVICE),
)
