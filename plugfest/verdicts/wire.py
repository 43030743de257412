"""Verdicts on what was seen on the wire: form, integrity, order and marking of RoCEv2 packets."""

from plugfest.captures.icrc import IcrcCheck
from plugfest.captures.join import PointDifference
from plugfest.captures.traces import CaptureSummary, EcnCounts, QueuePairTrace
from plugfest.stimuli.tcpdump import CaptureStatistics
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict

Traces = tuple[QueuePairTrace, ...]


def capture_complete(
    summary: CaptureSummary, statistics: CaptureStatistics | None = None, counted_packets: int | None = None
) -> Verdict:
    """The capture holds every packet that passed; whatever speaks against it makes it inconclusive, never failed.

    `statistics` are tcpdump's closing words, `counted_packets` what the port or NIC counted meanwhile.
    """
    reasons = [
        _trusted("RoCEv2 packets in the capture", "at least one", summary.roce_packets, summary.roce_packets > 0),
        _trusted("records that make no sense", 0, summary.damaged_records, not summary.damaged_records),
        _trusted("last record", "whole", "cut" if summary.is_cut else "whole", not summary.is_cut),
        _trusted("packets of flows too many to follow", 0, summary.unfollowed_packets, not summary.unfollowed_packets),
    ]
    if summary.dropped_by_tool is not None:
        reasons.append(_trusted("frames lost by the tool", 0, summary.dropped_by_tool, not summary.dropped_by_tool))
    if statistics is not None:
        reasons += _tool_lost_nothing(summary, statistics)
    if counted_packets is not None:
        same = counted_packets == summary.frames
        reasons.append(_trusted("frames in the capture", f"{counted_packets} as counted", summary.frames, same))
    return verdict("the capture is complete", reasons)


def _tool_lost_nothing(summary: CaptureSummary, statistics: CaptureStatistics) -> list[Reason]:
    dropped = statistics.dropped_by_kernel + statistics.dropped_by_interface
    written = statistics.captured
    return [
        _trusted("frames dropped by kernel and interface", 0, dropped, not dropped),
        _trusted("frames in the file", f"{written} as the tool wrote", summary.frames, written == summary.frames),
    ]


def _trusted(subject: str, expected: object, got: object, good: bool) -> Reason:
    return row(subject, expected, got, True if good else None, View.WIRE)


def icrc_correct(check: IcrcCheck) -> Verdict:
    """Every complete frame carries the ICRC that its bytes give; cut frames cannot be checked."""
    checked = check.good + check.bad
    frames = f", such as frame {check.bad_frames[0]}" if check.bad_frames else ""
    reason = row("frames with a wrong ICRC", 0, f"{check.bad} of {checked}{frames}", not check.bad, View.WIRE)
    reasons = [reason] if checked else []
    return verdict("every ICRC is correct", reasons, "IBTA volume 1, 7.8.1 and annex A17.3.3")


def encapsulation(traces: Traces) -> Verdict:
    """IP, UDP and BTH fields are as RoCEv2 demands: lengths, checksums, flags, version, reserved bytes."""
    reasons = [
        row(f"{trace.name} encapsulation", "no flaws", ", ".join(trace.flaws) or "no flaws", not trace.flaws, View.WIRE)
        for trace in traces
    ]
    return verdict("packets are encapsulated as RoCEv2 demands", reasons, "IBTA annex A17.3")


def sequence_legal(traces: Traces) -> Verdict:
    """First, middle and last packets follow each other, lengths fit, responses are in order, MSNs never go back."""
    reasons = [_nothing_illegal(trace) for trace in traces]
    return verdict("opcodes and PSNs follow each other legally", reasons, "IBTA volume 1, 9.7.4 and 9.7.5")


def _nothing_illegal(trace: QueuePairTrace) -> Reason:
    found = {
        "opcodes out of place": trace.illegal_opcodes,
        "lengths that do not fit": trace.illegal_lengths,
        "READ responses out of place": trace.illegal_responses,
        "message sequence numbers that went back": trace.message_number_steps_back,
    }
    wrong = ", ".join(f"{count} {name}" for name, count in found.items() if count)
    return row(f"{trace.name} order", "nothing illegal", wrong or "nothing illegal", not wrong, View.WIRE)


