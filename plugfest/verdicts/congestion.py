"""Verdicts on congestion signals: marks where the queue is long, everybody counting the same, notifications sent."""

from collections.abc import Sequence
from itertools import pairwise

from plugfest.captures.cnp_pacing import CnpPacing, Scope
from plugfest.captures.traces import QueuePairTrace
from plugfest.stimuli.foreign_notifications import ForeignNotifications
from plugfest.stimuli.injected_transfer import InjectedTransfer, PortView
from plugfest.stimuli.marking_run import MarkingRun
from plugfest.verdicts.verdict import Reason, Verdict, View, counted, equal, row, verdict

ALMOST_ALL = 0.95
STEP = "RFC 7567 4.2.1; draft-ietf-bmwg RoCEv2 7.1"


def _trusted(view: PortView) -> Reason:
    got = "complete" if view.complete else "incomplete"
    return row(f"capture at {view.capture.point}", "complete", got, view.complete or None, View.WIRE)


def octet_of(trace: QueuePairTrace) -> int | None:
    """The one traffic class octet of a queue pair's requests; None if there were several or none."""
    ecn = [trace.ecn.not_ect, trace.ecn.ect1, trace.ecn.ect0, trace.ecn.ce]
    codepoints = [codepoint for codepoint, count in enumerate(ecn) if count]
    if len(trace.request_dscps) != 1 or len(codepoints) != 1:
        return None
    return trace.request_dscps[0] << 2 | codepoints[0]


def octets_pass_unchanged(transfer: InjectedTransfer, octets: tuple[int, ...]) -> Verdict:
    """Each queue pair's traffic class octet leaves the sender as asked for and arrives at the receiver unchanged."""
    reasons = [_trusted(view) for view in (transfer.at_requester, transfer.at_responder)]
    for view, doer in ((transfer.at_requester, transfer.requester), (transfer.at_responder, "the fabric")):
        seen = [trace and octet_of(trace) for trace in view.queue_pairs]
        wrong = [f"{want}→{got}" for want, got in zip(octets, seen, strict=True) if want != got]
        got = ", ".join(wrong[:8]) + (" …" if len(wrong) > 8 else "") if wrong else f"all {len(octets)} unchanged"
        expected = f"all {len(octets)} unchanged by {doer}"
        reasons.append(row(f"{view.capture.point} traffic class octets", expected, got, not wrong, View.WIRE))
    return verdict("all traffic class octets pass unchanged", reasons, "RFC 2474; RFC 3168 5")


def three_views_of_marks(run: MarkingRun) -> Verdict:
    """The switch counts exactly the marks that arrive."""
    reasons = [_trusted(run.transfer.at_responder)]
    reasons.append(counted(f"{run.port} marked packets", run.arrived_ce, run.switch_marked, View.SWITCH))
    return verdict(f"{run.port} counts its ECN marks", reasons, "openconfig-qos ecn-marked-pkts")


def _ratio(run: MarkingRun) -> str:
    ratio = run.steady.ce_ratio
    return "no packets" if ratio is None else f"{ratio:.1%}"


def _queue_row(run: MarkingRun, low: float, high: float) -> Reason:
    """Inconclusive unless the queue was where the test needs it."""
    got = f"{run.typical_queue:.0f}" if run.queue_bytes else "not seen"
    inside = bool(run.queue_bytes) and low <= run.typical_queue < high
    top = "" if high == float("inf") else f" to {high:.0f}"
    return row(f"{run.port} queue in bytes", f"{low:.0f}{top}", got, inside or None, View.SWITCH)


def nothing_marked_below(run: MarkingRun) -> Verdict:
    """A queue that stays below the threshold marks nothing."""
    assert run.bottleneck.red, "needs a marking queue"
    reasons = [_trusted(run.transfer.at_responder), _queue_row(run, 1, run.bottleneck.red.minimum)]
    ok = None if run.steady.ce_ratio is None else run.steady.ce == 0
    reasons.append(row(f"{run.port} marked share", "0 %", _ratio(run), ok, View.WIRE))
    return verdict(f"{run.port} marks nothing below its threshold", reasons, STEP)


def all_marked_above(run: MarkingRun) -> Verdict:
    """A queue that stays above the threshold marks every packet that may be marked."""
    assert run.bottleneck.red, "needs a marking queue"
    reasons = [_trusted(run.transfer.at_responder), _queue_row(run, run.bottleneck.red.maximum, float("inf"))]
    ratio = run.steady.ce_ratio
    ok = None if ratio is None else ratio >= ALMOST_ALL
    reasons.append(row(f"{run.port} marked share", f"at least {ALMOST_ALL:.0%}", _ratio(run), ok, View.WIRE))
    return verdict(f"{run.port} marks everything above its threshold", reasons, STEP)


def ramp_rises(runs: Sequence[MarkingRun]) -> Verdict:
    """The higher the queue lies in the marking curve, the larger the marked share; shape only."""
    reasons = [_trusted(run.transfer.at_responder) for run in runs]
    for lower, higher in pairwise(runs):
        first, last = lower.steady.ce_ratio, higher.steady.ce_ratio
        ok = None if first is None or last is None else first < last
        subject = f"{lower.port} marked share from {_curve(lower)} to {_curve(higher)}"
        reasons.append(row(subject, "rises", f"{_ratio(lower)} to {_ratio(higher)}", ok, View.WIRE))
    judged = verdict("marking follows its curve", reasons if len(runs) > 1 else [], "RFC 2309; IEEE 802.1Q CN")
    figures = {f"ce_share_{number}_ratio": round(run.steady.ce_ratio or 0, 4) for number, run in enumerate(runs, 1)}
    return judged.model_copy(update={"figures": figures})


