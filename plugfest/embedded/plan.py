"""Turns a lab file into what the guest builds: MAC addresses, management addresses, cables, BGP ports."""

import hashlib
import ipaddress

from plugfest.embedded.guest_records import GuestCable, GuestDevice, GuestPlan, GuestPort, GuestRdma
from plugfest.embedded.limits import check
from plugfest.inventory.models import Device, Host, Lab, Port, Switch

MANAGEMENT_NETWORK = ipaddress.IPv4Network("192.168.127.0/24")
"""Inside the virtual machine only; .1 is the emulator's own end, devices start at .16."""
_FIRST_DEVICE = 16
_DEFAULT_MTU = 1500


def mac_address(lab: str, place: str) -> str:
    """A locally administered unicast MAC address that depends on the names alone."""
    digest = hashlib.sha256(f"{lab}/{place}".encode()).hexdigest()
    return ":".join(["02", *(digest[index : index + 2] for index in range(0, 10, 2))])


def plan_of(lab: Lab) -> GuestPlan:
    """Turn `lab` into what the guest builds; raises EmbeddedLabError for what an embedded lab cannot be."""
    check(lab, MANAGEMENT_NETWORK, _FIRST_DEVICE)
    devices = {name: _device(lab, index, name, device) for index, (name, device) in enumerate(lab.devices.items())}
    cables = tuple(
        GuestCable(
            a_device=link.a.device,
            a=devices[link.a.device].port(link.a.port),
            b_device=link.b.device,
            b=devices[link.b.device].port(link.b.port),
        )
        for link in lab.links
    )
    return GuestPlan(
        name=lab.name,
        devices=tuple(devices.values()),
        cables=cables,
        management_mac=mac_address(lab.name, "management"),
        management_network=str(MANAGEMENT_NETWORK),
    )


def _device(lab: Lab, index: int, name: str, device: Device) -> GuestDevice:
    is_switch = isinstance(device, Switch)
    address = MANAGEMENT_NETWORK.network_address + _FIRST_DEVICE + index
    nics = device.nics if isinstance(device, Host) else ()
    return GuestDevice(
        name=name,
        is_switch=is_switch,
        management_address=f"{address}/{MANAGEMENT_NETWORK.prefixlen}",
        management_mac=mac_address(lab.name, f"{name}:mgmt0"),
        ports=tuple(_port(lab, name, port, design) for port, design in _ports(lab, name, device).items()),
        gateway=device.gateway,
        rdma=tuple(GuestRdma(device=nic.rdma_device, port=nic.port) for nic in nics if nic.rdma_device),
        asn=device.asn if isinstance(device, Switch) else None,
        router_id=device.router_id if isinstance(device, Switch) else None,
        bgp_ports=tuple(_bgp_ports(lab, name)),
    )


def _ports(lab: Lab, name: str, device: Device) -> dict[str, Port]:
    """Ports of the device's own list, then those that only a link mentions."""
    ends = [end.port for link in lab.links_of(name) for end in (link.a, link.b) if end.device == name]
    return {**dict.fromkeys(ends, Port()), **device.ports}


def _port(lab: Lab, device: str, name: str, design: Port) -> GuestPort:
    return GuestPort(
        name=name,
        mac=mac_address(lab.name, f"{device}:{name}"),
        mtu=design.mtu or _DEFAULT_MTU,
        address=design.address,
        vlan=design.vlan,
        test_port=design.test_port,
        cabled=any(device == end.device and name == end.port for link in lab.links for end in (link.a, link.b)),
    )


def _bgp_ports(lab: Lab, name: str) -> list[str]:
    """Ports whose cable joins two switches that both have an autonomous system number."""
    return [
        end.port
        for link in lab.links
        for end, peer in ((link.a, link.b), (link.b, link.a))
        if end.device == name and all(_speaks_bgp(lab.device(side.device)) for side in (end, peer))
    ]


def _speaks_bgp(device: Device) -> bool:
    return isinstance(device, Switch) and device.asn is not None
