"""What a lab file may say: frozen models, unknown keys forbidden, every field documented in place.

The loader (`plugfest.inventory.loader`) turns YAML into these models and checks what concerns several entries at
once (a port cabled twice, an address used twice, an unknown device in a link).
"""

import ipaddress
import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from plugfest.records import Record

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_.-]{0,62}$"
PORT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_./:-]{0,62}$"
LINK_PATTERN = re.compile(r"^\s*(?P<a>[\w.-]+):(?P<a_port>[\w./:-]+)\s+<->\s+(?P<b>[\w.-]+):(?P<b_port>[\w./:-]+)\s*$")


def _interface_address(text: str) -> str:
    ipaddress.ip_interface(text)
    if "/" not in text:
        raise ValueError(f"expected ADDRESS/PREFIX such as 10.1.1.2/24, got {text!r}")
    return text


Name = Annotated[str, Field(pattern=NAME_PATTERN)]
PortName = Annotated[str, Field(pattern=PORT_PATTERN)]
InterfaceAddress = Annotated[str, AfterValidator(_interface_address)]
Asn = Annotated[int, Field(ge=1, le=4_294_967_295)]
Mtu = Annotated[int, Field(ge=68, le=65_535)]
Speed = Annotated[str, Field(pattern=r"^\d+(\.\d+)?[MGT]$")]


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


class Credential(Record):
    """How to log in.  Only references to secrets; exactly one source."""

    user: str
    """Login name on the device."""
    key_file: str | None = None
    """Path of a private key; ``~`` and environment variables are expanded."""
    password_env: str | None = None
    """Name of the environment variable that holds the password."""
    password_command: list[str] | None = None
    """Program and arguments that print the password, such as ``[secret-tool, lookup, lab, leaf1]``; no shell."""
    agent: bool | None = None
    """True: use the keys that the running SSH agent offers."""

    @model_validator(mode="after")
    def _exactly_one_source(self) -> "Credential":
        sources = [self.key_file, self.password_env, self.password_command, self.agent]
        if sum(source not in (None, False) for source in sources) != 1:
            raise ValueError("give exactly one of key_file, password_env, password_command, agent")
        return self


class Ssh(Record):
    """Where a device's management SSH server answers."""

    address: str
    """Host name or IP address of the management interface."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 22
    """TCP port."""
    credential: Name
    """Key into the lab's ``credentials``."""
    jump: Name | None = None
    """Device or bastion that the connection goes through."""


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


class Nic(Record):
    """One network interface controller of a host."""

    vendor: str
    model: str
    firmware: str = "unknown"
    rdma_device: str | None = None
    """Name of the RDMA device, such as mlx5_0 or rxe1."""
    port: PortName
    """Host port (net device) that this NIC drives."""
    gid_index: Annotated[int, Field(ge=0)] | None = None
    """GID table index of the RoCEv2 IPv4 GID; probed when absent."""


class Accelerators(Record):
    """The accelerators of one kind in a host."""

    vendor: str
    model: str
    count: Annotated[int, Field(ge=1)] = 1


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
    gateway: str | None = None
    """Default gateway on the fabric."""
    note: str | None = None
    """Free text for people."""


class Host(_Device):
    """A GPU host: accelerators and RDMA NICs, traffic source and sink."""

    role: Literal["host"] = "host"
    accelerators: tuple[Accelerators, ...] = ()
    nics: tuple[Nic, ...] = ()


class Switch(_Device):
    """A switch under test."""

    role: Literal["switch"] = "switch"
    vendor: str
    model: str
    chip: str
    """Switch silicon, such as Tomahawk 5."""
    nos: str
    """Network operating system with version."""
    dialect: Name
    """Module of `plugfest.devices` that speaks to it, such as ``frr_linux``."""
    asn: Asn | None = None
    """BGP autonomous system number."""
    router_id: str | None = None
    """BGP router id."""
    tier: Literal["leaf", "spine", "border"] | None = None
    """Place in the fabric."""


class Injector(_Device):
    """A two-port Linux server in the cable that can do exact things to single packets."""

    role: Literal["injector"] = "injector"


class CaptureHost(_Device):
    """A host that only records what a mirror port or tap sends it."""

    role: Literal["capture"] = "capture"


class Bastion(_Device):
    """A jump host; carries no test traffic."""

    role: Literal["bastion"] = "bastion"


Device = Annotated[Host | Switch | Injector | CaptureHost | Bastion, Field(discriminator="role")]


class PortReference(Record):
    """One end of a link."""

    device: Name
    port: PortName

    def __str__(self) -> str:
        return f"{self.device}:{self.port}"


class Link(Record):
    """A cable between two ports.

    In YAML either one line (``h1:eth1 <-> leaf1:swp1``) or a mapping with ``between`` and the optional fields.
    """

    a: PortReference
    b: PortReference
    speed: Speed | None = None
    """Designed speed."""
    media: str | None = None
    """Cable or optic kind, such as DAC, AOC, 400G-DR4, veth."""
    cable: str | None = None
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
        if not isinstance(value, dict) or "between" not in value:
            return value
        match = LINK_PATTERN.match(str(value["between"]))
        if not match:
            raise ValueError(f"expected DEVICE:PORT <-> DEVICE:PORT, got {value['between']!r}")
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
    kind: LabKind
    description: str = ""
    credentials: dict[Name, Credential] = {}
    known_hosts: str | None = None
    """Path of the pinned host keys, relative to the lab file; required for hardware labs."""
    devices: dict[Name, Device]
    """Devices by name; group defaults are already merged in."""
    links: tuple[Link, ...] = ()

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
