"""Looks at a Linux device: everything the checks want to know in one round trip."""

import re
import time
from collections.abc import Iterator

from plugfest.devices.answers import unknown_form
from plugfest.devices.frr_linux.bgp import SHOW_SUMMARY, parse_summary
from plugfest.sanity.records import Condition, Design, KernelError, Program, TemporaryFile
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.result import CommandResult
from plugfest.sessions.tag import FILES, VARIABLE, RunTag

SECONDS = 30.0
TRAFFIC_TOOLS = ("tcpdump", "iperf3", "ib_write_bw", "ib_read_bw", "ib_send_bw", "ib_write_lat", "ib_send_lat")
"""Programs that disturb a measurement, by the kernel's name."""
SHOW_CLOCK = ("date", "+%s.%N")
SHOW_RULES = ("nft", "list", "tables")
SHOW_QUEUES = ("tc", "qdisc", "show")
SHOW_DISK = ("sh", "-c", 'df -Pk / "${TMPDIR:-/tmp}"')
# Names of all programs, and whose environment holds a tag; entries end with NUL, and names have at most 16 characters.
_PROCESSES = f"grep -saHzE '^{VARIABLE}=|^[^=]{{1,16}}$' /proc/[0-9]*/environ /proc/[0-9]*/comm | tr '\\0' '\\n'"
SHOW_PROCESSES = ("sh", "-c", _PROCESSES)
CORE_DUMPS = "/var/crash/* /var/lib/systemd/coredump/* /core /core.[0-9]* /tmp/core /tmp/core.[0-9]*"
_FILES = f'for file in "${{TMPDIR:-/tmp}}"/{FILES}.* {CORE_DUMPS}; do [ ! -e "$file" ] || echo "$file"; done'
SHOW_FILES = ("sh", "-c", _FILES)
SHOW_KERNEL_ERRORS = ("sh", "-c", "dmesg --level=emerg,alert,crit,err | tail -n 100")

_BOOT, _UPTIME, _FIRST = "/proc/sys/kernel/random/boot_id", "/proc/uptime", "/proc/1/stat"
_STATE = "/sys/class/net/{}/operstate"
_PROCESS = re.compile(r"/proc/(?P<pid>\d+)/(?P<file>environ|comm):(?P<value>.*)")
_KERNEL_LINE = re.compile(r"\[ *(?P<uptime>\d+\.\d+)\] (?P<text>.*)")


def show_files(design: Design) -> tuple[str, ...]:
    """The command that tells starts and ports: one process reads all these small files."""
    return ("grep", "-sH", ".", _BOOT, _UPTIME, _FIRST, *(_STATE.format(port) for port in design.ports))


def look(session: SessionProtocol, design: Design) -> Condition:
    """One round trip; SessionError and its kinds if the device does not answer."""
    commands = [SHOW_CLOCK, show_files(design), SHOW_PROCESSES, SHOW_FILES, SHOW_DISK, SHOW_RULES, SHOW_QUEUES]
    commands += [SHOW_KERNEL_ERRORS, *([SHOW_SUMMARY] if design.bgp_ports else [])]
    clock, files, processes, leftovers, disk, rules, queues, kernel, *bgp = session.batch(
        commands, timeout=SECONDS, check=False, idempotent=True
    )
    known = _values(files)
    paths = leftovers.out.splitlines() if leftovers.ok else None
    return Condition(
        device=design.device,
        taken=time.time(),
        clock_offset=_offset(clock),
        boot=_boot(known),
        uptime=float(known[_UPTIME].split()[0]) if _UPTIME in known else None,
        links={port: known.get(_STATE.format(port), "absent") for port in design.ports},
        bgp=parse_summary(bgp[0]) if bgp and bgp[0].ok else None,
        rules=tuple(rules.out.splitlines()) if rules.ok else None,
        queues=tuple(queues.out.splitlines()) if queues.ok else None,
        programs=parse_programs(processes),
        files=None if paths is None else tuple(_temporary(paths)),
        free_megabytes=parse_free(disk) if disk.ok else None,
        core_dumps=None if paths is None else tuple(path for path in paths if f"/{FILES}." not in path),
        kernel_errors=tuple(_kernel_errors(kernel)) if kernel.ok else None,
    )


def _values(result: CommandResult) -> dict[str, str]:
    """Content by file from ``grep -H``; what is missing does not exist."""
    lines = (line.partition(":") for line in result.out.splitlines())
    return {path: value for path, _, value in lines}


def _boot(known: dict[str, str]) -> str | None:
    """The kernel's start and that of process 1, which in a container are two things."""
    if _BOOT not in known or _FIRST not in known:
        return None
    return f"{known[_BOOT]}/{known[_FIRST].rpartition(')')[2].split()[19]}"


def _offset(result: CommandResult) -> float | None:
    try:
        return float(result.out) - (result.started + result.duration)
    except ValueError:
        return None


def parse_programs(result: CommandResult) -> tuple[Program, ...]:
    """Programs with a run's tag, and traffic tools with or without, from `SHOW_PROCESSES`."""
    names, tags = dict[int, str](), dict[int, RunTag]()
    for line in filter(None, result.out.splitlines()):
        found = _PROCESS.fullmatch(line)
        if found is None:
            raise unknown_form(result, f"unknown line {line!r:.120}")
        pid, value = int(found["pid"]), found["value"]
        if found["file"] == "comm":
            names[pid] = value
        elif tag := RunTag.found_in(value):
            tags[pid] = tag
    told = {pid for pid, name in names.items() if name in TRAFFIC_TOOLS} | tags.keys()
    return tuple(Program(pid=pid, name=names.get(pid, "program"), tag=tags.get(pid)) for pid in sorted(told))


def _temporary(paths: list[str]) -> Iterator[TemporaryFile]:
    for path in paths:
        if f"/{FILES}." in path and (tag := RunTag.found_in(path.rpartition("/")[2])):
            yield TemporaryFile(path=path, tag=tag)


def parse_free(result: CommandResult) -> dict[str, int]:
    """Free megabytes by mount point from `SHOW_DISK`."""
    rows = [line.split() for line in result.out.splitlines()[1:]]
    if not rows or any(len(row) < 6 or not row[3].isdecimal() for row in rows):
        raise unknown_form(result, "expected six columns below a heading")
    return {row[5]: int(row[3]) // 1024 for row in rows}


def _kernel_errors(result: CommandResult) -> Iterator[KernelError]:
    for line in result.out.splitlines():
        if found := _KERNEL_LINE.match(line):
            yield KernelError(uptime=float(found["uptime"]), text=found["text"])
