"""A Linux switch that routes with FRR."""

from plugfest.devices.access_rule import AccessRule
from plugfest.devices.changes import Change
from plugfest.devices.frr_linux import bgp, bgp_timers, changes, packet_events, routes
from plugfest.devices.linux import changes as linux_changes
from plugfest.devices.linux import packet_counters, queues
from plugfest.devices.linux.device import LinuxDevice
from plugfest.devices.linux.versions import switch_facts
from plugfest.devices.protocols import Unsupported
from plugfest.devices.records import BgpNeighbor, DeviceFacts, QueueCounters, Route
from plugfest.errors import InventoryError
from plugfest.inventory.models import Lab, Switch
from plugfest.sessions.protocol import SessionProtocol


class FrrLinuxSwitch(LinuxDevice):
    """A switch whose ports are Linux net devices and whose routes are FRR's."""

    def __init__(self, lab: Lab, name: str, session: SessionProtocol) -> None:
        """Take the switch called `name` of `lab`, reached over `session`."""
        super().__init__(lab, name, session)
        device = lab.device(name)
        if not isinstance(device, Switch):
            raise InventoryError(f"{name} is a {device.role}, expected a switch")
        self._switch = device

    def facts(self) -> DeviceFacts:
        """Vendor, model and chip by the inventory, software as the switch says."""
        return switch_facts(self.name, self._switch, self.versions())

    def bgp_neighbors(self) -> tuple[BgpNeighbor, ...]:
        """BGP sessions of the IPv4 unicast family."""
        return bgp.parse_summary(self._ask(*bgp.SHOW_SUMMARY, question="BGP neighbours"))

    def bgp_hold_times(self) -> dict[str, float]:
        """Negotiated hold time of each established BGP session in seconds, by neighbour."""
        return bgp_timers.parse_hold_times(self._ask(*bgp_timers.SHOW_NEIGHBORS, question="BGP hold times"))

    def routes(self) -> tuple[Route, ...]:
        """Selected and installed IPv4 routes as FRR knows them."""
        return routes.parse_routes(self._ask(*routes.SHOW_ROUTES, question="routes"))

    def queues(self, port: str) -> tuple[QueueCounters, ...]:
        """Queueing disciplines of a port."""
        return queues.parse_queues(self._ask(*queues.show_queues(port), question=f"queues of {port}"), port)

    def set_bgp_neighbor(self, neighbor: str, up: bool) -> Change:
        """The change that shuts one BGP session down or allows it."""
        return changes.set_bgp_neighbor(self.name, self._asn(), neighbor, up)

    def blackhole(self, prefix: str) -> Change:
        """The change that makes the switch discard what is sent to `prefix`."""
        return linux_changes.blackhole(self.name, prefix)

    def drop_by_acl(self, port: str, rule: AccessRule) -> Change:
        """The change that drops what `rule` describes where it enters by `port`."""
        return packet_events.drop_by_acl(self.name, port, rule)

    def acl_drops(self, port: str) -> int:
        """Packets that the access list of `port` has dropped; Unsupported while there is none."""
        return self._counted(packet_events.drop_table(port), packet_events.DROPPED, f"drops at {port}")

    def mark_all(self, port: str) -> Change:
        """The change that marks everything ECN-capable that leaves by `port`."""
        return packet_events.mark_all(self.name, port)

    def marks(self, port: str) -> int:
        """Packets that `mark_all` has marked at `port`; Unsupported while it does not."""
        return self._counted(packet_events.mark_table(port), packet_events.MARKED, f"marks at {port}")

    def _counted(self, table: str, counter: str, question: str) -> int:
        answer = self._ask(*packet_counters.show_counters(table), question=question)
        return packet_counters.parse_counters(answer)[counter]

    def _asn(self) -> int:
        if self._switch.asn is None:
            raise Unsupported(f"{self.name} has no BGP autonomous system number in the inventory")
        return self._switch.asn
