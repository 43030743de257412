"""Looks at several devices at once, each in the way its kind allows."""

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from plugfest.devices.linux.host import NPU_PORT
from plugfest.devices.protocols import Unsupported
from plugfest.devices.roster import Roster
from plugfest.errors import PlugfestError
from plugfest.inventory.models import Capability, Switch
from plugfest.inventory.plan import Plan
from plugfest.sanity import linux
from plugfest.sanity.records import Condition, Design

AT_ONCE = 16


def designs_of(plan: Plan) -> dict[str, Design]:
    """What every device of the lab should have."""
    bgp = [end for link in plan.bgp_links for end in (link.a, link.b)]
    return {
        name: Design(
            device=name,
            ports=tuple(
                end.port
                for link in plan.lab.links_of(name)
                for end in (link.a, link.b)
                if end.device == name and not NPU_PORT.fullmatch(end.port)  # Linux does not know those
            ),
            bgp_ports=tuple(end.port for end in bgp if end.device == name),
            injects=Capability.INJECTION in device.capabilities,
        )
        for name, device in plan.lab.devices.items()
    }


class Eyes:
    """Looks at the devices of one lab."""

    def __init__(self, devices: Roster, designs: Mapping[str, Design]) -> None:
        self.designs = designs
        self._devices = devices

    def look(self, names: Iterable[str]) -> dict[str, Condition]:
        """How these devices are now; one that does not answer is a condition too."""
        chosen = sorted(names)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return dict(zip(chosen, threads.map(self._one, chosen), strict=True))

    def is_linux(self, name: str) -> bool:
        """True if the device has a POSIX shell for us."""
        from plugfest.devices.dialects import registry

        device = self._devices.lab.device(name)
        return not isinstance(device, Switch) or device.dialect not in registry.NAMES

    def _one(self, name: str) -> Condition:
        try:
            if self.is_linux(name):
                return linux.look(self._devices.pool.session(name), self.designs[name])
            return self._switch(name)
        except PlugfestError as error:
            return Condition(device=name, taken=time.time(), unreachable=str(error))

    def _switch(self, name: str) -> Condition:
        """A switch with a command line of its own tells links and BGP sessions."""
        switch, design = self._devices.switch(name), self.designs[name]
        states, bgp = {}, None
        with suppress(Unsupported):
            states = switch.interfaces()
        with suppress(Unsupported):
            bgp = switch.bgp_neighbors() if design.bgp_ports else None
        oper = {port: states[port].oper_up for port in design.ports if port in states}
        links = {port: "up" if up else "down" for port, up in oper.items() if up is not None}
        return Condition(device=name, taken=time.time(), links=links, bgp=bgp)
