"""What a lab file may say: frozen models, unknown keys forbidden, every field documented in place.

The loader (`plugfest.inventory.loader`) turns YAML into these models and checks what concerns several entries at
once (a port cabled twice, an address used twice, an unknown device in a link).
"""

import ipaddress
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, field_serializer, model_validator

from plugfest.inventory.fields import (
    ADDRESS_PATTERN,
    LINK_PATTERN,
    RDMA_DEVICE_PATTERN,
    USER_PATTERN,
    VARIABLE_PATTERN,
    Asn,
    InterfaceAddress,
    IpAddress,
    Mtu,
    Name,
    PortName,
    Prose,
    RouterId,
    Speed,
    Text,
)
from plugfest.records import Record


class LabKind(StrEnum):
    """How the devices of a lab come to life."""

    EMBEDDED = "embedded"
    HARDWARE = "hardware"


class Capability(StrEnum):
    """What a test may need of a device; absent means the test is skipped with that reason."""

    RDMA = "rdma"
    LLDP = "lldp"
    BGP = "bgp"
    ECMP = "ecmp"
    ECN = "ecn"
    PFC = "pfc"
    CNP = "cnp"
    CAPTURE = "capture"
    INJECTION = "injection"
    TEST_PORT = "test_port"
    CONFIGURATION = "configuration"


_SOURCES = ("key_file", "password_env", "password_command", "agent")


class Credential(Record):
    """How to log in.  Only references to secrets; exactly one source."""

    user: Annotated[str, Field(pattern=USER_PATTERN)]
    """Login name on the device."""
    key_file: Text | None = None
    """Path of a private key; ``~`` and environment variables are expanded."""
    password_env: Annotated[str, Field(pattern=VARIABLE_PATTERN)] | None = None
    """Name of the environment variable that holds the password."""
    password_command: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Program and arguments that print the password, such as ``[secret-tool, lookup, lab, leaf1]``; no shell."""
    agent: bool | None = None
    """True: use the keys that the running SSH agent offers."""

    @model_validator(mode="after")
    def _exactly_one_source(self) -> "Credential":
        if sum(getattr(self, name) not in (None, False) for name in _SOURCES) != 1:
            given = ", ".join(name for name in _SOURCES if getattr(self, name) not in (None, False)) or "none"
            advice = "add one" if given == "none" else "keep one"
            raise ValueError(f"expected exactly one of {', '.join(_SOURCES)}, found {given} – {advice}")
        return self


class Ssh(Record):
    """Where a device's management SSH server answers."""

    address: Annotated[str, Field(pattern=ADDRESS_PATTERN)]
    """Host name or IP address of the management interface."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 22
    """TCP port."""
    credential: Name
    """Key into the lab's ``credentials``."""
    jump: Name | None = None
    """Device or bastion that the connection goes through."""


@cache
def _subnet(address: str) -> str:
    return str(ipaddress.ip_interface(address).network)


class Port(Record):
    """One port of a device and what is configured on it by design."""

    address: InterfaceAddress | None = None
    """IP address with prefix length; absent on unnumbered or pure layer-2 ports."""
    mtu: Mtu | None = None
    """Designed IP MTU in bytes."""
    speed: Speed | None = None
    """Designed speed, such as 100G."""
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    """Untagged VLAN of the port."""
    test_port: bool = False
    """True: the harness itself is cabled here and can send and receive raw frames."""

    @property
    def subnet(self) -> str | None:
        """The subnet of its address, such as 10.1.1.0/24."""
        return _subnet(self.address) if self.address else None


class Nic(Record):
    """One network interface controller of a host."""

    vendor: Text
    """Maker of the NIC."""
    model: Text
    """Model, such as ConnectX-7."""
    firmware: Text = "unknown"
    """Firmware version as the device prints it."""
    rdma_device: Annotated[str, Field(pattern=RDMA_DEVICE_PATTERN)] | None = None
    """Name of the RDMA device, such as mlx5_0 or rxe1."""
    port: PortName
    """Host port (net device) that this NIC drives."""
    gid_index: Annotated[int, Field(ge=0)] | None = None
    """GID table index of the RoCEv2 IPv4 GID; probed when absent."""


class Accelerators(Record):
    """The accelerators of one kind in a host."""

    vendor: Text
    """Maker of the accelerators."""
    model: Text
    """Model, such as H100 SXM."""
    count: Annotated[int, Field(ge=1)] = 1
    """How many of them the host has."""


class _Device(Record):
    """What hosts, switches and other boxes have in common."""

    group: Name | None = None
    """Group whose defaults fill what this entry leaves out."""
    ssh: Ssh | None = None
    """Management access; embedded labs leave it out."""
    ports: dict[PortName, Port] = {}
    """Ports by name."""
    capabilities: frozenset[Capability] = frozenset()
    """What the device is known to be able to do."""
    gateway: IpAddress | None = None
    """Default gateway on the fabric."""
    note: Prose | None = None
    """Free text for people."""

    @field_serializer("capabilities")
    def _sorted(self, capabilities: frozenset[Capability]) -> list[str]:
        """The same order in every run, so that evidence can be compared."""
        return sorted(capabilities)


