"""Pairs of test ports that a switch bridges: what goes into the one may come out of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from plugfest.inventory.models import Lab, PortReference


@dataclass(frozen=True, slots=True)
class BridgedPorts:
    """Two test ports of one switch in one VLAN, in one direction."""

    ingress: PortReference
    egress: PortReference

    @property
    def id(self) -> str:
        """Readable id, such as ``leaf1:swp3->leaf1:swp4``."""
        return f"{self.ingress}->{self.egress}"


def bridged_ports(lab: Lab, test_ports: Sequence[PortReference]) -> tuple[BridgedPorts, ...]:
    """Both directions between all test ports that share a switch and a VLAN."""

    def vlan(end: PortReference) -> int | None:
        return lab.device(end.device).ports[end.port].vlan

    return tuple(
        BridgedPorts(ingress, egress)
        for ingress, egress in permutations(test_ports, 2)
        if ingress.device == egress.device and vlan(ingress) is not None and vlan(ingress) == vlan(egress)
    )
