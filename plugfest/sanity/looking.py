"""Looks at several devices at once, each in the way its kind allows."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from plugfest.devices.linux.host import NPU_PORT
from plugfest.devices.protocols import Unsupported
from plugfest.devices.roster import Roster
from plugfest.errors import CommandError, ParseError, PlugfestError
from plugfest.inventory.models import Capability, Switch
from plugfest.inventory.plan import Plan
from plugfest.sanity import linux
from plugfest.sanity.records import Condition, Design

AT_ONCE = 16
NO_ANSWER = (CommandError, ParseError, Unsupported)
"""The device is there, but refuses the question or answers in a form that we do not know."""
T = TypeVar("T")


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
        except NO_ANSWER as error:
            return Condition(device=name, taken=time.time(), unmeasured=(str(error),))
        except PlugfestError as error:
            return Condition(device=name, taken=time.time(), unreachable=str(error))

    def _switch(self, name: str) -> Condition:
        """A switch with a command line of its own tells links and BGP sessions, as far as its dialect answers."""
        switch, design = self._devices.switch(name), self.designs[name]
        states, no_links = _answered(switch.interfaces)
        bgp, no_sessions = _answered(switch.bgp_neighbors) if design.bgp_ports else (None, "")
        oper = {port: states[port].oper_up for port in design.ports if port in states} if states is not None else {}
        return Condition(
            device=name,
            taken=time.time(),
            unmeasured=tuple(filter(None, (no_links, no_sessions))),
            links={port: "up" if up else "down" for port, up in oper.items() if up is not None},
            bgp=bgp,
        )


def _answered(question: Callable[[], T]) -> tuple[T | None, str]:
    """The answer, or why there is none; a device that is out of reach raises."""
    try:
        return question(), ""
    except NO_ANSWER as error:
        return None, str(error)