class Host(_Device):
    """A GPU host: accelerators and RDMA NICs, traffic source and sink."""

    role: Literal["host"] = "host"
    """Kind of device."""
    accelerators: tuple[Accelerators, ...] = ()
    """Its accelerators, one entry a kind."""
    nics: tuple[Nic, ...] = ()
    """Its network interface controllers."""


class Switch(_Device):
    """A switch under test."""

    role: Literal["switch"] = "switch"
    """Kind of device."""
    vendor: Text
    """Maker of the switch."""
    model: Text
    """Model name of the box."""
    chip: Text
    """Switch silicon, such as Tomahawk 5."""
    nos: Text
    """Network operating system with version."""
    dialect: Name
    """Module of `plugfest.devices` that speaks to it, such as ``frr_linux``."""
    asn: Asn | None = None
    """BGP autonomous system number."""
    router_id: RouterId | None = None
    """BGP router id."""
    tier: Literal["leaf", "spine", "border"] | None = None
    """Place in the fabric."""


class Injector(_Device):
    """A two-port Linux server in the cable that can do exact things to single packets."""

    role: Literal["injector"] = "injector"
    """Kind of device."""


class CaptureHost(_Device):
    """A host that only records what a mirror port or tap sends it."""

    role: Literal["capture"] = "capture"
    """Kind of device."""


class Bastion(_Device):
    """A jump host; carries no test traffic."""

    role: Literal["bastion"] = "bastion"
    """Kind of device."""


Device = Annotated[Host | Switch | Injector | CaptureHost | Bastion, Field(discriminator="role")]


class PortReference(Record):
    """One end of a link."""

    device: Name
    """Name of the device."""
    port: PortName
    """Name of its port."""

    def __str__(self) -> str:
        return f"{self.device}:{self.port}"


class Link(Record):
    """A cable between two ports.

    In YAML either one line (``h1:eth1 <-> leaf1:swp1``) or a mapping with ``between`` and the optional fields.
    """

    a: PortReference
    """The end that is written first."""
    b: PortReference
    """The other end."""
    speed: Speed | None = None
    """Designed speed."""
    media: Text | None = None
    """Cable or optic kind, such as DAC, AOC, 400G-DR4, veth."""
    cable: Text | None = None
    """Label on the cable."""

    @property
    def id(self) -> str:
        """Readable id, such as ``h1:eth1<->leaf1:swp1``."""
        return f"{self.a}<->{self.b}"

    @model_validator(mode="before")
    @classmethod
    def _from_line(cls, value: object) -> object:
        if isinstance(value, str):
            value = {"between": value}
        if isinstance(value, cls) or (isinstance(value, dict) and {"a", "b"} <= value.keys()):
            return value
        if not isinstance(value, dict):
            raise ValueError(
                "expected DEVICE:PORT <-> DEVICE:PORT or a mapping with between, found neither – write both ends"
            )
        match = LINK_PATTERN.fullmatch(str(value.get("between", "")))
        if not match:
            found = ascii(value["between"])[:80] if "between" in value else "nothing"
            raise ValueError(f"expected DEVICE:PORT <-> DEVICE:PORT, found {found} – write both ends of the cable")
        rest = {key: item for key, item in value.items() if key != "between"}
        ends = {
            "a": {"device": match["a"], "port": match["a_port"]},
            "b": {"device": match["b"], "port": match["b_port"]},
        }
        return {**ends, **rest}


class Lab(Record):
    """A whole lab: what stands in the rack, how it is cabled, and how to reach it."""

    version: Literal[1]
    """Version of this file format."""
    name: Name
    """Short name, used in reports and in the names of result files."""
    kind: LabKind
    """``embedded``: runs in one virtual machine here; ``hardware``: real devices reached over SSH."""
    description: Prose = ""
    """Free text for people."""
    credentials: dict[Name, Credential] = {}
    """Ways to log in, by name; references to secrets, never the secrets."""
    known_hosts: Text | None = None
    """Path of the pinned host keys, relative to the lab file; required for hardware labs."""
    devices: Annotated[dict[Name, Device], Field(min_length=1)]
    """What stands in the rack, by name.

    Group defaults are already merged in.
    """
    links: tuple[Link, ...] = ()
    """The cables."""

    def device(self, name: str) -> Device:
        """The device called `name`; KeyError if there is none."""
        return self.devices[name]

    @property
    def hosts(self) -> dict[str, Host]:
        """GPU hosts by name, in file order."""
        return {name: device for name, device in self.devices.items() if isinstance(device, Host)}

    @property
    def switches(self) -> dict[str, Switch]:
        """Switches by name, in file order."""
        return {name: device for name, device in self.devices.items() if isinstance(device, Switch)}

    def links_of(self, name: str) -> tuple[Link, ...]:
        """Links with one end on the device called `name`."""
        return tuple(link for link in self.links if name in (link.a.device, link.b.device))
