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
    injects: bool = False
    """True if the harness may load packet rules there."""


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


class KernelTrouble(Record):
    """What the kernel remembers of its own mishaps."""

    tainted: int
    """Bits of ``/proc/sys/kernel/tainted``."""
    out_of_memory: int
    """Programs that were killed because memory had run out."""


class Condition(Record):
    """What a device showed at one moment.  None is *not measured*: the device cannot tell, or not to us."""

    device: str
    taken: float
    """Seconds since the epoch by this machine's clock."""
    unreachable: str = ""
    """Why nothing else is known."""
    unmeasured: tuple[str, ...] = ()
    """Questions that it refused or answered in a form that we do not know."""
    clock_offset: float | None = None
    """Seconds by which the device's clock is ahead of ours."""
    boot: str | None = None
    """Another word after every start of the device."""
    kernel: KernelTrouble | None = None
    links: dict[str, str] | None = None
    """Operational state by cabled port, ``up`` if it is fine."""
    bgp: tuple[BgpNeighbor, ...] | None = None
    """Sessions; not asked for where the connections say that all is well."""
    bgp_connections: int | None = None
    """Established TCP connections of BGP."""
    rules: tuple[str, ...] | None = None
    """Names of nftables tables."""
    queues: dict[str, str] | None = None
    """Kind of the root queueing discipline by port."""
    programs: tuple[Program, ...] | None = None
    """Programs that a run started, and traffic tools whoever started them."""
    files: tuple[TemporaryFile, ...] | None = None
    free_megabytes: dict[str, int] | None = None
    """Free space by mount point."""
    core_dumps: tuple[str, ...] | None = None
    """Files that crashed programs left."""


class Finding(Record):
    """Something that is not as it should be."""

    device: str
    check: str
    sentence: str

    def same(self, other: "Finding") -> bool:
        """True if the other one tells of the same trouble, whatever else its words say."""
        alike = self.sentence == other.sentence or self.check == "reachable"
        return alike and (self.device, self.check) == (other.device, other.check)
