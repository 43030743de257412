"""Verdicts on the routed fabric: BGP sessions, equal-cost next hops, spread of queue pairs, hop counts."""

from collections.abc import Mapping, Sequence

from plugfest.devices.records import BgpNeighbor, BgpState, Route
from plugfest.inventory.models import Link, PortReference
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict

Sessions = Mapping[str, Sequence[BgpNeighbor]]
"""BGP sessions by device name."""

HoldTimes = Mapping[str, Mapping[str, float]]
"""Negotiated hold times in seconds by device and neighbour or port."""
MOST_HOLD_SECONDS = 30.0
"""A queue pair with the settings of common collective libraries (timeout 20, 7 retries) gives up after some 30 s."""


def _sessions_at(end: PortReference, sessions: Sessions) -> list[BgpNeighbor]:
    return [session for session in sessions.get(end.device, ()) if end.port in (session.interface, session.neighbor)]


def _session_rows(here: PortReference, far_asn: int | None, sessions: Sessions) -> list[Reason]:
    if here.device not in sessions:
        return [row(f"{here} BGP session", "a session", "sessions not read", None, View.SWITCH)]
    found = _sessions_at(here, sessions)
    if len(found) != 1:
        return [row(f"{here} BGP sessions", 1, len(found), False, View.SWITCH)]
    session = found[0]
    return [
        equal(f"{here} BGP state", BgpState.ESTABLISHED.value, session.state.value, View.SWITCH),
        equal(f"{here} remote AS", far_asn, session.remote_asn, View.SWITCH),
    ]


def bgp_as_cabled(link: Link, asns: Mapping[str, int | None], sessions: Sessions) -> Verdict:
    """Both ends of a switch-to-switch link have one established session with the other end's AS."""
    reasons = _session_rows(link.a, asns[link.b.device], sessions)
    reasons += _session_rows(link.b, asns[link.a.device], sessions)
    return verdict(f"BGP runs on {link.id} as cabled", reasons, "RFC 4271 8.2.2; RFC 7938 5.2")


def silence_is_noticed_in_time(link: Link, hold_times: HoldTimes) -> Verdict:
    """Both ends drop a silent neighbour before the RDMA connections that use it give up; 0 would mean never."""
    reasons = []
    for end in (link.a, link.b):
        hold = hold_times.get(end.device, {}).get(end.port)
        got = "no established session" if hold is None else f"{hold:g} s"
        ok = None if hold is None else 0 < hold <= MOST_HOLD_SECONDS
        reasons.append(row(f"{end} BGP hold time", f"at most {MOST_HOLD_SECONDS:g} s", got, ok, View.SWITCH))
    return verdict(f"silence on {link.id} is noticed in time", reasons, "RFC 4271 4.2; RFC 7938 7.1")


def equal_cost_next_hops(switch: str, prefix: str, expected: frozenset[str], routes: Sequence[Route]) -> Verdict:
    """The switch reaches `prefix` through exactly the designed ports, all of them at equal cost."""
    subject = f"{switch} next-hop ports to {prefix}"
    found = [route for route in routes if route.prefix == prefix]
    words = ", ".join(sorted(expected))
    if not routes:
        reasons = [row(subject, words, "routing table not read", None, View.SWITCH)]
    elif not found:
        reasons = [row(subject, words, "no route", False, View.SWITCH)]
    else:
        got = frozenset(hop.interface or hop.address or "?" for route in found for hop in route.next_hops)
        reasons = [row(subject, words, ", ".join(sorted(got)) or "none", got == expected, View.SWITCH)]
    return verdict(f"{switch} has all designed next hops to {prefix}", reasons, "RFC 7938 6.1; RFC 2992")


def jain_index(counts: Sequence[int]) -> float:
    """Jain's fairness index of the counts: 1.0 is even, 1/n is all on one (RFC 9004 terms; 1984 DEC TR-301)."""
    total = sum(counts)
    return total * total / (len(counts) * sum(count * count for count in counts)) if total else 0.0


def spread_over_paths(claim: str, packets_by_port: Mapping[str, int | None], queue_pairs: int) -> Verdict:
    """Traffic of many queue pairs used every equal path.

    `packets_by_port` counts the RoCEv2 packets that left by each uplink.  With one queue pair per path the chance of
    an empty path is high, so fewer than four queue pairs per path are inconclusive.
    """
    measured = {port: count for port, count in packets_by_port.items() if count is not None}
    reasons: list[Reason] = []
    if queue_pairs < 4 * max(len(packets_by_port), 1):
        reasons.append(row("queue pairs", f"at least {4 * len(packets_by_port)}", queue_pairs, None))
    if not sum(measured.values()):
        reasons.append(row("RoCEv2 packets on the uplinks", "more than 0", 0, None, View.SWITCH))
    else:
        for port, count in packets_by_port.items():
            ok = None if count is None else count > 0
            reasons.append(row(f"{port} RoCEv2 packets", "more than 0", count, ok, View.SWITCH))
    judged = verdict(claim, reasons, "RFC 2992; RoCEv2 annex A17 (UDP source port as flow label)")
    return judged.model_copy(update={"figures": {"jain_index": round(jain_index(list(measured.values())), 3)}})
