"""A Linux device over a session: what hosts and Linux switches have in common."""

from plugfest.devices.changes import Change
from plugfest.devices.linux import changes, driver, interfaces, lldp, routes, versions
from plugfest.devices.protocols import Unsupported
from plugfest.devices.records import InterfaceState, LldpNeighbor, NextHop, Route
from plugfest.errors import LabError
from plugfest.inventory.models import Lab
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.result import CommandResult

STATIC_PROTOCOLS = ("boot", "static")


class LinuxDevice:
    """Asks and tells one Linux device; every question is one or two round trips, nothing is cached."""

    def __init__(self, lab: Lab, name: str, session: SessionProtocol) -> None:
        """Take the device called `name` of `lab`, reached over `session`."""
        self.name = name
        self.session = session
        self._fabric_ports = frozenset(lab.device(name).ports) | {
            end.port for link in lab.links_of(name) for end in (link.a, link.b) if end.device == name
        }

    def versions(self) -> dict[str, str]:
        """Versions of kernel, system and tools by name."""
        return versions.parse_versions(self.session.batch(versions.SHOW_VERSIONS, check=False, idempotent=True))

    def interfaces(self) -> dict[str, InterfaceState]:
        """All ports by name, management and loopback included, with state and counters."""
        answers = self.session.batch(
            (interfaces.SHOW_INTERFACES, interfaces.SHOW_SETTINGS), check=False, idempotent=True
        )
        states, settings = interfaces.parse_interfaces(answers[0].require_ok()), answers[1]
        return interfaces.with_settings(states, interfaces.parse_settings(settings)) if settings.ok else states

    def interface(self, port: str) -> InterfaceState:
        """One port; LabError if the device has none of that name."""
        states = self.interfaces()
        if port not in states:
            raise LabError(f"{self.name} has no port {port}; it has {', '.join(sorted(states))}")
        return states[port]

    def lldp_neighbors(self) -> tuple[LldpNeighbor, ...]:
        """Neighbours heard on fabric ports; what is heard on the management network is left out."""
        heard = lldp.parse_neighbors(self._ask(*lldp.SHOW_NEIGHBORS, question="LLDP neighbours"))
        return tuple(neighbor for neighbor in heard if neighbor.local_port in self._fabric_ports)

    def kernel_routes(self) -> tuple[Route, ...]:
        """IPv4 routes in the kernel's main table."""
        return routes.parse_routes(self.session.run(*routes.SHOW_ROUTES, idempotent=True))

    def driver_counters(self, port: str) -> dict[str, int]:
        """Counters of the port's driver by the driver's own names."""
        return driver.parse_counters(self._ask(*driver.show_counters(port), question=f"driver counters of {port}"))

    def driver(self, port: str) -> dict[str, str]:
        """Driver, firmware and bus address of a port."""
        return driver.parse_driver(self._ask(*driver.show_driver(port), question=f"driver of {port}"))

    def management_address(self) -> str:
        """First IPv4 address of a port that is not part of the fabric; LabError if there is none."""
        for state in self.interfaces().values():
            candidates = [item.partition("/")[0] for item in state.addresses if ":" not in item]
            if state.oper_up and state.name not in self._fabric_ports and candidates and state.name != "lo":
                return candidates[0]
        raise LabError(f"{self.name} has no IPv4 address outside its fabric ports {', '.join(self._fabric_ports)}")

    def set_mtu(self, port: str, mtu: int) -> Change:
        """The change that gives `port` another IP MTU in bytes."""
        return changes.set_mtu(self.name, self.interface(port), mtu)

    def set_admin(self, port: str, up: bool) -> Change:
        """The change that switches `port` on or off; its undo restores the static routes of the port."""
        static = tuple(
            route
            for route in self.kernel_routes()
            if route.protocol in STATIC_PROTOCOLS and port in {hop.interface for hop in route.next_hops}
        )
        return changes.set_admin(self.name, self.interface(port), up, static)

    def pause_lldp(self) -> Change:
        """The change that silences LLDP on every port."""
        return changes.pause_lldp(self.name)

    def set_lldp(self, port: str, enabled: bool) -> Change:
        """The change that switches LLDP on one port off or on."""
        return changes.set_lldp(self.name, port, enabled)

    def add_route(self, prefix: str, hop: NextHop) -> Change:
        """The change that adds one kernel route."""
        return changes.add_route(self.name, prefix, hop)

    def remove_route(self, prefix: str) -> Change:
        """The change that removes the kernel route to `prefix`; LabError if there is none."""
        found = [route for route in self.kernel_routes() if route.prefix == prefix]
        if not found:
            raise LabError(f"{self.name} has no route to {prefix} that could be removed")
        return changes.remove_route(self.name, found[0])

    def _ask(self, *argv: str, question: str) -> CommandResult:
        result = self.session.run(*argv, check=False, idempotent=True)
        if not result.ok:
            raise Unsupported(f"{self.name} cannot answer: {question}; `{result.command}` said: {result.said}")
        return result
