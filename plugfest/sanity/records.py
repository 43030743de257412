"""What one look at a device shows; the checks judge it."""

from plugfest.devices.records import BgpNeighbor
from plugfest.records import Record
from plugfest.sessions.tag import RunTag


class Design(Record):
    """What a device should have according to the lab file."""

    device: str
    ports: tuple[str, ...] = ()
    """Ports with a cable in them."""
    bgp_ports: tuple[str, ...] = ()
    """Ports whose cable leads to a BGP neighbour."""


class Program(Record):
    """One running program that concerns us."""

    pid: int
    name: str
    """As the kernel calls it, at most 15 characters."""
    tag: RunTag | None
    """Which run started it; None if no run did."""


class TemporaryFile(Record):
    """One file or folder that a run made for the time it needed it."""

    path: str
    tag: RunTag


class KernelError(Record):
    """One line of the kernel's log."""

    uptime: float
    """Seconds after the device's start."""
    text: str


class Condition(Record):
    """What a device showed at one moment.  None is *not measured*: the device cannot tell, or not to us."""

    device: str
    taken: float
    """Seconds since the epoch by this machine's clock."""
    unreachable: str = ""
    """Why nothing else is known."""
    clock_offset: float | None = None
    """Seconds by which the device's clock is ahead of ours."""
    boot: str | None = None
    """Another word after every start of the device."""
    uptime: float | None = None
    """Seconds since its kernel's start."""
    links: dict[str, str] | None = None
    """Operational state by cabled port, ``up`` if it is fine."""
    bgp: tuple[BgpNeighbor, ...] | None = None
    rules: tuple[str, ...] | None = None
    """Names of nftables tables."""
    queues: tuple[str, ...] | None = None
    """Queueing disciplines, one line each as tc prints them."""
    programs: tuple[Program, ...] | None = None
    """Programs that a run started, and traffic tools whoever started them."""
    files: tuple[TemporaryFile, ...] | None = None
    free_megabytes: dict[str, int] | None = None
    """Free space by mount point."""
    core_dumps: tuple[str, ...] | None = None
    kernel_errors: tuple[KernelError, ...] | None = None


class Finding(Record):
    """Something that is not as it should be."""

    device: str
    check: str
    sentence: str

    def same(self, other: "Finding") -> bool:
        """True if the other one tells of the same trouble, whatever else its words say."""
        alike = self.sentence == other.sentence or self.check == "reachable"
        return alike and (self.device, self.check) == (other.device, other.check)
