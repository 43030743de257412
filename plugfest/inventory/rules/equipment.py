"""Rules about what is in a device: NICs on ports that exist, RDMA devices with one owner, dialects we speak."""

from collections.abc import Iterator

from plugfest.inventory.dialects import EMBEDDED_DIALECT, KNOWN_DIALECTS
from plugfest.inventory.draft import Draft
from plugfest.inventory.models import Host, LabKind, Switch
from plugfest.inventory.problems import Problem
from plugfest.inventory.rules.comparing import one_of, repeated

_LONGEST_INTERFACE_NAME = 15
"""Linux IFNAMSIZ (16) less the closing zero byte."""


def equipment_problems(draft: Draft) -> Iterator[Problem]:
    """Every mistake in NICs, RDMA devices, dialects and test ports."""
    for name, host in draft.lab.hosts.items():
        yield from _nic_ports(draft, name, host)
    yield from _rdma_devices(draft)
    yield from _dialects(draft)
    yield from _test_ports(draft)
    if draft.lab.kind is LabKind.EMBEDDED:
        yield from _interface_names(draft)


def _nic_ports(draft: Draft, name: str, host: Host) -> Iterator[Problem]:
    for position, nic in enumerate(host.nics):
        if nic.port not in host.ports:
            text = f"expected a port of {name}, found {nic.port!r} – {one_of(host.ports, nic.port)}"
            yield draft.problem(text, "devices", name, "nics", position, "port")
    for first, second in repeated((nic.port, position) for position, nic in enumerate(host.nics)):
        line = draft.line("devices", name, "nics", first, "port")
        text = (
            f"expected one NIC for a port, found {host.nics[second].port} also on line {line} – correct one of the two"
        )
        yield draft.problem(text, "devices", name, "nics", second, "port")


def _rdma_devices(draft: Draft) -> Iterator[Problem]:
    """On hardware each host has its own names; the hosts of an embedded lab share one kernel and so one name space."""
    shared = draft.lab.kind is LabKind.EMBEDDED
    places = (
        ((None if shared else name, nic.rdma_device), ("devices", name, "nics", position, "rdma_device"))
        for name, host in draft.lab.hosts.items()
        for position, nic in enumerate(host.nics)
        if nic.rdma_device
    )
    scope = "an embedded lab (one kernel runs all its hosts)" if shared else "a host"
    for first, second in repeated(places):
        text = f"expected an RDMA device name once in {scope}, found it also on line {draft.line(*first)} – rename one"
        yield draft.problem(text, *second)


def _dialects(draft: Draft) -> Iterator[Problem]:
    for name, switch in draft.lab.switches.items():
        path = ("devices", name, "dialect")
        if switch.dialect not in KNOWN_DIALECTS:
            text = f"expected a dialect this harness speaks, found {switch.dialect!r}"
            yield draft.problem(f"{text} – {one_of(KNOWN_DIALECTS, switch.dialect)}", *path)
        elif draft.lab.kind is LabKind.EMBEDDED and switch.dialect != EMBEDDED_DIALECT:
            text = f"expected {EMBEDDED_DIALECT}, which all switches of an embedded lab run, found {switch.dialect!r}"
            yield draft.problem(f"{text} – write {EMBEDDED_DIALECT} or make the lab kind: hardware", *path)


def _test_ports(draft: Draft) -> Iterator[Problem]:
    for name, device in draft.lab.devices.items():
        for port_name, port in device.ports.items():
            if port.test_port and not isinstance(device, Switch):
                text = f"expected test ports on switches only, found one on a {device.role} – remove test_port"
                yield draft.problem(text, "devices", name, "ports", port_name, "test_port")


def _interface_names(draft: Draft) -> Iterator[Problem]:
    for name, device in draft.lab.devices.items():
        for port_name in device.ports:
            if len(port_name) > _LONGEST_INTERFACE_NAME or set(port_name) & set("/:"):
                text = f"expected a Linux interface name (at most {_LONGEST_INTERFACE_NAME} letters, no '/' or ':')"
                found = f"found {port_name!r} ({len(port_name)} letters) – use a name such as eth1 or swp1"
                yield draft.problem(f"{text}, {found}", "devices", name, "ports", port_name)
