"""Verdicts on what a switch drops or marks by itself: exactly what it was told, and its counter says so."""

from plugfest.captures.traces import QueuePairTrace
from plugfest.stimuli.injected_transfer import PortView
from plugfest.stimuli.switch_events import SwitchRun
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict

ECN = 3
"""The two bits of the traffic class octet that hold the ECN field; all of them set mean CE."""


def _trusted(view: PortView) -> Reason:
    got = "complete" if view.complete else "incomplete"
    return row(f"capture at {view.capture.point}", "complete", got, view.complete or None, View.WIRE)


def _views(run: SwitchRun) -> tuple[PortView, PortView]:
    return run.transfer.at_requester, run.transfer.at_responder


def _requests(view: PortView, queue_pair: int) -> int:
    trace = view.queue_pairs[queue_pair]
    return trace.requests if trace else 0


def access_list_drops(run: SwitchRun, dropped: int, spared: int) -> Verdict:
    """All requests of the queue pair at place `dropped` are lost, none of that at `spared`, and the switch counts them.

    The requester of the lost ones begins again as often as configured and then gives up.
    """
    near, far = _views(run)
    sent = _requests(near, dropped)
    point, requester = far.capture.point, run.transfer.requester
    reasons = [
        *map(_trusted, (near, far)),
        row(f"{requester} requests that the access list names", "at least 1", sent, sent > 0 or None, View.WIRE),
        equal(f"{point} requests that the access list of {run.port} names", 0, _requests(far, dropped), View.WIRE),
        equal(f"{run.port} packets dropped by its access list", sent, run.counted, View.SWITCH),
        equal(f"{point} other requests", _requests(near, spared), _requests(far, spared), View.WIRE),
        *_gives_up(run, near.queue_pairs[dropped]),
    ]
    return verdict(f"{run.port} drops exactly what its access list names", reasons, "RFC 2544 26.3 (filters)")


def _gives_up(run: SwitchRun, trace: QueuePairTrace | None) -> list[Reason]:
    requester, retries = run.transfer.requester, run.transfer.result.plan.retry_count
    begun = trace.causes.get("timeout", 0) if trace else None
    failed = sum(op.requester.completions.get("RETRY_EXC_ERR", 0) for op in run.transfer.result.operations)
    return [
        equal(f"{requester} fresh starts after a timeout", retries, begun, View.WIRE),
        equal(f"{requester} requests that failed with RETRY_EXC_ERR", 1, failed, View.NIC),
    ]


def everything_is_marked(run: SwitchRun) -> Verdict:
    """Every ECN-capable packet arrives marked, every other one arrives as it was, and the switch counts the marks."""
    near, far = _views(run)
    octets = run.transfer.result.plan.traffic_classes
    reasons = [_trusted(near), _trusted(far)]
    marked = 0
    for queue_pair, octet in enumerate(octets):
        sent, trace = _requests(near, queue_pair), far.queue_pairs[queue_pair]
        ce = trace.ecn.ce if trace else 0
        marked += ce
        reasons += _kept(run, octet, sent, _requests(far, queue_pair))
        reasons.append(_marked(run, octet, sent, ce))
    reasons.append(equal(f"{run.port} marks that it counted", marked, run.counted, View.SWITCH))
    return verdict(f"{run.port} marks everything that is ECN-capable", reasons, "RFC 3168 5; RFC 7567 4.2.1")


def _kind(octet: int) -> str:
    return "packets that are ECN-capable" if octet & ECN else "packets that are not ECN-capable"


def _kept(run: SwitchRun, octet: int, sent: int, arrived: int) -> list[Reason]:
    subject = f"{run.port} {_kind(octet)} passed on (octet {octet})"
    return [row(subject, f"all {sent}", arrived, arrived == sent if sent else None, View.WIRE)]


def _marked(run: SwitchRun, octet: int, sent: int, ce: int) -> Reason:
    expected = sent if octet & ECN else 0
    return row(f"{run.port} marked {_kind(octet)} (octet {octet})", expected, ce, ce == expected, View.WIRE)
