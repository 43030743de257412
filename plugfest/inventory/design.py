"""What the lab file designs for a link, in the units that devices report."""

from plugfest.inventory.models import Lab, Link, Port
from plugfest.inventory.pairs import HostPair

_MBPS = {"M": 1, "G": 1_000, "T": 1_000_000}


def speed_mbps(speed: str) -> int:
    """Mbit/s of a designed speed such as ``100G`` or ``2.5G``."""
    return round(float(speed[:-1]) * _MBPS[speed[-1]])


def _ports(lab: Lab, link: Link) -> list[Port]:
    ports = (lab.device(end.device).ports.get(end.port) for end in (link.a, link.b))
    return [port for port in ports if port is not None]


def designed_mtu(lab: Lab, link: Link) -> int | None:
    """IP MTU in bytes that the lab file gives the ends of a link; None where it is silent."""
    return next((port.mtu for port in _ports(lab, link) if port.mtu is not None), None)


def designed_speed_mbps(lab: Lab, link: Link) -> int | None:
    """Mbit/s that the lab file gives a link or its ends; None where it is silent."""
    speeds = [link.speed, *(port.speed for port in _ports(lab, link))]
    return next((speed_mbps(speed) for speed in speeds if speed is not None), None)


def ports_by_neighbor(lab: Lab, device: str) -> dict[str, str]:
    """Ports of `device` by the IP address, without prefix length, of the port at the other end of the cable."""
    found = {}
    for link in lab.links_of(device):
        near, far = (link.a, link.b) if link.a.device == device else (link.b, link.a)
        port = lab.device(far.device).ports.get(far.port)
        if port is not None and port.address:
            found[port.address.partition("/")[0]] = near.port
    return found


def designed_path_mtu(lab: Lab, pair: HostPair) -> int | None:
    """Smallest IP MTU in bytes on any path of a pair; None where the lab file is silent about every port."""
    ends = {end for path in pair.paths for segment in path.segments for end in (segment.sender, segment.receiver)}
    ports = (lab.device(end.device).ports.get(end.port) for end in ends)
    return min((port.mtu for port in ports if port and port.mtu is not None), default=None)
