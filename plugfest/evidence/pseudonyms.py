"""Neutral names for all parties but one, the same ones everywhere in a run."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from string import ascii_uppercase

from pydantic import JsonValue

from plugfest.errors import UsageError
from plugfest.evidence.cell import UNKNOWN
from plugfest.evidence.records import LabDevice, RunRecord
from plugfest.verdicts.judgement import HOME

SHORTEST_INSIDE_WORDS = 4
"""Characters; shorter names are replaced only where they stand as a word of their own."""


@dataclass(frozen=True)
class Naming:
    """One name and whom it belongs to."""

    name: str
    kind: str
    """``Vendor``, ``NIC``, ``Accelerator``, ``Model``, ``Chip``, ``NOS``, ``Firmware`` or the role of a device."""
    vendors: frozenset[str]


class Pseudonyms:
    """Replaces the names of other parties in texts and JSON values."""

    def __init__(self, run: RunRecord, vendor: str, hidden: Iterable[str] = ()) -> None:
        """`hidden` are further texts to be masked; UsageError if the run has nothing of `vendor`."""
        namings = list(namings_of(run))
        vendors = sorted({each.name for each in namings if each.kind == "Vendor"})
        if vendor.casefold() not in map(str.casefold, vendors):
            raise UsageError(f"this run tested nothing of {vendor}; vendors in it: {', '.join(vendors)}")
        self.vendor = next(name for name in vendors if name.casefold() == vendor.casefold())
        own = {each.name for each in namings if self.vendor in each.vendors}
        self._neutral = {name.casefold(): name for name in (*own, HOME)}
        self._words = {each.name.casefold() for each in namings if each.kind.islower()}
        for naming in namings:
            self._add(naming.name, naming.kind)
        for text in hidden:
            self._neutral[text.casefold()] = "***"
        self.foreign = {name for name, neutral in self._neutral.items() if name != neutral.casefold()}
        longest_first = sorted(self._neutral, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(self._expression, longest_first)), re.IGNORECASE)

    def text(self, text: str) -> str:
        """`text` with neutral names."""
        return self._pattern.sub(lambda match: self._neutral[match[0].casefold()], text)

    def value(self, value: JsonValue) -> JsonValue:
        """A JSON value with neutral names in all texts and keys."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(entry) for entry in value]
        if isinstance(value, dict):
            return {self.text(key): self.value(entry) for key, entry in value.items()}
        return value

    def named_in(self, content: bytes) -> bool:
        """True if bytes hold a name of another party that is long enough not to be there by chance."""
        lower = content.lower()
        return any(len(name) >= SHORTEST_INSIDE_WORDS and name.encode() in lower for name in self.foreign)

    def _add(self, name: str, kind: str) -> None:
        """Give `name` the next free neutral name; one that a device really has is not free."""
        if name.casefold() in self._neutral:
            return
        taken = {*self._neutral, *map(str.casefold, self._neutral.values())}
        neutral = (f"{kind}-{_letters(number)}" for number in count())
        self._neutral[name.casefold()] = next(each for each in neutral if each.casefold() not in taken)

    def _expression(self, name: str) -> str:
        expression = re.escape(name)
        if name in self._words or len(name) < SHORTEST_INSIDE_WORDS:
            return rf"(?<![A-Za-z0-9]){expression}(?![A-Za-z0-9])"
        return expression


def namings_of(run: RunRecord) -> Iterator[Naming]:
    """Every name in the lab that tells a party, in the order of the lab file."""
    for device in run.devices:
        yield from _equipment(device)
    for device in run.devices:
        yield Naming(device.name, device.role, _vendors(device))


def _equipment(device: LabDevice) -> Iterator[Naming]:
    for nic in device.nics:
        yield from _named("Vendor", nic.vendor, nic.vendor)
        yield from _named("NIC", nic.model, nic.vendor)
        yield from _named("Firmware", nic.firmware, nic.vendor)
        for accelerator in nic.accelerators:
            yield from _named("Vendor", accelerator.vendor, accelerator.vendor)
            yield from _named("Accelerator", accelerator.model, accelerator.vendor)
    if device.switch:
        vendor = device.switch.vendor
        yield from _named("Vendor", vendor, vendor)
        yield from _named("Model", device.switch.model, vendor)
        yield from _named("Chip", device.switch.chip, vendor)
        yield from _named("NOS", device.switch.nos, vendor)
        product = re.match(r"[A-Za-z][A-Za-z -]*[A-Za-z]", device.switch.nos)
        yield from _named("NOS", product[0] if product else UNKNOWN, vendor)


def _named(kind: str, name: str, vendor: str) -> Iterator[Naming]:
    if name != UNKNOWN:
        yield Naming(name, kind, frozenset({vendor}))


def _vendors(device: LabDevice) -> frozenset[str]:
    return frozenset(each.name for each in _equipment(device) if each.kind == "Vendor")


def _letters(number: int) -> str:
    """A, B, …, Z, AA, AB, …"""
    head, tail = divmod(number, len(ascii_uppercase))
    return (_letters(head - 1) if head else "") + ascii_uppercase[tail]
