"""Packets around the path MTU between two hosts, with Don't Fragment set."""

from plugfest.sessions.protocol import SessionProtocol
from plugfest.stimuli.ping import PingResult, ping
from plugfest.verdicts.mtu import MtuProbe


def probe_boundary(session: SessionProtocol, address: str, path_mtu: int) -> tuple[MtuProbe, ...]:
    """Echo requests of exactly `path_mtu` bytes and of one byte more, sent from the host of `session`."""
    return tuple(_probe(size, ping(session, address, packet_bytes=size)) for size in (path_mtu, path_mtu + 1))


def _probe(size: int, result: PingResult) -> MtuProbe:
    return MtuProbe(size=size, sent=result.sent, received=result.received, errors=_errors(result))


def _errors(result: PingResult) -> tuple[str, ...]:
    found = []
    if result.too_long_for_port:
        found.append(f"the sender itself: message too long, MTU {result.local_mtu or 'unknown'}")
    if result.hint:
        found.append(f"{result.hint.router}: fragmentation needed, next MTU {result.hint.mtu}")
    if result.no_route:
        found.append("the sender knows no route")
    if result.errors and not found:
        found.append(f"{result.errors} ICMP errors")
    return tuple(found)
