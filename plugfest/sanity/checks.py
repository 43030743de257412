"""The sanity checks: small pure functions from what a device shows to what is wrong with it.

A check sees the device as it is now, its design, and how it was when we looked last (None the first time).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plugfest.devices.records import BgpState
from plugfest.sanity.records import Condition, Design, Finding

CLOCK_SECONDS = 30.0
"""Evidence of several devices is put in order by their clocks; packet times are never compared across devices."""
FREE_MEGABYTES = 50
"""Room for the captures of one test."""
OUR_TABLES = "plugfest_"
"""First part of the name of every nftables table that the harness makes."""
OUR_QUEUES = ("tbf", "netem", "prio")
"""Roots of the queues that the harness makes; no port has them by itself."""
UP = ("up", "unknown")
"""Some drivers tell no operational state."""
CRASHED = {4: "a machine check", 5: "a bad page", 7: "an oops or BUG", 9: "a kernel warning", 14: "a soft lockup"}
"""Bits of /proc/sys/kernel/tainted that something broke (Documentation/admin-guide/tainted-kernels.rst)."""

Look = Callable[[Condition, Design, Condition | None], Iterator[str]]


@dataclass(frozen=True)
class Check:
    """One question of the registry."""

    name: str
    sick: Look
    judged_by: frozenset[str] = frozenset()
    """Suites that judge this themselves: for their tests it is no reason not to run."""
    heals: bool = False
    """True if it may come right by itself within seconds: links settle, a device comes back from a restart."""
    event: bool = False
    """True if it tells of something that happened since the last look: it is over, and told once."""


def _unreachable(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    if now.unreachable:
        yield now.unreachable


def _restarted(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    if before and before.boot and now.boot and before.boot != now.boot:
        yield f"{now.device} – expected to run on, was restarted"


def _clock(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    if now.clock_offset is not None and abs(now.clock_offset) > CLOCK_SECONDS:
        yield f"{now.device} clock – expected within {CLOCK_SECONDS:g} s of ours, got {now.clock_offset:+.0f} s"


def _links(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    for port, state in (now.links or {}).items():
        if port in design.ports and state not in UP:
            yield f"{now.device}:{port} link – expected up, got {state}"


def _bgp(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    for neighbor in now.bgp or ():
        ours = neighbor.interface is None or neighbor.interface in design.bgp_ports
        if ours and neighbor.state is not BgpState.ESTABLISHED:
            yield f"{now.device} BGP session {neighbor.neighbor} – expected Established, got {neighbor.state}"
    if now.bgp == () and design.bgp_ports:
        yield f"{now.device} BGP sessions – expected {len(design.bgp_ports)}, got none"


def _rules(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    for table in now.rules or ():
        if table.rpartition(" ")[2].startswith(OUR_TABLES):
            yield f"{now.device} packet rules – expected none of ours, got {table}"


def _queues(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    for port, queue in (now.queues or {}).items():
        if queue in OUR_QUEUES and port in design.ports:
            yield f"{now.device}:{port} queue – expected none of ours, got {queue}"


def _programs(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    for program in now.programs or ():
        if program.tag is None:
            yield f"{now.device} traffic tools – expected none of others, got {program.name} (process {program.pid})"


def _disk(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    for place, free in (now.free_megabytes or {}).items():
        if free < FREE_MEGABYTES:
            yield f"{now.device} {place} – expected at least {FREE_MEGABYTES} MB free, got {free} MB"


def _core_dumps(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    known = before.core_dumps if before and before.core_dumps is not None else now.core_dumps
    for dump in now.core_dumps or ():
        if dump not in (known or ()):
            yield f"{now.device} – expected no new core dumps, got {dump}"


def _kernel(now: Condition, design: Design, before: Condition | None) -> Iterator[str]:
    if before is None or before.kernel is None or now.kernel is None or before.boot != now.boot:
        return
    for bit, mishap in CRASHED.items():
        if (now.kernel.tainted & ~before.kernel.tainted) >> bit & 1:
            yield f"{now.device} kernel – expected no mishap since the last look, got {mishap}"
    if now.kernel.out_of_memory > before.kernel.out_of_memory:
        yield f"{now.device} memory – expected enough, the kernel has killed programs for want of it"


REACHABLE, RESTARTED = "reachable", "restarted"
CHECKS = (
    Check(REACHABLE, _unreachable, heals=True),
    Check(RESTARTED, _restarted, event=True),
    Check("clock", _clock),
    Check("links", _links, judged_by=frozenset({"link", "l2", "routing"}), heals=True),
    Check("bgp", _bgp, judged_by=frozenset({"link", "l2", "routing"}), heals=True),
    Check("rules", _rules),
    Check("queues", _queues),
    Check("programs", _programs, heals=True),
    Check("disk", _disk),
    Check("core dumps", _core_dumps, event=True),
    Check("kernel", _kernel, event=True),
)
BY_NAME = {check.name: check for check in CHECKS}


def findings(now: Condition, design: Design, before: Condition | None = None) -> tuple[Finding, ...]:
    """What is wrong with a device, check by check."""
    return tuple(
        Finding(device=now.device, check=check.name, sentence=sentence)
        for check in CHECKS
        for sentence in check.sick(now, design, before)
    )


def concerns(finding: Finding, suite: str) -> bool:
    """True if a test of `suite` cannot rest on a device with this finding."""
    check = BY_NAME.get(finding.check)
    return check is None or (suite not in check.judged_by and not check.event)


def heals(finding: Finding) -> bool:
    """True if waiting a little may be all that is needed."""
    check = BY_NAME.get(finding.check)
    return check is not None and check.heals