def nak_sequence_numbers(traces: Traces) -> Verdict:
    """Every NAK names the PSN its responder must expect; inconclusive without NAKs."""
    reasons = [
        row(f"{trace.name} NAKs with a PSN that cannot be right", 0, trace.wrong_naks, not trace.wrong_naks, View.WIRE)
        for trace in traces
        if trace.nak_count + trace.rnr_nak_count
    ]
    return verdict("NAKs name the expected PSN", reasons, "IBTA volume 1, 9.7.5.1.3")


def source_port_constant(traces: Traces) -> Verdict:
    """A queue pair keeps its UDP source port, or its packets would take several paths and overtake each other."""
    reasons = [
        row(
            f"{trace.name} packets with another source port than {trace.source_port}",
            0,
            trace.other_source_ports,
            not trace.other_source_ports,
            View.WIRE,
        )
        for trace in traces
    ]
    return verdict("each queue pair keeps its UDP source port", reasons, "IBTA annex A17.3.2")


def source_port_entropy(traces: Traces, least_share: float = 0.8) -> Verdict:
    """Queue pairs use different UDP source ports: at least `least_share` of them distinct (64 queue pairs or fewer).

    The share is ours: ECMP needs spread, no standard gives a number.  Inconclusive with fewer than two queue pairs.
    """
    ports, pairs = {trace.source_port for trace in traces}, len(traces)
    enough = len(ports) >= least_share * min(pairs, 64)
    got = f"{len(ports)} distinct ports for {pairs} queue pairs"
    reasons = [row("UDP source ports", f"at least {least_share:.0%} distinct", got, enough, View.WIRE)]
    return verdict("queue pairs spread over UDP source ports", reasons if pairs > 1 else [], "IBTA annex A17.3.2")


def dscp_as_sent(traces: Traces, dscp: int, answer_dscp: int | None = None) -> Verdict:
    """Requests carry exactly this DSCP, and answers theirs where `answer_dscp` is given."""
    reasons = [_only(f"{trace.name} request DSCP", dscp, trace.request_dscps) for trace in traces]
    if answer_dscp is not None:
        reasons += [_only(f"{t.name} answer DSCP", answer_dscp, t.answer_dscps) for t in traces if t.answers]
    return verdict("packets carry the DSCP they were sent with", reasons, "RFC 2474")


def _only(subject: str, expected: int, seen: tuple[int, ...]) -> Reason:
    got = ", ".join(str(value) for value in seen)
    return row(subject, expected, got or "none seen", seen == (expected,) if seen else None, View.WIRE)


def ecn_capable(traces: Traces) -> Verdict:
    """Requests are ECN-capable: ECT(0), ECT(1) or, marked on the way, CE; none is not-ECT."""
    reasons = [_capable(trace.name, trace.ecn) for trace in traces]
    return verdict("requests are ECN-capable", reasons, "RFC 3168 section 5")


def _capable(name: str, ecn: EcnCounts) -> Reason:
    total = ecn.not_ect + ecn.ect0 + ecn.ect1 + ecn.ce
    got = f"{ecn.not_ect} of {total}"
    return row(f"{name} packets without ECT", 0, got, not ecn.not_ect if total else None, View.WIRE)


def time_to_live(traces: Traces, expected: int) -> Verdict:
    """Requests arrive with exactly this TTL: sent TTL minus the hops of the planned path."""
    reasons = [
        row(f"{trace.name} TTL", expected, _range(trace.ttls), trace.ttls == (expected, expected), View.WIRE)
        for trace in traces
    ]
    return verdict("packets took the planned number of hops", reasons, "RFC 791, RFC 8200")


def _range(ends: tuple[int, int]) -> str:
    low, high = ends
    return str(low) if low == high else f"{low} to {high}"


def marking_transparent(difference: PointDifference) -> Verdict:
    """Between two capture points nothing changed DSCP, and ECN changed from ECT to CE only."""
    counts = {
        "packets whose DSCP changed": difference.dscp_changed,
        "packets whose ECN field changed otherwise than ECT to CE": difference.ecn_changed_otherwise,
    }
    reasons = [
        row(subject, 0, f"{count} of {difference.matched}", not count, View.WIRE) for subject, count in counts.items()
    ]
    return verdict("DSCP and ECN pass unchanged", reasons if difference.matched else [], "RFC 2474, RFC 3168")
