"""The devices of a lab, connected when first asked for."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from plugfest.inventory.models import Lab

if TYPE_CHECKING:
    from plugfest.devices.protocols import Device, Host, Switch
    from plugfest.sessions.pool import SessionPool


class Roster(Mapping[str, "Device"]):
    """Maps inventory names to devices; `host` and `switch` give the narrower types."""

    def __init__(self, lab: Lab, pool: "SessionPool") -> None:
        self.lab = lab
        self.pool = pool
        self._connected: dict[str, Device] = {}

    def __getitem__(self, name: str) -> "Device":
        if name not in self._connected:
            self._connected[name] = self._connect(name)
        return self._connected[name]

    def _connect(self, name: str) -> "Device":
        from plugfest.configuration.switch import ConfigurableSwitch
        from plugfest.devices.connect import connect
        from plugfest.devices.dialects import registry
        from plugfest.devices.lines import command_line

        switch = self.lab.switches.get(name)
        if switch is None or switch.dialect not in registry.NAMES:
            return connect(self.lab, name, self.pool.session(name))
        return ConfigurableSwitch(self.lab, name, command_line(self.pool, name, registry.dialect(switch.dialect)))

    def __iter__(self) -> Iterator[str]:
        return iter([*self.lab.hosts, *self.lab.switches])

    def __len__(self) -> int:
        return len(self.lab.hosts) + len(self.lab.switches)

    @property
    def connected(self) -> dict[str, "Device"]:
        """The devices that somebody has asked for so far."""
        return dict(self._connected)

    def host(self, name: str) -> "Host":
        """The GPU host called `name`; KeyError if the lab has no such host."""
        return self[self._named(name, self.lab.hosts)]  # type: ignore[return-value]  # the dialect of a host makes a Host

    def switch(self, name: str) -> "Switch":
        """The switch called `name`; KeyError if the lab has no such switch."""
        return self[self._named(name, self.lab.switches)]  # type: ignore[return-value]  # the dialect of a switch makes a Switch

    @staticmethod
    def _named(name: str, devices: Mapping[str, object]) -> str:
        if name not in devices:
            raise KeyError(name)
        return name
