"""RDMA devices as Linux tools list them: ``rdma``, ``show_gids``, ``ibdev2netdev``, ``ibv_devices``."""

import re
from typing import Any

from pydantic import Field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.gid import canonical_gid
from plugfest.devices.records import RdmaCounters
from plugfest.nics.records import PortGid, RdmaAdapter, RdmaLink

GID_HEADER = ("DEV", "PORT", "INDEX", "GID", "IPv4", "VER", "DEV")
GID_TYPES = {"v1": "RoCE v1", "v2": "RoCE v2", "ib": "IB"}
GIDS = re.compile(
    r"(?P<device>\S+)\s+(?P<port>\d+)\s+(?P<index>\d+)\s+(?P<gid>[\da-f]{4}(?::[\da-f]{4}){7})"
    r"(?:\s+(?P<ipv4>\d+(?:\.\d+){3}))?(?:\s+(?P<type>v1|v2|ib))?(?:\s+(?P<netdev>\S+))?"
)
GID_COUNT = re.compile(r"n_gids_found=(?P<count>\d+)")
IBDEV = re.compile(
    r"(?:[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[0-7] )?(?P<device>\S+) (?:\(.*\) .*? ?fw \S+ )?"
    r"port (?P<port>\d+) (?:\([A-Z ]+\) )?==> (?P<netdev>\S+) \((?P<state>Up|Down)\)"
)
LINK = re.compile(
    r"(?:\d+/\d+: )?(?:link )?(?P<device>[^\s/]+)/(?P<port>\d+):? (?:subnet_prefix \S+ )?(?:lid \d+ )?(?:sm_lid \d+ )?"
    r"(?:lmc \d+ )?state (?P<state>\w+) physical_state (?P<physical>\w+|<unknown>)"
    r"(?: netdev (?P<netdev>\S+))?(?: netdev_index \d+)?"
)
STATISTICS = re.compile(r"link (?P<device>[^\s/]+)/(?P<port>\d+)(?= |$)")
ADAPTER = re.compile(r"\s+(?P<name>[A-Za-z][\w-]*)\s+(?P<guid>[\da-f]{16})")


class _Link(Wire):
    device: str = Field(alias="ifname")
    port: int
    state: str | None = None
    physical_state: str | None = None
    netdev: str | None = None


def links(output: Output) -> tuple[RdmaLink, ...]:
    """`rdma -j link`: ports with state and net device."""
    found = read_json(output, list[_Link])
    return tuple(
        RdmaLink(
            device=link.device, port=link.port, netdev=link.netdev, state=link.state, physical_state=link.physical_state
        )
        for link in found
    )


def links_in_text(output: Output) -> tuple[RdmaLink, ...]:
    """`rdma link`: the same as text."""
    found = []
    for line in output.lines:
        match = LINK.fullmatch(line.text.strip())
        if not match:
            raise output.error("this line names no RDMA link with its state", line)
        found.append(
            RdmaLink(
                device=match["device"],
                port=int(match["port"]),
                netdev=match["netdev"],
                state=match["state"],
                physical_state=None if match["physical"] == "<unknown>" else match["physical"],
            )
        )
    return tuple(found)


def statistics(output: Output) -> tuple[RdmaCounters, ...]:
    """`rdma -j statistic show link`: counters by the driver's names, one record a port."""
    records = []
    for row in read_json(output, list[dict[str, Any]]):
        device, port = row.get("ifname"), row.get("port")
        if not isinstance(device, str) or type(port) is not int:
            raise output.error("expected ifname and port of every link")
        counters = {name: value for name, value in row.items() if name not in ("ifindex", "ifname", "port")}
        if texts := [name for name, value in counters.items() if type(value) is not int or value < 0]:
            raise output.error(f"expected a number for every counter, not for {', '.join(texts)}")
        records.append(RdmaCounters(device=device, port=port, values=counters))
    return tuple(records)


def statistics_in_text(output: Output) -> tuple[RdmaCounters, ...]:
    """`rdma statistic`: the same as text, one line a port, or a heading and one counter a line (``-p``)."""
    found: list[tuple[Line, str, int, list[str]]] = []
    for line in output.lines:
        if match := STATISTICS.match(line.text):
            found.append((line, match["device"], int(match["port"]), line.text[match.end() :].split()))
        elif found and line.text[:1].isspace():
            found[-1][3].extend(line.text.split())
        elif line.text:
            raise output.error("expected 'link DEVICE/PORT' and its counters", line)
    records = []
    for line, device, port, words in found:
        with output.at(line):
            if len(words) % 2:
                raise ValueError("expected a number behind each name of a counter")
            counters = dict(zip(words[::2], map(values.count, words[1::2]), strict=True))
            if 2 * len(counters) != len(words):
                raise ValueError("a counter stands twice")
        records.append(RdmaCounters(device=device, port=port, values=counters))
    return tuple(records)


