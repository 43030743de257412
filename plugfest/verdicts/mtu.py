"""Verdicts on the path MTU: packets of legal size arrive, larger ones fail loudly instead of vanishing."""

from collections.abc import Sequence

from plugfest.records import Record
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict


class MtuProbe(Record):
    """IP packets of one size sent with Don't Fragment set."""

    size: int
    """Bytes of the whole IP packet."""
    sent: int
    received: int
    """Replies of full size that came back."""
    errors: tuple[str, ...] = ()
    """Explicit errors: from the local stack or by ICMP "fragmentation needed"."""

    @property
    def words(self) -> str:
        """What happened, for people."""
        if self.received:
            return f"{self.received} of {self.sent} answered"
        return f"refused: {self.errors[0]}" if self.errors else f"silence: {self.sent} sent, none answered, no error"


def _legal(pair: str, probe: MtuProbe) -> Reason:
    words = probe.words if probe.received or probe.errors else f"{probe.words} (black hole)"
    ok = probe.received == probe.sent if probe.sent else None
    return row(f"{pair} {probe.size}-byte packets", f"all {probe.sent} answered", words, ok, View.WIRE)


def _oversize(pair: str, probe: MtuProbe) -> Reason:
    ok = bool(probe.errors) and not probe.received if probe.sent else None
    return row(f"{pair} {probe.size}-byte packets", "an explicit error", probe.words, ok, View.WIRE)


def boundary_is_sharp(pair: str, path_mtu: int, probes: Sequence[MtuProbe]) -> Verdict:
    """Every probe up to `path_mtu` bytes is answered in full; every larger one is refused with an error."""
    reasons = [
        _legal(pair, probe) if probe.size <= path_mtu else _oversize(pair, probe)
        for probe in sorted(probes, key=lambda probe: probe.size)
    ]
    sizes = {probe.size for probe in probes}
    if not {path_mtu, path_mtu + 1} <= sizes:
        reasons.append(row("probed sizes", f"{path_mtu} and {path_mtu + 1}", sorted(sizes), None))
    return verdict(f"{pair} carries packets of up to {path_mtu} bytes and says so above", reasons, "RFC 1191; RFC 8899")
