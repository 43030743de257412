"""ICMP echo with the DF bit and a chosen packet size: what gets through, and what the path says if it does not."""

import re

from plugfest.devices.answers import unknown_form
from plugfest.records import Record
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.result import CommandResult

IPV4_AND_ICMP_HEADERS = 28
"""Bytes: a packet of N bytes carries N - 28 bytes of echo data."""
INTERVAL_SECONDS = 0.2

_SENT = re.compile(
    r"^(?P<sent>\d+) packets transmitted, (?P<received>\d+) received,(?P<rest>.*) "
    r"(?P<loss>[\d.]+)% packet loss, time (?P<time>\d+)ms$",
    re.MULTILINE,
)
_TIMES = re.compile(
    r"^rtt min/avg/max/mdev = (?P<minimum>[\d.]+)/(?P<average>[\d.]+)/(?P<maximum>[\d.]+)/[\d.]+ ms", re.MULTILINE
)
_TTL = re.compile(r"^\d+ bytes from .*: icmp_seq=\d+ ttl=(?P<ttl>\d+) ", re.MULTILINE)
_NEEDED = re.compile(r"^From (?P<router>\S+) .*Frag needed and DF set \(mtu = (?P<mtu>\d+)\)", re.MULTILINE)
_LOCAL = re.compile(r"(message too long, mtu[=:] ?(?P<mtu>\d+)|Message too long)", re.IGNORECASE)
_NO_ROUTE = "Network is unreachable"
_EXTRAS = re.compile(r"( \+(?P<number>\d+) (?P<kind>errors|duplicates|corrupted),)*")


class PathMtuHint(Record):
    """ICMP *fragmentation needed* (RFC 1191): a router's word that a smaller packet would pass."""

    router: str
    mtu: int


class PingResult(Record):
    """What came back."""

    sent: int
    received: int
    duplicates: int
    errors: int
    """ICMP errors received or packets the own host refused to send."""
    ttls: tuple[int, ...]
    """TTL of every reply, as received."""
    minimum_ms: float | None
    average_ms: float | None
    maximum_ms: float | None
    hint: PathMtuHint | None
    """The first fragmentation-needed message, if one came."""
    too_long_for_port: bool
    """True if the own host refused to send: its port's MTU, or what it learned of the path, is smaller."""
    local_mtu: int | None
    """MTU in bytes that the own host named when it refused."""
    no_route: bool
    """True if the own host knows no way to the address; then nothing was sent."""


_NOTHING_SENT = PingResult(
    sent=0,
    received=0,
    duplicates=0,
    errors=0,
    ttls=(),
    minimum_ms=None,
    average_ms=None,
    maximum_ms=None,
    hint=None,
    too_long_for_port=False,
    local_mtu=None,
    no_route=True,
)


def ping(
    session: SessionProtocol, address: str, packet_bytes: int = 84, count: int = 3, wait_seconds: float = 2
) -> PingResult:
    """Send `count` echo requests of `packet_bytes` each (IP header included) that nobody may fragment.

    `wait_seconds` is the time for each reply.  No reply is a result; CommandError if ping cannot run.
    """
    data = packet_bytes - IPV4_AND_ICMP_HEADERS
    options = ("-n", "-M", "do", "-c", str(count), "-i", str(INTERVAL_SECONDS), "-W", str(wait_seconds))
    seconds = count * (INTERVAL_SECONDS + wait_seconds) + 20
    result = session.run("ping", *options, "-s", str(data), address, timeout=seconds, check=False)
    # 1 means that some replies are missing, 2 that ping itself failed.
    return parse_ping(result if result.exit_status == 1 or _NO_ROUTE in result.err else result.require_ok())


def parse_ping(result: CommandResult) -> PingResult:
    """Read the output of iputils' ping."""
    if _NO_ROUTE in result.err:
        return _NOTHING_SENT
    summary = _SENT.search(result.out)
    if not summary:
        raise unknown_form(result, f"expected 'N packets transmitted, …', got {result.said!r:.200}")
    extras = _extras(result, summary["rest"])
    times = _TIMES.search(result.out)
    needed = _NEEDED.search(result.out)
    refused = _LOCAL.search(f"{result.out}\n{result.err}")
    return PingResult(
        sent=int(summary["sent"]),
        received=int(summary["received"]),
        duplicates=extras.get("duplicates", 0),
        errors=extras.get("errors", 0),
        ttls=tuple(int(match["ttl"]) for match in _TTL.finditer(result.out)),
        minimum_ms=float(times["minimum"]) if times else None,
        average_ms=float(times["average"]) if times else None,
        maximum_ms=float(times["maximum"]) if times else None,
        hint=PathMtuHint(router=needed["router"], mtu=int(needed["mtu"])) if needed else None,
        no_route=False,
        too_long_for_port=bool(refused),
        local_mtu=int(refused["mtu"]) if refused and refused["mtu"] else None,
    )


def _extras(result: CommandResult, text: str) -> dict[str, int]:
    if not _EXTRAS.fullmatch(text):
        raise unknown_form(result, f"unknown words {text!r} in ping's summary")
    return {kind: int(number) for number, kind in re.findall(r"\+(\d+) (\w+)", text)}