def gids(output: Output) -> tuple[PortGid, ...]:
    """`show_gids`: the GID tables of all ports; as many as the last line counts."""
    found, headed, counted = [], False, None
    for line in output.lines:
        words = line.text.split()
        if tuple(words) == GID_HEADER or (tuple(words[:4]) == GID_HEADER[:4] and not headed):
            headed = True
        elif match := GID_COUNT.fullmatch(line.text.strip()):
            counted = int(match["count"])
        elif headed and (match := GIDS.fullmatch(line.text.strip())):
            with output.at(line):
                found.append(_gid(match))
        elif words and not re.fullmatch(r"[-\s]+", line.text):
            raise output.error("this line is no entry of a GID table", line)
    if not headed or counted is None or counted != len(found):
        raise output.error(f"{counted} GIDs were announced, {len(found)} were read")
    return tuple(found)


def _gid(match: re.Match[str]) -> PortGid:
    gid = canonical_gid(match["gid"])
    if match["ipv4"] and gid != f"::ffff:{match['ipv4']}":
        raise ValueError(f"the GID says {gid}, beside it stands {match['ipv4']}")
    return PortGid(
        device=match["device"],
        port=int(match["port"]),
        index=int(match["index"]),
        gid=gid,
        type=GID_TYPES.get(match["type"] or ""),
        netdev=match["netdev"],
    )


def net_devices(output: Output) -> tuple[RdmaLink, ...]:
    """`ibdev2netdev [-v]`: RDMA ports, their net devices and whether these are up."""
    found = []
    for line in output.lines:
        match = IBDEV.fullmatch(line.text.strip())
        if not match:
            raise output.error("this line maps no RDMA port to a net device", line)
        found.append(
            RdmaLink(
                device=match["device"],
                port=values.count(match["port"]),
                netdev=match["netdev"],
                physical_state=match["state"].upper(),
            )
        )
    return tuple(found)


def adapters(output: Output) -> tuple[RdmaAdapter, ...]:
    """`ibv_devices`: names only; a device without a user-space provider is missing here."""
    found = []
    for line in output.lines:
        if match := ADAPTER.fullmatch(line.text):
            found.append(RdmaAdapter(name=match["name"], transport=None, firmware=None))
        elif not re.fullmatch(r"\s+device\s+node GUID|\s+-+\s+-+|", line.text):
            raise output.error("this line names no RDMA device", line)
    if not any("node GUID" in line.text for line in output.lines):
        raise output.error("the header of the list is missing")
    return tuple(found)


READINGS = (
    Reading(
        ("rdma -j link show", "rdma -j link", "rdma link show -j", "rdma link -j", "rdma -j -d link", "rdma -jd link"),
        (Question.RDMA_DEVICES,),
        links,
        Evidence.DEVICE,
    ),
    Reading(("rdma link show", "rdma link"), (Question.RDMA_DEVICES,), links_in_text, Evidence.MANUAL),
    Reading(
        (
            "rdma -j statistic show link",
            "rdma -j statistic show link {port_of_device}",
            "rdma -j statistic show",
            "rdma -j statistic",
            "rdma statistic -j",
        ),
        (Question.RDMA_COUNTERS,),
        statistics,
        Evidence.DEVICE,
    ),
    Reading(
        (
            "rdma statistic show",
            "rdma statistic show link",
            "rdma statistic show link {port_of_device}",
            "rdma statistic",
            "rdma -p statistic show",
            "rdma -p statistic show link",
            "rdma -p statistic show link {port_of_device}",
        ),
        (Question.RDMA_COUNTERS,),
        statistics_in_text,
        Evidence.MANUAL,
    ),
    Reading(("show_gids", "show_gids {rdma_device}"), (Question.GIDS,), gids, Evidence.DEVICE),
    Reading(
        ("ibdev2netdev[ -v]", "ibdev2netdev {rdma_device}"), (Question.RDMA_DEVICES,), net_devices, Evidence.MANUAL
    ),
    Reading(("ibv_devices",), (Question.RDMA_DEVICES,), adapters, Evidence.MANUAL),
)
