"""What an embedded lab cannot be: told before anything is built."""

import ipaddress
import re
from collections.abc import Iterator

from plugfest.errors import EmbeddedLabError
from plugfest.inventory.models import Device, Host, Lab, LabKind, Switch

_LINUX_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$")
_MOST_TEST_PORTS = 24
"""PCI slots that the emulated machine has left."""


def check(lab: Lab, management: ipaddress.IPv4Network, first_device: int) -> None:
    """Raise EmbeddedLabError with every reason why `lab` cannot be built as an embedded lab."""
    if lab.kind is not LabKind.EMBEDDED:
        raise EmbeddedLabError(f"{lab.name} is a lab of kind {lab.kind.value}; expected one of kind embedded")
    problems = [*_size_problems(lab, management.num_addresses - 1 - first_device), *_rdma_name_problems(lab)]
    for name, device in lab.devices.items():
        problems += [f"{name}: {problem}" for problem in _device_problems(lab, name, device, management)]
    if problems:
        raise EmbeddedLabError("this lab cannot be built as an embedded lab:\n  " + "\n  ".join(problems))


def _size_problems(lab: Lab, most_devices: int) -> Iterator[str]:
    if len(lab.devices) > most_devices:
        yield f"it has {len(lab.devices)} devices; the management network has addresses for {most_devices}"
    test_ports = sum(port.test_port for device in lab.devices.values() for port in device.ports.values())
    if test_ports > _MOST_TEST_PORTS:
        yield f"it has {test_ports} test ports; the emulated machine has slots for {_MOST_TEST_PORTS}"


def _device_problems(lab: Lab, name: str, device: Device, management: ipaddress.IPv4Network) -> Iterator[str]:
    if not isinstance(device, Host | Switch):
        yield f"role {device.role} cannot be emulated; expected host or switch"
    cabled = {end.port for link in lab.links_of(name) for end in (link.a, link.b) if end.device == name}
    yield from _port_problems(device, cabled, management)
    if isinstance(device, Host):
        yield from _nic_problems(device, cabled | set(device.ports))
    for field in ("gateway", "router_id"):
        value = getattr(device, field, None)
        if value is not None and not _is_address(value):
            yield f"{field} {value!r} is not an IP address"


def _port_problems(device: Device, cabled: set[str], management: ipaddress.IPv4Network) -> Iterator[str]:
    for port in sorted(cabled | set(device.ports)):
        if not _LINUX_NAME.match(port) or port in ("lo", "mgmt0"):
            yield f"port {port!r} cannot be the name of a Linux network interface (1 to 15 characters, not lo or mgmt0)"
    for port, design in device.ports.items():
        if design.test_port and port in cabled:
            yield f"port {port} is a test port and also has a cable; remove one of them"
        if design.address and ipaddress.ip_interface(design.address).network.overlaps(management):
            yield f"port {port} has address {design.address}, which is inside the management network {management}"


def _nic_problems(host: Host, ports: set[str]) -> Iterator[str]:
    for nic in host.nics:
        if nic.rdma_device and not _LINUX_NAME.match(nic.rdma_device):
            yield f"RDMA device {nic.rdma_device!r} cannot be the name of a Linux RDMA device"
        if nic.rdma_device and nic.port not in ports:
            yield f"RDMA device {nic.rdma_device} is on port {nic.port}, which the host does not have"


def _rdma_name_problems(lab: Lab) -> Iterator[str]:
    """Soft-RoCE device names are shared by all network namespaces of one kernel."""
    owners: dict[str, str] = {}
    for name, host in lab.hosts.items():
        for device in (nic.rdma_device for nic in host.nics if nic.rdma_device):
            if device in owners:
                yield f"RDMA device {device} is on {owners[device]} and on {name}; its name must be unique in the lab"
            owners[device] = name


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
