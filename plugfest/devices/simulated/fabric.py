"""What is true in a simulated lab: every port as the lab file designs it, unless a fault says otherwise.

Everything that simulated devices print is told from here, so that both ends of a cable agree where they should.
"""

from collections import Counter
from hashlib import sha256
from typing import Any

from plugfest.inventory.design import designed_mtu, designed_path_mtu, speed_mbps
from plugfest.inventory.models import Host, Lab, Link, PortReference, Switch
from plugfest.inventory.plan import HostPair, Plan
from plugfest.records import Record

PACKETS_BEFORE = 1_000_000
PACKETS_A_LOOK = 37
"""A port has moved so many packets whenever it is looked at again; nothing depends on the clock."""
USUAL_MTU = 1500
USUAL_SPEED = 100_000


class Announcement(Record):
    """What a neighbour says of itself by LLDP (IEEE 802.1AB-2016 8.5)."""

    system_name: str
    chassis_mac: str
    port_id: str
    port_id_kind: str
    """``interface``, ``local`` or ``mac``: which subtype the sender chose."""
    port_description: str
    ttl: int = 120


class SimulatedPort(Record):
    """One port as its device tells it."""

    name: str
    number: int
    """From 1 on, in the order of the lab file."""
    mac: str
    address: str | None
    admin_up: bool = True
    oper_up: bool = True
    mtu: int
    speed_mbps: int
    neighbor: Announcement | None
    packets: int
    errors: int = 0
    carrier_changes: int = 1


class Session(Record):
    """One BGP session, as its end on this device tells it."""

    neighbor: str
    """Address of the other end."""
    remote_asn: int
    established: bool
    prefixes: int = 12


class Fault(Record):
    """Something wrong with one port: what its device says instead of what the lab file designs."""

    port: str
    """Such as ``leaf1:Ethernet0``."""
    values: dict[str, Any]
    """Fields of `SimulatedPort` with their wrong values."""
    growing: frozenset[str] = frozenset()
    """Counters, fields of `SimulatedPort`, that grow by one with every look."""


class SimulatedFabric:
    """The ports of a lab, asked by name; counters move from look to look."""

    def __init__(self, lab: Lab, faults: tuple[Fault, ...] = ()) -> None:
        """Raises KeyError for a fault at a port that no cable ends at."""
        self.lab, self._plan = lab, Plan.of(lab)
        self._cables = {str(end): (link, far) for link in lab.links for end, far in _both_ways(link)}
        self._faults = {fault.port: fault for fault in faults if self._cables[fault.port]}
        self._looks: Counter[str] = Counter()

    def ports(self, device: str) -> list[SimulatedPort]:
        """All ports of a device; every call is a new look at its counters."""
        self._looks[device] += 1
        return [self._port(device, name, number) for number, name in enumerate(self.lab.device(device).ports, start=1)]

    def sessions(self, device: str) -> list[Session]:
        """The BGP sessions that the cables between routers with addresses give; down with their ports."""
        return [
            Session(neighbor=address, remote_asn=asn, established=self._is_up(near) and self._is_up(far))
            for link in self._plan.bgp_links
            for near, far in _both_ways(link)
            if near.device == device
            if (address := _plain(self.lab.switches[far.device].ports[far.port].address))
            if (asn := self.lab.switches[far.device].asn)
        ]

    def _is_up(self, end: PortReference) -> bool:
        fault = self._faults.get(str(end))
        return bool(fault.values.get("oper_up", True)) if fault else True

    def path_mtu(self, host: str, address: str) -> tuple[int, int] | None:
        """Bytes that `host` itself and the way to `address` let pass; None if there is no way."""
        pair = next((each for each in self._plan.host_pairs if self._is(each, host, address)), None)
        if pair is None:
            return None
        ends = {end for path in pair.paths for one in path.segments for end in (one.sender, one.receiver)}
        faulty = [int(fault.values["mtu"]) for end in ends if (fault := self._mtu_fault(end))]
        own = self._mtu_fault(pair.client_port)
        designed = designed_path_mtu(self.lab, pair) or USUAL_MTU
        port = self.lab.device(host).ports[pair.client_nic.port]
        return int(own.values["mtu"]) if own else port.mtu or USUAL_MTU, min(designed, *faulty) if faulty else designed

    def _mtu_fault(self, end: PortReference) -> Fault | None:
        fault = self._faults.get(str(end))
        return fault if fault and "mtu" in fault.values else None

    @staticmethod
    def _is(pair: HostPair, host: str, address: str) -> bool:
        return (pair.client, pair.server_address) == (host, address)

    def _port(self, device: str, name: str, number: int) -> SimulatedPort:
        place = f"{device}:{name}"
        looks, designed = self._looks[device], self.lab.device(device).ports[name]
        link, far = self._cables.get(place, (None, None))
        speed = designed.speed or (link.speed if link else None)
        port = SimulatedPort(
            name=name,
            number=number,
            mac=_mac(place),
            address=designed.address,
            oper_up=link is not None,
            mtu=designed.mtu or (designed_mtu(self.lab, link) if link else None) or USUAL_MTU,
            speed_mbps=speed_mbps(speed) if speed else USUAL_SPEED,
            neighbor=announced(self.lab, far) if far else None,
            packets=PACKETS_BEFORE + PACKETS_A_LOOK * looks,
        )
        fault = self._faults.get(place)
        if fault is None:
            return port
        grown = {counter: getattr(port, counter) + looks for counter in fault.growing}
        return SimulatedPort.model_validate({**port.model_dump(), **fault.values, **grown})


def announced(lab: Lab, far: PortReference) -> Announcement | None:
    """What the device at the other end of a cable sends; injectors and capture hosts are silent."""
    device = lab.device(far.device)
    if not isinstance(device, Host | Switch):
        return None
    port_id, kind = far.port, "interface"
    if isinstance(device, Host):
        port_id, kind = _mac(str(far)), "mac"  # lldpd's default
    elif device.dialect in ("sonic", "asternos"):
        port_id, kind = f"Eth{list(device.ports).index(far.port) + 1}", "local"  # the alias
    return Announcement(
        system_name=far.device,
        chassis_mac=_mac(far.device),
        port_id=port_id,
        port_id_kind=kind,
        port_description=far.port,
    )


def _both_ways(link: Link) -> tuple[tuple[PortReference, PortReference], tuple[PortReference, PortReference]]:
    return (link.a, link.b), (link.b, link.a)


def _plain(address: str | None) -> str:
    return (address or "").partition("/")[0]


def _mac(place: str) -> str:
    """An address from the range for documentation, 00-00-5E-00-53-00 to 00-00-5E-00-53-FF (RFC 7042 2.1.2).

    It need not be unique in the lab: nothing is bridged there.
    """
    return f"00:00:5e:00:53:{sha256(place.encode()).hexdigest()[:2]}"
