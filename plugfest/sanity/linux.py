"""Looks at a Linux device: everything the checks want to know by one short script in one round trip."""

import re
import time
from collections.abc import Iterator, Mapping

from plugfest.devices.answers import unknown_form
from plugfest.devices.frr_linux.bgp import SHOW_SUMMARY, parse_summary
from plugfest.sanity.records import Condition, Design, KernelTrouble, Program, TemporaryFile
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.result import CommandResult
from plugfest.sessions.tag import FILES, VARIABLE, RunTag

SECONDS = 30.0
TRAFFIC_TOOLS = ("tcpdump", "iperf3", "ib_write_bw", "ib_read_bw", "ib_send_bw", "ib_write_lat", "ib_send_lat")
"""Programs that disturb a measurement, by the kernel's name."""
_BGP = "00B3"
"""TCP port 179 as /proc/net/tcp writes it."""
CORE_DUMPS = "/var/crash/* /var/lib/systemd/coredump/* /core /core.[0-9]* /tmp/core /tmp/core.[0-9]*"
_BOOT, _FIRST = "/proc/sys/kernel/random/boot_id", "/proc/1/stat"
_TAINTED, _MEMORY, _TCP = "/proc/sys/kernel/tainted", "/proc/vmstat", ("/proc/net/tcp", "/proc/net/tcp6")
_SMALL = " ".join((_BOOT, _FIRST, _TAINTED))
_COUNTED = " ".join((_MEMORY, *_TCP))
# Every process start counts: under emulation it costs 15 ms.  Sections begin with a line "== NAME".
_SCRIPT = f"""\
rules=$1
echo == clock; date +%s.%N
echo == small; grep -sH . {_SMALL}; grep -sHE "^oom_kill |:{_BGP} " {_COUNTED}
echo == files
for file in "${{TMPDIR:-/tmp}}"/{FILES}.* {CORE_DUMPS}; do [ ! -e "$file" ] || echo "$file"; done
echo == disk; df -Pk / "${{TMPDIR:-/tmp}}"
echo == links; ip -o link
echo == rules; [ -z "$rules" ] || nft list tables
echo == programs
exec grep -saHzE '^{VARIABLE}=|^[^=]{{1,16}}$' /proc/[0-9]*/environ /proc/[0-9]*/comm
"""
_SECTION = re.compile(r"^== (\w+)\n", re.MULTILINE)
_PROCESS = re.compile(r"/proc/(?P<pid>\d+)/(?P<file>environ|comm):(?P<value>.*)")
_LINK = re.compile(r"\d+: (?P<port>[^:@]+)(?:@[^:]*)?: <.*? qdisc (?P<queue>\S+) .*?state (?P<state>\S+)")
_ESTABLISHED = re.compile(r" *\d+: [0-9A-F]+:(?P<local>[0-9A-F]{4}) [0-9A-F]+:(?P<remote>[0-9A-F]{4}) 01 ")


def show_condition(design: Design) -> tuple[str, ...]:
    """The command that `read` reads."""
    return ("sh", "-c", _SCRIPT, "sanity", "rules" if design.injects else "")


def look(session: SessionProtocol, design: Design) -> Condition:
    """One round trip, two more if something is wrong; SessionError and its kinds if the device does not answer."""
    answer = session.run(*show_condition(design), timeout=SECONDS, check=False, idempotent=True)
    condition = read(answer, design)
    if design.bgp_ports and (condition.bgp_connections or 0) < len(design.bgp_ports):
        summary = session.run(*SHOW_SUMMARY, check=False, idempotent=True)
        bgp = parse_summary(summary) if summary.ok else None
        condition = condition.model_copy(update={"bgp": bgp})
    return condition


