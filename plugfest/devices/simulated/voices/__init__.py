"""How each operating system prints what is true in a simulated lab: one module a voice, command by command."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from plugfest.devices.simulated.fabric import Session, SimulatedFabric, SimulatedPort
from plugfest.inventory.models import Switch

MODULES = {
    "sonic": "sonic",
    "asternos": "sonic",
    "huawei_vrp": "huawei_vrp",
    "h3c_comware": "h3c_comware",
    "arista_eos": "arista_eos",
    "cisco_nxos": "cisco_nxos",
}
"""Module by dialect; a switch of another dialect refuses every command."""


@dataclass(frozen=True)
class Speaker:
    """A simulated switch that is asked something."""

    name: str
    switch: Switch
    fabric: SimulatedFabric

    def ports(self) -> list[SimulatedPort]:
        """Its ports, looked at now."""
        return self.fabric.ports(self.name)

    def sessions(self) -> list[Session]:
        """Its BGP sessions."""
        return self.fabric.sessions(self.name)

    @property
    def identity(self) -> tuple[str, int]:
        """Router id and AS number; zeros for a switch without BGP."""
        return self.switch.router_id or "0.0.0.0", self.switch.asn or 0


Voice = Mapping[str, Callable[[Speaker], str]]
"""What is printed, by command line."""


class Answers(Mapping[str, str]):
    """The answers of a switch, told anew whenever one is read."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        module = MODULES.get(speaker.switch.dialect)
        self._voice: Voice = import_module(f"{__name__}.{module}").VOICE if module else {}

    def __getitem__(self, command: str) -> str:
        return self._voice[command](self._speaker)

    def __iter__(self) -> Iterator[str]:
        return iter(self._voice)

    def __len__(self) -> int:
        return len(self._voice)

    def __contains__(self, command: object) -> bool:
        return command in self._voice


def dotted(mac: str) -> str:
    """``0000.5e00.5301``, as Cisco and Arista print addresses."""
    digits = mac.replace(":", "")
    return ".".join(digits[start : start + 4] for start in (0, 4, 8))


def dashed(mac: str) -> str:
    """``0000-5e00-5301``, as Huawei and H3C print addresses."""
    return dotted(mac).replace(".", "-")
