"""Broadcom NICs: ``niccli``.  Written from the maker's guide; no real output was seen."""

import re

from plugfest.accelerators.building import bus_address
from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import DscpMapping, PfcConfig, SchedulerQueue
from plugfest.nics.records import ApplicationPriority, NicCard
from plugfest.records import Record

PROSE = re.compile(r"-+|.*Broadcom.*(?:NIC|Command Line|Copyright|Reserved).*|\s*\(c\) .*")
HEADER = re.compile(r"\s*BoardId\s+MAC Address\s+FwVersion\s+PCIAddr\s+Type\s+Mode")
CARD = re.compile(
    r"\s*(?P<number>\d+)\s*\)\s+(?P<model>\S+)\s+(?P<mac>[\dA-Fa-f]{2}(?::[\dA-Fa-f]{2}){5})\s+(?P<firmware>[\d.]+)"
    r"\s+(?P<bus>[\dA-Fa-f]{2,4}:[\dA-Fa-f]{2}:[\dA-Fa-f]{2}[:.][\dA-Fa-f]{1,2})\s+(?P<kind>\S+)\s+(?P<mode>\S+)"
)
LINES = {
    name: re.compile(pattern)
    for name, pattern in (
        ("title", r"IEEE 8021QAZ (?:ETS Configuration|PFC|APP) TLV:"),
        ("priorities", r"\s+PRIO_MAP: (?P<value>(?:[0-7]:[0-7] ?)+)"),
        ("shares", r"\s+TC Bandwidth: (?P<value>(?:\d+% ?)+)"),
        ("algorithms", r"\s+TSA_MAP: (?P<value>(?:[0-7]:\w+ ?)+)"),
        ("pfc", r"\s+PFC enabled: ?(?P<value>none|[\d, ]*)"),
        ("application", r"\s+APP#\d+:"),
        ("priority", r"\s+Priority: (?P<value>[0-7])"),
        ("selector", r"\s+Sel: (?P<value>\d)"),
        ("dscp", r"\s+DSCP: (?P<value>\d+)"),
        ("protocol", r"\s+(?P<kind>UDP or DCCP|TCP or SCTP|Ethertype|TCP or UDP[\w ]*): (?P<value>\w+)"),
        ("rate", r"TC Rate Limit: .*"),
    )
}


def cards(output: Output) -> tuple[NicCard, ...]:
    """`niccli --list`: cards with address and firmware."""
    found = []
    for line in output.lines:
        if match := CARD.fullmatch(line.text):
            domain, bus, device, function = re.split(r"[:.]", f"{match['bus']}")
            with output.at(line):
                found.append(
                    NicCard(
                        name=match["number"],
                        model=match["model"],
                        bus=bus_address(f"{domain}:{bus}:{device}.{int(function, 16)}"),
                        firmware=match["firmware"],
                        mac=match["mac"].lower(),
                    )
                )
        elif line.text and not HEADER.fullmatch(line.text) and not PROSE.fullmatch(line.text):
            raise output.error("this line names no NIC", line)
    if not any(HEADER.fullmatch(line.text) for line in output.lines):
        raise output.error("the header of the list is missing")
    return tuple(found)


def qos(output: Output) -> tuple[Record, ...]:
    """`niccli -dev N getqos`: PFC, ETS and DSCP map of the NIC with that number."""
    said: dict[str, str] = {}
    applications: list[dict[str, str]] = []
    for line in output.lines:
        name, match = _known(line.text)
        if match is None:
            if line.text and not PROSE.fullmatch(line.text):
                raise output.error("this line has a form we do not know", line)
        elif name == "application":
            applications.append({})
        elif name in ("priority", "selector", "dscp", "protocol"):
            if not applications or name in applications[-1]:
                raise output.error("this line belongs to no application", line)
            applications[-1] |= {name: match["value"]} | ({"kind": match["kind"]} if name == "protocol" else {})
        elif name not in ("title", "rate"):
            if name in said:
                raise output.error("this line stands twice", line)
            said[name] = match["value"]
    if not said:
        raise output.error("neither PFC nor ETS was found")
    port = f"niccli{output.arguments['index']}"
    return (*_lossless(port, said), *(_application(output, port, each) for each in applications))


def _known(text: str) -> tuple[str, re.Match[str] | None]:
    for name, pattern in LINES.items():
        if match := pattern.fullmatch(text):
            return name, match
    return "", None


def _lossless(port: str, said: dict[str, str]) -> list[Record]:
    records: list[Record] = []
    if "pfc" in said:
        on = said["pfc"].replace(",", " ").split() if said["pfc"] != "none" else []
        records.append(PfcConfig(port=port, priorities=tuple(map(values.count, on))))
    served: dict[str, list[str]] = {}
    for pair in said.get("priorities", "").split():
        served.setdefault(pair[2:], []).append(pair[0])
    shares = said.get("shares", "").split()
    for pair in said.get("algorithms", "").split():
        queue, _, algorithm = pair.partition(":")
        share = values.percent(shares[int(queue)]) if int(queue) < len(shares) and algorithm == "ets" else None
        group = ",".join(served.get(queue, ())) or None
        records.append(
            SchedulerQueue(port=port, queue=queue, algorithm=algorithm, bandwidth_percent=share, group=group)
        )
    return records


def _application(output: Output, port: str, said: dict[str, str]) -> Record:
    if "priority" not in said or not said.keys() & {"dscp", "protocol"}:
        raise output.error("an application lacks its priority or protocol: the output is cut off")
    priority = int(said["priority"])
    if "dscp" in said:
        return DscpMapping(map=port, dscp=values.count(said["dscp"]), priority=priority)
    selector = {"UDP or DCCP": "dgram-port", "TCP or SCTP": "stream-port", "Ethertype": "ethtype"}
    return ApplicationPriority(
        port=port,
        selector=selector.get(said["kind"], "port"),
        protocol=int(said["protocol"], 0),
        priority=priority,
    )


READINGS = (
    Reading(
        ("niccli --list", "niccli --listdev", "niccli --list_devices", "niccli list"),
        (Question.NICS,),
        cards,
        Evidence.NONE,
    ),
    Reading(
        (
            "niccli -dev {index} getqos",
            "niccli --dev {index} getqos",
            "niccli -i {index} getqos",
            "niccli --dev {index} qos --ets --show",
        ),
        (Question.PFC_CONFIG, Question.ETS, Question.TRUST),
        qos,
        Evidence.NONE,
    ),
)
