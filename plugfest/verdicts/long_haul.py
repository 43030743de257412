"""Verdicts on RDMA over long distances: all data, no needless retransmission, and what distance costs."""

from plugfest.stimuli.long_haul import LongHaul
from plugfest.verdicts.recovery import ACK_TIMEOUT_UNIT_S
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict


def _figures(haul: LongHaul) -> dict[str, float]:
    goodput, seconds = haul.goodput, haul.round_trip_ms / 1000
    figures = {"round_trip_ms": haul.round_trip_ms, "lost_packets": float(haul.lost)}
    if goodput:
        figures["goodput_mbit_s"] = round(goodput * 8 / 1e6, 2)
        figures["in_flight_kib"] = round(goodput * seconds / 1024, 1)
    for trace in haul.transfer.at_requester.queue_pairs:
        if trace is not None:
            figures["amplification_ratio"] = round((trace.new_requests + trace.retransmitted) / trace.new_requests, 3)
    return figures


def _completion(haul: LongHaul) -> list[Reason]:
    transfer = haul.transfer
    problems = [problem for operation in transfer.result.operations for problem in operation.problems]
    got = "; ".join(problems) or "all data arrived"
    view = transfer.at_requester
    return [
        row(f"{transfer.pair} data", "all data arrived", got, not problems, View.NIC),
        row(f"capture at {view.capture.point}", "complete", view.complete, view.complete or None, View.WIRE),
    ]


def survives_the_distance(haul: LongHaul) -> Verdict:
    """All data arrives; without loss nothing is sent twice, because the timer is longer than the round trip."""
    reasons = _completion(haul)
    timeout_ms = ACK_TIMEOUT_UNIT_S * 2**haul.transfer.result.plan.timeout * 1000
    for trace in haul.transfer.at_requester.queue_pairs:
        if trace is not None and not haul.lost and timeout_ms > haul.round_trip_ms:
            subject = f"{haul.transfer.requester} retransmitted packets without any loss"
            reasons.append(row(subject, 0, trace.retransmitted, trace.retransmitted == 0, View.WIRE))
    claim = f"RDMA over {haul.round_trip_ms:g} ms round trip with {haul.lost} packets lost"
    return verdict(claim, reasons, "IBTA volume 1, 9.7.6.1.3").model_copy(update={"figures": _figures(haul)})


def _never_silent(haul: LongHaul) -> Reason:
    """Data may be missing only if a completion with an error says so."""
    operations = haul.transfer.result.operations
    problems = [problem for operation in operations for problem in operation.problems]
    told = [status for operation in operations for status in operation.requester.completions if status != "SUCCESS"]
    got = f"told by {', '.join(told)}" if told else "; ".join(problems) or "all data arrived"
    expected = "all data arrived, or an error that says otherwise"
    return row(f"{haul.transfer.pair} data", expected, got, bool(told) or not problems, View.NIC)


def short_timer_repeats_itself(haul: LongHaul) -> Verdict:
    """A timer shorter than the round trip makes the requester repeat what was never lost.

    That costs bandwidth, and some NICs end the connection over it; what may not happen is a silent loss of data.
    """
    timeout_ms = ACK_TIMEOUT_UNIT_S * 2**haul.transfer.result.plan.timeout * 1000
    shorter = timeout_ms < haul.round_trip_ms or None
    nothing_lost = haul.lost == 0 or None
    reasons = [
        _never_silent(haul),
        row("local ACK timeout", f"below {haul.round_trip_ms:g} ms", f"{timeout_ms:.1f} ms", shorter),
        row("packets lost on the way", 0, haul.lost, nothing_lost, View.WIRE),
    ]
    for trace in haul.transfer.at_requester.queue_pairs:
        again = trace.retransmitted if trace else 0
        reasons.append(row(f"{haul.transfer.requester} retransmitted packets", "at least 1", again, again > 0 or None))
    claim = "a timer shorter than the round trip never loses data silently"
    judged = verdict(claim, reasons, "IBTA volume 1, 9.7.6.1.3")
    failed = sum(
        number
        for operation in haul.transfer.result.operations
        for status, number in operation.requester.completions.items()
        if status != "SUCCESS"
    )
    return judged.model_copy(update={"figures": {**_figures(haul), "failed_requests": float(failed)}})
