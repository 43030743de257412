"""What a switch answers that can be asked but, so far, not told anything."""

from typing import NoReturn

from plugfest.devices.access_rule import AccessRule
from plugfest.devices.changes import Change
from plugfest.devices.protocols import Unsupported


class ReadOnly:
    """Every change is Unsupported, so that a suite that needs one is skipped with that reason."""

    name: str

    def set_mtu(self, port: str, mtu: int) -> Change:
        """Refuse to give `port` another MTU."""
        self._refuse(f"set the MTU of {port}")

    def set_admin(self, port: str, up: bool) -> Change:
        """Refuse to switch `port` on or off."""
        self._refuse(f"switch {port} on or off")

    def pause_lldp(self) -> NoReturn:
        """Refuse to silence LLDP."""
        self._refuse("silence LLDP")

    def set_lldp(self, port: str, enabled: bool) -> Change:
        """Refuse to switch LLDP on one port."""
        self._refuse(f"switch LLDP on {port}")

    def set_bgp_neighbor(self, neighbor: str, up: bool) -> NoReturn:
        """Refuse to shut a session down or allow it."""
        self._refuse(f"switch the session with {neighbor}")

    def blackhole(self, prefix: str) -> NoReturn:
        """Refuse to discard what is sent to `prefix`."""
        self._refuse(f"discard what is sent to {prefix}")

    def bgp_hold_times(self) -> NoReturn:
        """Refuse to tell hold times: no dialect has a reading for them yet."""
        self._refuse("tell hold times of BGP sessions")

    def drop_by_acl(self, port: str, rule: AccessRule) -> NoReturn:
        """Refuse to drop packets by an access list."""
        self._refuse(f"drop packets by an access list at {port}")

    def acl_drops(self, port: str) -> NoReturn:
        """Refuse to count what was never dropped."""
        self._refuse(f"count what an access list of ours dropped at {port}")

    def mark_all(self, port: str) -> Change:
        """Refuse to mark packets."""
        self._refuse(f"mark everything that leaves by {port}")

    def _refuse(self, what: str) -> NoReturn:
        raise Unsupported(f"{self.name}: cannot {what}: this dialect is only read, not configured")
