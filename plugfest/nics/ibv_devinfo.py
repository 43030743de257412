"""``ibv_devinfo``: RDMA devices with firmware, port state and, with ``-v``, their GID tables."""

import re
from dataclasses import dataclass, field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.gid import canonical_gid
from plugfest.devices.records import RdmaDevice, RdmaGid
from plugfest.nics.records import RdmaAdapter

DEVICE = re.compile(r"hca_id:\s+(?P<name>\S+)")
PORT = re.compile(r"\s+port:\s+(?P<number>\d+)")
GID = re.compile(r"\s+GID\[\s*(?P<index>\d+)\]:\s+(?P<gid>[\da-f:.]+)(?:, (?P<type>\S.*))?")
FIELD = re.compile(r"\s+(?P<name>[A-Za-z][\w /.-]*?):\s*(?P<value>.*)")
CAPABILITY = re.compile(r"\s+[A-Z][A-Z0-9_]+|\s+Unknown flags.*|\s+[\w -]+ not supported|\s+\w[\w ()-]*")
NUMBERED = re.compile(r"(?P<text>.+?) \(\d+\)")
GUID = re.compile(r"[\da-f]{4}(?::[\da-f]{4}){3}")


@dataclass
class _Adapter:
    name: str
    line: Line
    fields: dict[str, str] = field(default_factory=dict)
    ports: list["_Port"] = field(default_factory=list)


@dataclass
class _Port:
    number: int
    line: Line
    fields: dict[str, str] = field(default_factory=dict)
    gids: list[RdmaGid] = field(default_factory=list)


def devices(output: Output) -> tuple[RdmaDevice | RdmaAdapter, ...]:
    """One record a device and one a port; `netdev` is not told here, see `rdma link`."""
    found: list[_Adapter] = []
    for line in output.lines:
        if line.text:
            with output.at(line):
                _take(found, line)
    if not found:
        raise output.error("no device was found: a line such as 'hca_id: mlx5_0' must be there")
    records: list[RdmaDevice | RdmaAdapter] = []
    for adapter in found:
        if not adapter.ports:
            raise output.error(f"{adapter.name} has no port: the output is cut off", adapter.line)
        records.append(_adapter(adapter))
        for port in adapter.ports:
            with output.at(port.line):
                records.append(_device(adapter, port))
    return tuple(records)


def _take(found: list[_Adapter], line: Line) -> None:
    if match := DEVICE.fullmatch(line.text.strip()):
        if any(adapter.name == match["name"] for adapter in found):
            raise ValueError(f"{match['name']} stands twice")
        found.append(_Adapter(match["name"], line))
    elif not found:
        raise ValueError("expected 'hca_id: NAME' first")
    elif match := PORT.fullmatch(line.text):
        if any(port.number >= int(match["number"]) for port in found[-1].ports):
            raise ValueError("ports must stand in the order of their numbers")
        found[-1].ports.append(_Port(int(match["number"]), line))
    elif found[-1].ports and (match := GID.fullmatch(line.text)):
        port = found[-1].ports[-1]
        if port.gids and port.gids[-1].index >= int(match["index"]):
            raise ValueError("GIDs must stand in the order of their numbers")
        port.gids.append(
            RdmaGid(index=int(match["index"]), gid=canonical_gid(match["gid"]), type=match["type"] or "IB")
        )
    elif match := FIELD.fullmatch(line.text):
        _keep(found[-1].ports[-1].fields if found[-1].ports else found[-1].fields, match)
    elif not CAPABILITY.fullmatch(line.text):
        raise ValueError("this line has a form we do not know")


def _keep(fields: dict[str, str], match: re.Match[str]) -> None:
    if match["name"] in ("state", "active_mtu", "fw_ver", "node_guid", "link_layer") and match["name"] in fields:
        raise ValueError(f"{match['name']} stands twice")
    fields[match["name"]] = match["value"].strip()


def _adapter(adapter: _Adapter) -> RdmaAdapter:
    transport = adapter.fields.get("transport")
    return RdmaAdapter(
        name=adapter.name,
        transport=_words(transport) if transport else None,
        firmware=adapter.fields.get("fw_ver") or None,
        board=adapter.fields.get("board_id") or None,
        vendor_id=adapter.fields.get("vendor_id") or None,
    )


def _device(adapter: _Adapter, port: _Port) -> RdmaDevice:
    mtu, guid = port.fields.get("active_mtu"), adapter.fields.get("node_guid")
    if "state" not in port.fields:
        raise ValueError("the state of the port is missing")
    if guid is not None and not GUID.fullmatch(guid):
        raise ValueError(f"{guid!r} is not a GUID")
    return RdmaDevice(
        name=adapter.name,
        port=port.number,
        netdev=None,
        state=_words(port.fields["state"]).removeprefix("PORT_"),
        active_mtu=values.count(_words(mtu)) if mtu else None,
        gids=tuple(port.gids),
        node_guid=guid,
        firmware=adapter.fields.get("fw_ver") or None,
    )


def _words(text: str) -> str:
    found = NUMBERED.fullmatch(text)
    if not found:
        raise ValueError(f"expected 'TEXT (NUMBER)', got {text!r}")
    return found["text"]


READINGS = (
    Reading(
        (
            "ibv_devinfo -v",
            "ibv_devinfo -v -d {rdma_device}",
            "ibv_devinfo -d {rdma_device} -v",
            "ibv_devinfo -d {rdma_device}",
            "ibv_devinfo",
        ),
        (Question.RDMA_DEVICES, Question.GIDS),
        devices,
        Evidence.DEVICE,
    ),
)
