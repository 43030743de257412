"""Rules about addresses: unique, routed or switched but not both, gateways that exist, links within one subnet."""

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface

from plugfest.inventory.draft import Draft
from plugfest.inventory.models import Host, PortReference, Switch
from plugfest.inventory.problems import Problem
from plugfest.inventory.rules.comparing import repeated

Interface = IPv4Interface | IPv6Interface


def addressing_problems(draft: Draft) -> Iterator[Problem]:
    """Every mistake in addresses, VLANs, gateways and router ids."""
    addresses = _addresses(draft)
    yield from _same_address(draft, addresses)
    yield from _same_management_address(draft)
    yield from _same_router_id(draft)
    yield from _routed_and_switched(draft)
    yield from _links_across_subnets(draft, addresses)
    for name, host in draft.lab.hosts.items():
        yield from _gateway(draft, name, host, addresses)


def _addresses(draft: Draft) -> dict[PortReference, Interface]:
    return {
        PortReference(device=name, port=port_name): ip_interface(port.address)
        for name, device in draft.lab.devices.items()
        for port_name, port in device.ports.items()
        if port.address
    }


def _path(end: PortReference) -> tuple[str, ...]:
    return ("devices", end.device, "ports", end.port, "address")


def _same_address(draft: Draft, addresses: dict[PortReference, Interface]) -> Iterator[Problem]:
    for first, second in repeated((interface.ip, end) for end, interface in addresses.items()):
        found = f"{addresses[second].ip} also at {first} (line {draft.line(*_path(first))})"
        yield draft.problem(f"expected an address once in a lab, found {found} – change one", *_path(second))


def _same_management_address(draft: Draft) -> Iterator[Problem]:
    places = (
        ((device.ssh.address.lower(), device.ssh.port), name)
        for name, device in draft.lab.devices.items()
        if device.ssh is not None
    )
    for first, second in repeated(places):
        line = draft.line("devices", first, "ssh", "address")
        found = f"the address and port of {first} (line {line})"
        text = f"expected a management address once in a lab, found {found} – change one"
        yield draft.problem(text, "devices", second, "ssh", "address")


def _same_router_id(draft: Draft) -> Iterator[Problem]:
    places = ((switch.router_id, name) for name, switch in draft.lab.switches.items() if switch.router_id)
    for first, second in repeated(places):
        found = (
            f"{draft.lab.switches[second].router_id} also at {first} (line {draft.line('devices', first, 'router_id')})"
        )
        text = f"expected a router id once in a lab, found {found} – change one"
        yield draft.problem(text, "devices", second, "router_id")


def _routed_and_switched(draft: Draft) -> Iterator[Problem]:
    for name, device in draft.lab.devices.items():
        for port_name, port in device.ports.items():
            if isinstance(device, Switch) and port.address and port.vlan:
                path = ("devices", name, "ports", port_name)
                found = (
                    f"an address (line {draft.line(*path, 'address')}) and a VLAN (line {draft.line(*path, 'vlan')})"
                )
                yield draft.problem(f"expected a routed or a switched port, found {found} – remove one", *path)


def _links_across_subnets(draft: Draft, addresses: dict[PortReference, Interface]) -> Iterator[Problem]:
    for position, link in draft.cables.items():
        a, b = addresses.get(link.a), addresses.get(link.b)
        if a is not None and b is not None and a.version == b.version and a.network != b.network:
            lines = [draft.line(*_path(end)) for end in (link.a, link.b)]
            found = f"{a} at {link.a} (line {lines[0]}) and {b} at {link.b} (line {lines[1]})"
            text = f"expected both ends in one subnet, found {found} – correct one address"
            yield draft.problem(text, "links", position)


def _gateway(draft: Draft, name: str, host: Host, addresses: dict[PortReference, Interface]) -> Iterator[Problem]:
    if host.gateway is None:
        return
    gateway, path = ip_address(host.gateway), ("devices", name, "gateway")
    own = {end: interface for end, interface in addresses.items() if end.device == name}
    near = [end for end, interface in own.items() if gateway in interface.network]
    if not near:
        there = ", ".join(f"{interface} at {end.port}" for end, interface in own.items()) or "no address at all"
        text = f"expected an address in the subnet of one of its ports, found {gateway} besides {there}"
        yield draft.problem(f"{text} – correct the gateway or the port's address", *path)
    for end, neighbour in _routed_neighbours(draft, near, addresses):
        if gateway not in {interface.ip for interface in addresses.values()} - {own[end].ip}:
            found = f"{gateway}, while {neighbour} at the other end of {end} has {addresses[neighbour]}"
            line = draft.line(*_path(neighbour))
            text = f"expected the address of a port, found {found} (line {line}) – use {addresses[neighbour].ip}"
            yield draft.problem(text, *path)


def _routed_neighbours(
    draft: Draft, ends: list[PortReference], addresses: dict[PortReference, Interface]
) -> Iterator[tuple[PortReference, PortReference]]:
    """Each of `ends` with the port at the other end of its cable, when that has an address."""
    for link in draft.cables.values():
        for end, neighbour in ((link.a, link.b), (link.b, link.a)):
            if end in ends and neighbour in addresses:
                yield end, neighbour
