"""What makes an accelerator family: PCI ids, tool, and the commands that together tell about every device."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.reading import Evidence, Reading
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

SHELL_PROMPT = r"(?:\([\w.-]+\) ?)?(?:\[[\w.-]+@[\w.-]+ [^\]]*\][#$]|[\w.-]+@[\w.-]+:[^#$]*[#$]|[\w.-]+[#$])"
FAILURES = (
    r"(?:-?bash|sh|sudo|zsh|dash)(?:: line \d+)?: .*(?:not found|denied|No such file|a password is required)",
    r"(?:NVIDIA-SMI|PPU-SMI|XPU-SMI|IX-SMI|\S+) has failed because it couldn't communicate",
    r"(?:Failed|Unable) to (?:initialize|init|open|load|determine)",
    r"No devices (?:were|was) found",
    r"Error: (?:can't|unable|invalid|unknown|command|no )",
    r"(?i)(?:usage|invalid (?:option|argument|parameter|command)|unknown (?:option|argument|command)|unrecognized)",
    r"(?i)(?:dcmi|hccn|cndev|ixml|mtml|xpuml) .*(?:fail|error)",
    r"This command (?:is not supported|has no permission)",
)
"""How a tool says that it could not answer."""


def host_traits(*failures: str) -> SessionTraits:
    """How a host's shell behaves, with a tool's own ways to fail."""
    return SessionTraits(
        netmiko_type="linux",
        prompt=SHELL_PROMPT,
        paging_off=None,
        commit=CommitModel.COMMANDS,
        errors=(*FAILURES, *failures),
    )


@dataclass(frozen=True)
class PciMatch:
    """PCI ids, hexadecimal, lower case; no devices: every accelerator or display controller of the vendor."""

    vendor: str
    devices: tuple[str, ...] = ()
    verified: bool = True
    """False: taken from similarity or second-hand notes."""


@dataclass(frozen=True)
class Family:
    """One accelerator family as data."""

    dialect: Dialect
    makers: tuple[str, ...]
    """How lab files may spell the maker, lower case."""
    pci: tuple[PciMatch, ...]
    tool: str
    """Program that must be there."""
    listing: tuple[str, ...]
    """Commands whose answers together make the list; ``{index}`` and ``{chip}`` run once for each device."""
    tells: Mapping[Evidence, tuple[str, ...]] = field(default_factory=dict)
    """Fields of `Accelerator` that its commands fill, by how far that is proven; others are always None."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Older names of its programs."""
    folders: tuple[str, ...] = ()
    """Where its programs are, if not in the search path."""
    network: str = "host NICs"
    """Through what the accelerators reach the fabric."""

    @property
    def name(self) -> str:
        """Name of the family and of its dialect."""
        return self.dialect.name


def family_dialect(name: str, title: str, readings: tuple[Reading, ...], note: str, *failures: str) -> Dialect:
    """A dialect with a host's traits."""
    return Dialect(name=name, title=title, traits=host_traits(*failures), readings=readings, note=note)
