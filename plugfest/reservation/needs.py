"""What a test needs of the lab: devices for itself alone, and devices that others may use at the same time."""

from collections.abc import Iterable
from functools import singledispatch
from typing import Self

from pydantic import field_serializer

from plugfest.inventory.bridged import BridgedPorts
from plugfest.inventory.models import Lab, Link
from plugfest.inventory.plan import DesignedRoute, HostPair, Plan
from plugfest.records import Record


class Needs(Record):
    """Devices by name; a device named in both is needed exclusively."""

    exclusive: frozenset[str] = frozenset()
    """Nobody else may use them meanwhile."""
    shared: frozenset[str] = frozenset()
    """Others may use them meanwhile, as long as nobody needs them exclusively."""

    @field_serializer("exclusive", "shared", when_used="json")
    def _sorted(self, names: frozenset[str]) -> list[str]:
        return sorted(names)

    @classmethod
    def of(cls, lab: Lab, devices: Iterable[str], changing: bool) -> Self:
        """Hosts exclusively; what lies between them shared for traffic, exclusively if it is to be changed."""
        named = frozenset(devices)
        exclusive = named if changing else named & lab.hosts.keys()
        return cls(exclusive=exclusive, shared=named - exclusive)

    def __str__(self) -> str:
        parts = (", ".join(sorted(self.exclusive)), ", ".join(f"{name} (shared)" for name in sorted(self.shared)))
        return ", ".join(filter(None, parts))

    @property
    def devices(self) -> frozenset[str]:
        """All of them."""
        return self.exclusive | self.shared

    def conflicts(self, other: "Needs") -> bool:
        """True if the two cannot be met at the same time."""
        return bool(self.exclusive & other.devices or other.exclusive & self.devices)

    def union(self, other: "Needs") -> "Needs":
        """What meets both."""
        exclusive = self.exclusive | other.exclusive
        return Needs(exclusive=exclusive, shared=(self.shared | other.shared) - exclusive)

    def only(self, devices: frozenset[str]) -> "Needs":
        """The part that concerns some devices."""
        return Needs(exclusive=self.exclusive & devices, shared=self.shared & devices)


@singledispatch
def devices_of(subject: object, plan: Plan) -> frozenset[str]:
    """Names of the devices that a test with this parameter uses; empty if the parameter is no part of the lab."""
    return frozenset()


@devices_of.register
def _(subject: HostPair, plan: Plan) -> frozenset[str]:
    return frozenset(subject.devices)


@devices_of.register
def _(subject: Link, plan: Plan) -> frozenset[str]:
    ends = (subject.a, subject.b)
    between = (wire.injectors for end in ends if (wire := plan.wire(end)))
    return frozenset(end.device for end in ends).union(*between)


@devices_of.register
def _(subject: DesignedRoute, plan: Plan) -> frozenset[str]:
    return frozenset({subject.switch})


@devices_of.register
def _(subject: BridgedPorts, plan: Plan) -> frozenset[str]:
    return frozenset({subject.ingress.device, subject.egress.device})


@devices_of.register
def _(subject: str, plan: Plan) -> frozenset[str]:
    return frozenset({str(subject)}) & plan.lab.devices.keys()
