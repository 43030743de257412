"""Which accelerator families a host has: by the PCI ids that Linux lists in sysfs."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from plugfest.accelerators.family import Family
from plugfest.devices.dialects import registry
from plugfest.nics.records import PciDevice
from plugfest.records import Record

ACCELERATOR_CLASS = "1200"
DISPLAY_CLASSES = ("0300", "0302", "0380", "0b40")
"""VGA, 3D and other display controllers, co-processors."""


class FamilyMatch(Record):
    """PCI devices of one family."""

    family: str
    devices: tuple[PciDevice, ...]
    verified: bool
    """False: a PCI id that we have from second-hand notes."""


@cache
def families() -> tuple[Family, ...]:
    """Every family, in the order of the documentation."""
    modules = (import_module(place) for place in registry.HOSTS.values())
    return tuple(module.FAMILY for module in modules if hasattr(module, "FAMILY") and module.FAMILY.pci)


def family(name: str) -> Family:
    """The family of that name; KeyError if there is none."""
    return {each.name: each for each in families()}[name]


def family_of_maker(maker: str) -> Family | None:
    """The family that a lab file means by this maker; None for makers without accelerators that we know."""
    words = maker.strip().lower()
    return next((each for each in families() if words == each.name or words in each.makers), None)


def detect(devices: Iterable[PciDevice]) -> tuple[FamilyMatch, ...]:
    """Families with at least one device, in the order of the documentation.

    A processing accelerator (class 1200) belongs to its vendor's family whatever its device id; a display controller
    only if the family names no ids or names this one: servers have display controllers that are no accelerators.
    """
    known = tuple(devices)
    found = (_match(each, known) for each in families())
    return tuple(match for match in found if match.devices)


def _match(known_family: Family, devices: tuple[PciDevice, ...]) -> FamilyMatch:
    matched = [device for device in devices if _is_of(known_family, device)]
    named = {(match.vendor, device): match.verified for match in known_family.pci for device in match.devices}
    vendors = {match.vendor: match.verified for match in known_family.pci if not match.devices}
    verified = all(named.get((each.vendor_id, each.device_id), vendors.get(each.vendor_id, False)) for each in matched)
    return FamilyMatch(family=known_family.name, devices=tuple(matched), verified=verified)


def _is_of(known_family: Family, device: PciDevice) -> bool:
    for match in known_family.pci:
        if device.vendor_id != match.vendor:
            continue
        if device.class_id == ACCELERATOR_CLASS:
            return True
        if device.class_id in DISPLAY_CLASSES and (not match.devices or device.device_id in match.devices):
            return True
    return False
