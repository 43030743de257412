"""What was under test together, as data: the cell of the interop matrix that a result belongs to."""

from functools import singledispatch

from plugfest.inventory.models import Host, Link, Nic, PortReference, Switch
from plugfest.inventory.pairs import HostPair, cell_of
from plugfest.inventory.plan import DesignedRoute, Plan
from plugfest.records import Record

UNKNOWN = "unknown"
WHOLE_LAB = "whole lab"
"""Id of the cell of tests that concern no device in particular."""


class AcceleratorKind(Record):
    """A kind of accelerator."""

    vendor: str
    model: str

    def __str__(self) -> str:
        return f"{self.vendor} {self.model}"


class NicKind(Record):
    """A kind of NIC and the accelerators that it serves."""

    vendor: str
    model: str
    firmware: str = UNKNOWN
    accelerators: tuple[AcceleratorKind, ...] = ()
    """Those in the same host."""

    def __str__(self) -> str:
        return " ".join(part for part in (self.vendor, self.model, self.firmware) if part != UNKNOWN)


class SwitchKind(Record):
    """A kind of switch."""

    vendor: str
    model: str
    chip: str
    nos: str
    """Network operating system with version."""

    def __str__(self) -> str:
        return f"{self.chip}, {self.nos}"


class DevicesUnderTest(Record):
    """The equipment that a result speaks of; equal equipment gives equal ids in every lab."""

    nic: NicKind | None = None
    """NIC of the client, or of the host at the end of the cable."""
    switches: tuple[SwitchKind, ...] = ()
    """Kinds of switches on the way, each once."""
    media: tuple[str, ...] = ()
    """Cables or optics, each kind once."""
    peer: NicKind | None = None
    """NIC of the server."""
    devices: tuple[str, ...] = ()
    """Names in the lab file, client first."""

    @property
    def id(self) -> str:
        """Readable form; for a pair of hosts the same as `plugfest.inventory.pairs.Cell.id`."""
        switches = " + ".join(dict.fromkeys(map(str, self.switches)))
        media = " + ".join(self.media)
        if self.peer is not None:
            switches, media = switches or "no switch", media or "unnamed media"
        parts = (str(self.nic or ""), switches, media, str(self.peer or ""))
        return " × ".join(filter(None, parts)) or WHOLE_LAB

    def facts(self) -> dict[str, str]:
        """The parts by name, for labels of reports."""
        parts = {
            "NIC": str(self.nic or ""),
            "switch": " + ".join(dict.fromkeys(switch.chip for switch in self.switches)),
            "NOS": " + ".join(dict.fromkeys(switch.nos for switch in self.switches)),
            "medium": " + ".join(self.media),
            "peer": str(self.peer or ""),
        }
        return {name: value for name, value in parts.items() if value}


@singledispatch
def devices_under_test(subject: object, plan: Plan) -> DevicesUnderTest | None:
    """The equipment behind a test's parameter; None if the parameter is no part of the lab."""
    return None


@devices_under_test.register
def _(subject: HostPair, plan: Plan) -> DevicesUnderTest:
    return DevicesUnderTest(
        nic=nic_kind(plan.hosts[subject.client], subject.client_nic),
        switches=_unique_switches(plan, subject.switches),
        media=cell_of(plan.lab, subject).media,
        peer=nic_kind(plan.hosts[subject.server], subject.server_nic),
        devices=subject.devices,
    )


@devices_under_test.register
def _(subject: Link, plan: Plan) -> DevicesUnderTest:
    nics = [_nic_at(plan, end) for end in (subject.a, subject.b) if end.device in plan.hosts]
    return DevicesUnderTest(
        nic=nics[0] if nics else None,
        switches=_unique_switches(plan, (subject.a.device, subject.b.device)),
        media=(subject.media,) if subject.media else (),
        peer=nics[1] if len(nics) > 1 else None,
        devices=tuple(dict.fromkeys((subject.a.device, subject.b.device))),
    )


@devices_under_test.register
def _(subject: DesignedRoute, plan: Plan) -> DevicesUnderTest:
    return DevicesUnderTest(switches=_unique_switches(plan, (subject.switch,)), devices=(subject.switch,))


@devices_under_test.register
def _(subject: str, plan: Plan) -> DevicesUnderTest | None:
    """A device by name, or a port written as ``DEVICE:PORT``."""
    name = subject.split(":")[0]
    device = plan.lab.devices.get(name)
    if isinstance(device, Switch):
        return DevicesUnderTest(switches=(switch_kind(device),), devices=(name,))
    if isinstance(device, Host):
        return DevicesUnderTest(nic=nic_kind(device, device.nics[0]) if device.nics else None, devices=(name,))
    return None


@devices_under_test.register
def _(subject: PortReference, plan: Plan) -> DevicesUnderTest | None:
    return devices_under_test(subject.device, plan)


def nic_kind(host: Host, nic: Nic) -> NicKind:
    """What kind of NIC `nic` of `host` is."""
    accelerators = tuple(AcceleratorKind(vendor=each.vendor, model=each.model) for each in host.accelerators)
    return NicKind(vendor=nic.vendor, model=nic.model, firmware=nic.firmware, accelerators=accelerators)


def switch_kind(switch: Switch) -> SwitchKind:
    """What kind of switch `switch` is."""
    return SwitchKind(vendor=switch.vendor, model=switch.model, chip=switch.chip, nos=switch.nos)


def _nic_at(plan: Plan, end: PortReference) -> NicKind | None:
    host = plan.hosts[end.device]
    return next((nic_kind(host, nic) for nic in host.nics if nic.port == end.port), None)


def _unique_switches(plan: Plan, names: tuple[str, ...]) -> tuple[SwitchKind, ...]:
    return tuple(dict.fromkeys(switch_kind(plan.switches[name]) for name in names if name in plan.switches))
