"""Verdicts on one cable: both ends up, agreeing, clean and steady."""

from collections.abc import Iterable

from plugfest.devices.records import InterfaceCounters, InterfaceState
from plugfest.inventory.models import Link, PortReference
from plugfest.records import Record
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict


class Ends(Record):
    """What was read at both ends of a link; None where the device has no such port."""

    a: InterfaceState | None
    b: InterfaceState | None


FASTEST_HALF_DUPLEX_MBPS = 1_000
"""IEEE 802.3-2022 clause 35; above it there is only full duplex, and many switches do not print it."""
ERROR_COUNTERS = ("rx_errors", "tx_errors", "fcs_errors")


def _both(link: Link, ends: Ends) -> tuple[tuple[PortReference, InterfaceState | None], ...]:
    return (link.a, ends.a), (link.b, ends.b)


def _seen(link: Link, ends: Ends) -> dict[PortReference, InterfaceState]:
    return {end: state for end, state in _both(link, ends) if state is not None}


def _missing(link: Link, ends: Ends) -> list[Reason]:
    return [
        row(f"{end}", "a port of this name on the device", "no such port", False)
        for end, state in _both(link, ends)
        if state is None
    ]


def _updown(up: bool | None) -> str | None:
    return None if up is None else "up" if up else "down"


def oper_up(link: Link, ends: Ends) -> Verdict:
    """Both ends are administratively and operationally up."""
    reasons = _missing(link, ends)
    for end, state in _seen(link, ends).items():
        if state.admin_up is not None or not state.oper_up:  # what runs was not switched off
            reasons.append(equal(f"{end} admin state", "up", _updown(state.admin_up), View.SWITCH))
        reasons.append(equal(f"{end} oper state", "up", _updown(state.oper_up), View.SWITCH))
    return verdict(f"link {link.id} is up at both ends", reasons, "IEEE 802.3 clause 22/45 link status")


def mtu_agrees(link: Link, ends: Ends, designed: int | None) -> Verdict:
    """Both ends have the same MTU in bytes and, where the lab file gives one, the designed MTU."""
    states = _seen(link, ends)
    reasons = _missing(link, ends)
    if designed is not None:
        reasons += [equal(f"{end} MTU in bytes", designed, state.mtu) for end, state in states.items()]
    if len(states) == 2:
        a, b = states[link.a].mtu, states[link.b].mtu
        reasons.append(
            row(f"{link.id} MTU in bytes", "equal at both ends", f"{a} and {b}", None if None in (a, b) else a == b)
        )
    return verdict(f"both ends of {link.id} agree on the MTU", reasons, "IEEE 802.3 clause 3.2.7; RFC 4821")


def speed_agrees(link: Link, ends: Ends, designed_mbps: int | None) -> Verdict:
    """Both ends run at the same speed and duplex and, where the lab file gives one, the designed speed in Mbit/s."""
    states = _seen(link, ends)
    reasons = _missing(link, ends)
    if designed_mbps is not None:
        reasons += [equal(f"{end} speed in Mbit/s", designed_mbps, state.speed_mbps) for end, state in states.items()]
    if len(states) == 2:
        for field in ("speed_mbps", "duplex"):
            a, b = (getattr(states[end], field) for end in (link.a, link.b))
            known = a is not None and b is not None
            if known or field == "speed_mbps" or not _only_full_duplex(states.values()):
                got = f"{a} and {b}"
                reasons.append(row(f"{link.id} {field}", "equal at both ends", got, a == b if known else None))
    return verdict(f"both ends of {link.id} agree on speed and duplex", reasons, "IEEE 802.3 clause 73")


def _only_full_duplex(states: Iterable[InterfaceState]) -> bool:
    return all((state.speed_mbps or 0) > FASTEST_HALF_DUPLEX_MBPS for state in states)


def _growth(before: InterfaceCounters | None, after: InterfaceCounters | None, name: str) -> int | None:
    first = getattr(before, name, None)
    last = getattr(after, name, None)
    return None if first is None or last is None else last - first


def _traffic_rows(end: PortReference, before: InterfaceState, after: InterfaceState) -> Iterable[Reason]:
    for direction in ("rx_packets", "tx_packets"):
        grown = _growth(before.counters, after.counters, direction)
        got = "unmeasured" if grown is None else f"{grown} more"
        yield row(f"{end} {direction}", "traffic while watching", got, None if not grown else True)


def errors_do_not_grow(link: Link, before: Ends, after: Ends) -> Verdict:
    """No error counter of either end grew between two readings, while traffic crossed the link.

    A link on which no packet moved proves nothing: its rows are inconclusive.
    """
    reasons = _missing(link, after)
    for end, later in _seen(link, after).items():
        earlier = _seen(link, before).get(end)
        if earlier is None:
            reasons.append(row(f"{end}", "a reading before", "none", None))
            continue
        reasons += _traffic_rows(end, earlier, later)
        for name in ERROR_COUNTERS:
            grown = _growth(earlier.counters, later.counters, name)
            if grown is not None:
                reasons.append(equal(f"{end} growth of {name}", 0, grown, View.SWITCH))
    return verdict(f"no error counter of {link.id} grows", reasons, "RFC 2863 ifInErrors, ifOutErrors")


def does_not_flap(link: Link, before: Ends, after: Ends) -> Verdict:
    """Neither end lost carrier between two readings.

    One end that counts is enough: link fault signalling (IEEE 802.3-2022 46.3.4) takes the other end down with it.
    """
    reasons, counted = _missing(link, after), {}
    for end, later in _seen(link, after).items():
        earlier = _seen(link, before).get(end)
        counted[end] = _growth(earlier.counters if earlier else None, later.counters, "carrier_changes")
    told = {end: grown for end, grown in counted.items() if grown is not None} or counted
    reasons += [equal(f"{end} carrier changes while watching", 0, grown, View.SWITCH) for end, grown in told.items()]
    return verdict(f"link {link.id} does not flap", reasons, "RFC 2863 ifOperStatus")