def read(answer: CommandResult, design: Design) -> Condition:
    """What the script printed; ParseError for a form we do not know."""
    sections = _sections(answer)
    small = _values(sections["small"])
    paths = sections["files"].splitlines()
    links = {found["port"]: found for found in map(_LINK.match, sections["links"].splitlines()) if found}
    return Condition(
        device=design.device,
        taken=time.time(),
        clock_offset=_offset(sections["clock"], answer),
        boot=_boot(small),
        kernel=_kernel(small),
        links={port: links[port]["state"].lower() if port in links else "absent" for port in design.ports},
        bgp_connections=_bgp_connections(sections["small"]),
        rules=tuple(sections["rules"].splitlines()) if design.injects else None,
        queues={port: found["queue"] for port, found in links.items()},
        programs=parse_programs(answer, sections["programs"]),
        files=tuple(_temporary(paths)),
        free_megabytes=_free(answer, sections["disk"]),
        core_dumps=tuple(path for path in paths if f"/{FILES}." not in path),
    )


def _sections(answer: CommandResult) -> dict[str, str]:
    _, *parts = _SECTION.split(answer.out)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    expected = ("clock", "small", "files", "disk", "links", "rules", "programs")
    if tuple(sections) != expected:
        raise unknown_form(answer, f"expected the sections {', '.join(expected)}, got {', '.join(sections) or 'none'}")
    return sections


def _values(text: str) -> dict[str, str]:
    """Content by file from ``grep -H``; what is missing does not exist."""
    lines = (line.partition(":") for line in text.splitlines())
    return {path: value for path, _, value in lines}


def _boot(small: Mapping[str, str]) -> str | None:
    """The kernel's start and that of process 1, which in a container are two things."""
    if _BOOT not in small or _FIRST not in small:
        return None
    return f"{small[_BOOT]}/{small[_FIRST].rpartition(')')[2].split()[19]}"


def _kernel(small: Mapping[str, str]) -> KernelTrouble | None:
    if _TAINTED not in small:
        return None
    killed = small.get(_MEMORY, "oom_kill 0").split()
    return KernelTrouble(tainted=int(small[_TAINTED]), out_of_memory=int(killed[1]))


def _bgp_connections(text: str) -> int:
    """Established TCP connections from or to the BGP port."""
    found = (_ESTABLISHED.match(line.partition(":")[2]) for line in text.splitlines() if line.startswith(_TCP))
    return sum(1 for each in found if each and _BGP in (each["local"], each["remote"]))


def _offset(text: str, answer: CommandResult) -> float | None:
    """What the command's own duration cannot explain; it asked the clock at some moment while it ran."""
    try:
        ahead = float(text) - answer.started
    except ValueError:
        return None
    return min(ahead, 0.0) or max(ahead - answer.duration, 0.0)


def parse_programs(answer: CommandResult, text: str) -> tuple[Program, ...]:
    """Programs with a run's tag, and traffic tools with or without.

    Names are read last: a program without one has ended while we looked.
    """
    names, tags = dict[int, str](), dict[int, RunTag]()
    for line in filter(None, text.replace("\0", "\n").splitlines()):
        found = _PROCESS.fullmatch(line)
        if found is None:
            raise unknown_form(answer, f"unknown line {line!r:.120}")
        pid, value = int(found["pid"]), found["value"]
        if found["file"] == "comm":
            names[pid] = value
        elif tag := RunTag.found_in(value):
            tags[pid] = tag
    told = {pid for pid, name in names.items() if name in TRAFFIC_TOOLS or pid in tags}
    return tuple(Program(pid=pid, name=names[pid], tag=tags.get(pid)) for pid in sorted(told))


def _temporary(paths: list[str]) -> Iterator[TemporaryFile]:
    for path in paths:
        if f"/{FILES}." in path and (tag := RunTag.found_in(path.rpartition("/")[2])):
            yield TemporaryFile(path=path, tag=tag)


def _free(answer: CommandResult, text: str) -> dict[str, int]:
    rows = [line.split() for line in text.splitlines()[1:]]
    if not rows or any(len(row) < 6 or not row[3].isdecimal() for row in rows):
        raise unknown_form(answer, "expected six columns below a heading from df")
    return {row[5]: int(row[3]) // 1024 for row in rows}