def _curve(run: MarkingRun) -> str:
    red = run.bottleneck.red
    return f"{red.minimum}-{red.maximum} bytes" if red else "no marking"


def not_ect_is_never_marked(run: MarkingRun) -> Verdict:
    """Packets that are not ECN-capable are never marked, however long the queue is; this queue drops them instead."""
    reasons = [_trusted(run.transfer.at_responder)]
    reasons.append(equal(f"{run.port} marked packets that may not be marked", 0, run.arrived_ce, View.WIRE))
    reasons.append(counted(f"{run.port} marked by its own counter", 0, run.switch_marked, View.SWITCH))
    dropped = run.switch_dropped
    got = "unmeasured" if dropped is None else f"{dropped}"
    reasons.append(row(f"{run.port} dropped instead", "at least 1", got, True if dropped else None, View.SWITCH))
    return verdict(f"{run.port} never marks what is not ECN-capable", reasons, "RFC 3168 5")


def congestion_is_notified(trace: QueuePairTrace | None) -> Verdict:
    """A receiver of marked packets sends congestion notifications, and none without marks; None: nothing was seen."""
    reasons = []
    if trace is not None:
        marked, notified = trace.ecn.ce, trace.cnps
        wanted = "at least 1" if marked else "none"
        subject = f"{trace.name} notifications for {marked} marked packets"
        reasons.append(row(subject, wanted, notified, notified > 0 if marked else notified == 0, View.WIRE))
    return verdict("marked packets are notified", reasons, "IBTA annex A17.9.3")


def notifications_are_paced(trace: QueuePairTrace, interval_us: float) -> Verdict:
    """No two notifications of a queue pair are closer together than the configured interval."""
    gap = trace.shortest_cnp_gap_ns
    got = "fewer than two notifications" if gap is None else f"{gap / 1000:.1f} µs"
    ok = None if gap is None else gap >= interval_us * 1000
    reasons = [row(f"{trace.name} shortest notification gap", f"at least {interval_us:g} µs", got, ok, View.WIRE)]
    return verdict("notifications keep their distance", reasons, "IBTA annex A17.9.3; device configuration")


def notification_scope(pacing: Sequence[CnpPacing], declared: Scope | None = None) -> Verdict:
    """The interval holds for each queue pair, each pair of addresses or the whole port: as declared, if it is."""
    expected = declared or "one that keeps its distance"
    reasons = [
        row(
            f"{item.sender} scope of its interval", expected, f"{item.scope or 'unknown'}: {item.reason}", ok, View.WIRE
        )
        for item in pacing
        for ok in [None if item.scope is None else declared in (None, item.scope)]
    ]
    judged = verdict("notifications are paced in the declared scope", reasons, "device documentation")
    gaps = {f"shortest_gap_per_{scope}_us": gap / 1000 for item in pacing for scope, gap in _gaps(item)}
    return judged.model_copy(update={"figures": gaps})


def _gaps(pacing: CnpPacing) -> list[tuple[Scope, int]]:
    return [(scope, gap) for scope, gap in pacing.shortest_gap_ns.items() if gap is not None]


def notifications_survive(sent: QueuePairTrace | None, arrived: QueuePairTrace | None) -> Verdict:
    """Every notification that left the receiver reached the sender; None: nothing was seen there."""
    reasons = []
    if sent is not None and arrived is not None:
        reasons.append(
            row(f"{sent.name} notifications sent", "at least 1", sent.cnps, sent.cnps > 0 or None, View.WIRE)
        )
        reasons.append(equal(f"{sent.name} notifications that arrived", sent.cnps, arrived.cnps, View.WIRE))
    return verdict("no notification is lost", reasons, "IBTA annex A17.9.3")


def foreign_notifications_are_harmless(run: ForeignNotifications) -> Verdict:
    """Notifications from an address that is no end of the connection are ignored or honoured, but never an error."""
    transfer = run.transfer
    requester, view = transfer.requester, transfer.at_requester
    failed = {
        status: number
        for operation in transfer.result.operations
        for status, number in operation.requester.completions.items()
        if status != "SUCCESS"
    }
    arrived = f"{run.arrived}, {run.arrived_during} of them during the transfer"
    proven = run.arrived == run.sent and run.arrived_during > 0
    subject = f"{requester} notifications from {run.sender} ({run.source}) that arrived"
    trace = view.queue_pairs[0]
    reasons = [
        _trusted(view),
        row(subject, f"{run.sent}, some of them during the transfer", arrived, proven or None, View.WIRE),
        row(f"{requester} failed requests", "none", failed or "none", not failed, View.NIC),
        equal(f"{requester} retransmitted packets", 0, trace.retransmitted if trace else None, View.WIRE),
    ]
    return verdict(f"{requester} bears notifications from third parties", reasons, "draft-xiao-rtgwg-rocev2-fast-cnp")
