"""A switch of any dialect that can be told what there is a template for: changes of single ports, made of intents."""

from plugfest.configuration.applying import change_name
from plugfest.configuration.intent import Intent, Lldp, PortProfile
from plugfest.configuration.preparing import prepare
from plugfest.configuration.rendering import render
from plugfest.configuration.targets import target_in
from plugfest.devices.changes import Change
from plugfest.devices.dialects import registry
from plugfest.devices.dialects.switch import DialectSwitch
from plugfest.inventory.models import Lab
from plugfest.sessions.network_cli import NetworkCli


class ConfigurableSwitch(DialectSwitch):
    """Reads as its dialect does, and prepares changes from the dialect's templates.

    Raises Unsupported where the dialect has no template.
    """

    def __init__(self, lab: Lab, name: str, command_line: NetworkCli) -> None:
        super().__init__(name, registry.dialect(lab.switches[name].dialect), command_line)
        self._lab, self._line = lab, command_line

    def set_mtu(self, port: str, mtu: int) -> Change:
        """The change that gives `port` another IP MTU in bytes."""
        return self._port_change(port, f"IP MTU of {mtu} bytes", PortProfile(mtu_bytes=mtu))

    def set_admin(self, port: str, up: bool) -> Change:
        """The change that switches `port` on or off."""
        return self._port_change(port, f"switched {'on' if up else 'off'}", PortProfile(admin="up" if up else "down"))

    def set_lldp(self, port: str, enabled: bool) -> Change:
        """The change that switches LLDP on `port` off or on."""
        return self._port_change(port, f"LLDP {'on' if enabled else 'off'}", PortProfile(lldp=Lldp(enabled=enabled)))

    def _port_change(self, port: str, title: str, profile: PortProfile) -> Change:
        intent = Intent(name="port", title=title, ports=(port,), port=profile)
        rendering = render(intent, target_in(self._lab, self.name, intent))
        change = prepare(rendering, self._line, change_name()).change
        return change or Change(device=self.name, description=f"{port} of {self.name}: {title} already", do=(), undo=())
