"""From an inventory entry to the driver that speaks the device's dialect."""

from importlib import import_module
from typing import cast

from plugfest.devices.protocols import Host, Switch
from plugfest.errors import InventoryError
from plugfest.inventory import models
from plugfest.sessions.protocol import SessionProtocol

SWITCH_DIALECTS = {"frr_linux": ("plugfest.devices.frr_linux.switch", "FrrLinuxSwitch")}
"""Module and class by the ``dialect`` of a switch; drivers are imported only when a lab has such a switch."""

HOST_DRIVER = ("plugfest.devices.linux.host", "LinuxHost")


def connect(lab: models.Lab, name: str, session: SessionProtocol) -> Host | Switch:
    """The driver for the device called `name`, over `session`; InventoryError if nothing here speaks to it."""
    device = lab.device(name)
    if isinstance(device, models.Host):
        return cast(Host, _driver(HOST_DRIVER, lab, name, session))
    if isinstance(device, models.Switch):
        return cast(Switch, _driver(_dialect(name, device), lab, name, session))
    raise InventoryError(f"{name} is a {device.role}: only hosts and switches can be asked questions")


def _dialect(name: str, switch: models.Switch) -> tuple[str, str]:
    if switch.dialect not in SWITCH_DIALECTS:
        known = ", ".join(sorted(SWITCH_DIALECTS))
        raise InventoryError(f"{name}: unknown dialect {switch.dialect!r}; known dialects: {known}")
    return SWITCH_DIALECTS[switch.dialect]


def _driver(place: tuple[str, str], lab: models.Lab, name: str, session: SessionProtocol) -> object:
    module, driver = place
    return getattr(import_module(module), driver)(lab, name, session)
