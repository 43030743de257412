"""Verdicts on flows that share a bottleneck: shapes and counts, never rates of an emulated fabric."""

from collections.abc import Sequence

from plugfest.captures.traces import Goodput
from plugfest.stimuli.concurrent_flows import FlowView
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict

LEAST_FAIRNESS = 0.95
"""Jain's index; 1 is perfectly equal, 1/n is one flow alone.  Two flows reach it at shares of 61 and 39 %."""


def jain(shares: Sequence[float]) -> float | None:
    """Jain's fairness index of some shares; None if there are none."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else None


def bytes_between(goodput: Goodput, start_ns: int, end_ns: int) -> int:
    """Payload in the bins that lie wholly inside a time window."""
    return sum(
        content
        for number, content in enumerate(goodput.payload_bytes)
        if start_ns <= goodput.start_ns + number * goodput.bin_ns
        and goodput.start_ns + (number + 1) * goodput.bin_ns <= end_ns
    )


def _end(goodput: Goodput) -> int:
    return goodput.start_ns + len(goodput.payload_bytes) * goodput.bin_ns


def _shares(flows: Sequence[FlowView]) -> dict[str, int]:
    """Payload of each flow while all of them were sending."""
    goodputs = {flow.pair: flow.trace.goodput for flow in flows if flow.trace is not None}
    if len(goodputs) < len(flows):
        return {}
    start = max(goodput.start_ns for goodput in goodputs.values())
    end = min(_end(goodput) for goodput in goodputs.values())
    return {pair: bytes_between(goodput, start, end) for pair, goodput in goodputs.items()}


def _completed(flow: FlowView) -> list[Reason]:
    problems = [problem for operation in flow.result.operations for problem in operation.problems]
    got = "; ".join(problems) or "all data arrived"
    captured = "complete" if flow.complete else "incomplete"
    return [
        row(f"{flow.pair} data", "all data arrived", got, not problems, View.NIC),
        row(f"{flow.pair} capture", "complete", captured, flow.complete or None, View.WIRE),
    ]


def shared_fairly(flows: Sequence[FlowView]) -> Verdict:
    """While all flows send, each gets about the same share of the bottleneck."""
    reasons = [reason for flow in flows for reason in _completed(flow)]
    shares = _shares(flows)
    index = jain(list(shares.values())) if len(shares) > 1 else None
    got = "no time in which all sent" if index is None else f"{index:.3f}"
    fair = None if index is None else index >= LEAST_FAIRNESS
    reasons.append(row(f"Jain's index of {len(flows)} flows", f"at least {LEAST_FAIRNESS}", got, fair, View.WIRE))
    judged = verdict(f"{len(flows)} flows share the bottleneck fairly", reasons, "RFC 5166 2.3.3")
    total = sum(shares.values())
    figures = {
        f"{pair.replace('->', '_to_')}_share_ratio": round(count / total, 3) for pair, count in shares.items() if total
    }
    return judged.model_copy(update={"figures": figures})


def nothing_lost(flows: Sequence[FlowView], port: str, dropped: int | None) -> Verdict:
    """The queue in front of the receiver held everything: nothing dropped, nothing sent again."""
    reasons = [reason for flow in flows for reason in _completed(flow)]
    reasons.append(equal(f"{port} dropped packets", 0, dropped, View.SWITCH))
    for flow in flows:
        again = flow.trace.retransmitted if flow.trace else None
        reasons.append(equal(f"{flow.pair} retransmitted packets", 0, again, View.WIRE))
    return verdict(f"{len(flows)}:1 incast loses nothing", reasons, "RFC 8239 5")


def bystander_is_unharmed(bystander: FlowView, crowd: Sequence[FlowView]) -> Verdict:
    """A flow that shares the sender, but not the bottleneck, is neither marked nor made to send again."""
    reasons = [reason for flow in (bystander, *crowd) for reason in _completed(flow)]
    trace = bystander.trace
    reasons.append(equal(f"{bystander.pair} marked packets", 0, trace.ecn.ce if trace else None, View.WIRE))
    reasons.append(
        equal(f"{bystander.pair} retransmitted packets", 0, trace.retransmitted if trace else None, View.WIRE)
    )
    marked = sum(flow.trace.ecn.ce for flow in crowd if flow.trace)
    reasons.append(row("marked packets of the crowd", "at least 1", marked, marked > 0 or None, View.WIRE))
    return verdict("congestion of others leaves a bystander alone", reasons, "RFC 8239 6")
