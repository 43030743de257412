"""RDMA devices of a Linux host: rdma-core's ``ibv_devinfo`` and iproute2's ``rdma``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json, unknown_form
from plugfest.devices.gid import canonical_gid
from plugfest.devices.records import RdmaCounters, RdmaDevice, RdmaGid
from plugfest.sessions.result import CommandResult

SHOW_LINKS = ("rdma", "-j", "link", "show")


def show_device(rdma_device: str) -> tuple[str, ...]:
    """The command that `parse_device` reads."""
    return ("ibv_devinfo", "-v", "-d", rdma_device)


def show_counters(rdma_device: str, port: int) -> tuple[str, ...]:
    """The command that `parse_counters` reads."""
    return ("rdma", "-j", "statistic", "show", "link", f"{rdma_device}/{port}")


class _Link(Shape):
    device: str = Field(alias="ifname")
    port: int
    netdev: str | None = None


_LINKS: TypeAdapter[list[_Link]] = TypeAdapter(list[_Link])
_STATISTICS: TypeAdapter[list[dict[str, int | str]]] = TypeAdapter(list[dict[str, int | str]])

_DEVICE = re.compile(r"hca_id:\t(?P<name>\S+)")
_PORT = re.compile(r"\t\tport:\t(?P<number>\d+)")
_GID = re.compile(r"\t\t\tGID\[ *(?P<index>\d+)\]:\t\t(?P<gid>[0-9a-f:.]+)(, (?P<type>.+))?")
_DEVICE_FIELD = re.compile(r"\t(?P<key>[a-zA-Z][\w /.-]*):\s*(?P<value>.*)")
_PORT_FIELD = re.compile(r"\t\t\t(?P<key>[a-z]\w*):\t+(?P<value>.+)")
# Lists of capabilities below a field: deeper than the field itself, or a statement that there are none.
_CAPABILITY = re.compile(r"\t{2,}\S.*|\t[\w ]+ not supported")
_NUMBERED = re.compile(r"(?P<text>.+) \(\d+\)")


@dataclass
class _Section:
    """Lines of one port, with the fields of the device above it."""

    device: str
    device_fields: dict[str, str]
    number: int
    fields: dict[str, str] = field(default_factory=dict)
    gids: list[RdmaGid] = field(default_factory=list)


def parse_links(result: CommandResult) -> dict[tuple[str, int], str | None]:
    """Net device by (RDMA device, port) from `SHOW_LINKS`; None where it lives in another network namespace."""
    return {(link.device, link.port): link.netdev for link in read_json(result, _LINKS)}


def parse_counters(result: CommandResult, rdma_device: str, port: int) -> RdmaCounters:
    """Counters by the driver's names from `show_counters`."""
    rows = read_json(result, _STATISTICS)
    if len(rows) != 1 or rows[0].get("ifname") != rdma_device or rows[0].get("port") != port:
        raise unknown_form(result, f"expected the counters of {rdma_device}/{port} alone, got {rows!r:.120}")
    counters = {name: value for name, value in rows[0].items() if name not in ("ifindex", "ifname", "port")}
    if texts := [f"{name}={value!r}" for name, value in counters.items() if not isinstance(value, int)]:
        raise unknown_form(result, f"expected a number for every counter, got {', '.join(texts)}")
    return RdmaCounters(device=rdma_device, port=port, values={name: int(value) for name, value in counters.items()})


def parse_device(result: CommandResult, netdevs: dict[tuple[str, int], str | None]) -> tuple[RdmaDevice, ...]:
    """One record for every port in the answer to `show_device`; `netdevs` comes from `parse_links`."""
    ports = tuple(_port(result, section, netdevs) for section in _sections(result))
    if not ports:
        raise unknown_form(result, "expected at least one device with a port")
    return ports


def _sections(result: CommandResult) -> Iterator[_Section]:
    device, device_fields, section = "", dict[str, str](), None
    for line in result.out.splitlines():
        if heading := _DEVICE.fullmatch(line):
            if section:
                yield section
            device, device_fields, section = heading["name"], {}, None
        elif device and (heading := _PORT.fullmatch(line)):
            if section:
                yield section
            section = _Section(device, device_fields, int(heading["number"]))
        elif line.strip() and not (section and _port_line(result, section, line)):
            _device_line(result, device, device_fields, line)
    if section:
        yield section


def _port_line(result: CommandResult, section: _Section, line: str) -> bool:
    if gid := _GID.fullmatch(line):
        section.gids.append(_gid(result, gid))
    elif port_field := _PORT_FIELD.fullmatch(line):
        section.fields[port_field["key"]] = port_field["value"]
    else:
        return False
    return True


def _device_line(result: CommandResult, device: str, fields: dict[str, str], line: str) -> None:
    if device and (device_field := _DEVICE_FIELD.fullmatch(line)):
        fields[device_field["key"]] = device_field["value"]
    elif not (device and _CAPABILITY.fullmatch(line)):
        raise unknown_form(result, f"unknown line {line!r}")


def _gid(result: CommandResult, gid: re.Match[str]) -> RdmaGid:
    try:
        return RdmaGid(index=int(gid["index"]), gid=canonical_gid(gid["gid"]), type=gid["type"] or "IB")
    except ValueError:
        raise unknown_form(result, f"expected a GID, got {gid['gid']!r}") from None


def _port(result: CommandResult, section: _Section, netdevs: dict[tuple[str, int], str | None]) -> RdmaDevice:
    return RdmaDevice(
        name=section.device,
        port=section.number,
        netdev=netdevs.get((section.device, section.number)),
        state=_text(result, section.fields, "state").removeprefix("PORT_"),
        active_mtu=_bytes(result, section.fields, "active_mtu"),
        gids=tuple(section.gids),
        node_guid=section.device_fields.get("node_guid"),
        firmware=section.device_fields.get("fw_ver"),
    )


def _text(result: CommandResult, fields: dict[str, str], key: str) -> str:
    match = _NUMBERED.fullmatch(fields.get(key, ""))
    if not match:
        raise unknown_form(result, f"expected a port field {key} such as 'TEXT (NUMBER)', got {fields.get(key)!r}")
    return match["text"]


def _bytes(result: CommandResult, fields: dict[str, str], key: str) -> int:
    text = _text(result, fields, key)
    if not text.isdecimal():
        raise unknown_form(result, f"expected {key} in bytes, got {text!r}")
    return int(text)
