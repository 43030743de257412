"""Verdicts on what a switch's layer-2 forwarding does with reserved destination addresses."""

from collections.abc import Sequence

from plugfest.records import Record
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict


class FrameProbe(Record):
    """One kind of frame sent into a switch port, and how often it came out of another."""

    name: str
    """What the frame is, such as ``PFC (01-80-C2-00-00-01)``."""
    sent: int
    forwarded: int
    """Copies that left by the other port."""
    may_be_forwarded: bool
    """False for addresses that a bridge must keep on the link; True for the control frames of the probe."""


def _probe_row(ports: str, probe: FrameProbe) -> Reason:
    subject = f"{ports} {probe.name}"
    got = f"{probe.forwarded} of {probe.sent}"
    if probe.may_be_forwarded:
        # The control: if ordinary frames do not cross, the silence of the others proves nothing.
        return row(subject, "forwarded", got, True if probe.forwarded == probe.sent else None, View.WIRE)
    return row(subject, "never forwarded", got, probe.forwarded == 0 if probe.sent else None, View.WIRE)


def reserved_frames_stay_on_link(ports: str, probes: Sequence[FrameProbe]) -> Verdict:
    """No frame to a link-local reserved address is forwarded, while ordinary frames are."""
    reasons = [_probe_row(ports, probe) for probe in probes]
    if not any(probe.may_be_forwarded for probe in probes):
        reasons.append(row(ports, "a control frame that is forwarded", "none sent", None))
    return verdict(f"{ports} keeps link-local multicast on the link", reasons, "IEEE 802.1Q-2018 table 8-1")


def one_vlan_is_bridged(ports: str, probes: Sequence[FrameProbe], received: int | None) -> Verdict:
    """Ordinary frames cross the switch; `received` counts frames at its ingress port, None if it does not count.

    Frames that the switch never received say nothing about its VLANs: that is inconclusive.
    """
    sent = sum(probe.sent for probe in probes)
    came = None if received is None else received >= sent
    reasons = [row(f"{ports} frames received", f"at least {sent}", received, came or None, View.SWITCH)]
    for probe in probes:
        if probe.may_be_forwarded:
            crossed = probe.forwarded == probe.sent
            ok = True if crossed else False if came else None
            got = f"{probe.forwarded} of {probe.sent}"
            reasons.append(row(f"{ports} {probe.name}", "forwarded", got, ok, View.WIRE))
    return verdict(f"{ports} are in one VLAN", reasons, "IEEE 802.1Q-2018 8.6")
