"""Verdicts on counters: what the NICs counted is what was injected and what was on the wire."""

from collections.abc import Iterator

from plugfest.devices.nic_counters import Meaning, growth
from plugfest.stimuli.injected_transfer import InjectedTransfer
from plugfest.verdicts.verdict import Reason, Verdict, View, counted, equal, row, verdict


def _wire(transfer: InjectedTransfer) -> Iterator[tuple[str, Meaning, int]]:
    """Host, counter and what the wire at that host says the counter must have grown by."""
    for near, far in zip(transfer.at_requester.queue_pairs, transfer.at_responder.queue_pairs, strict=True):
        if near is not None and far is not None:
            intact = far.requests - transfer.at_responder.icrc.bad
            yield transfer.requester, Meaning.SENT_PACKETS, near.requests
            yield transfer.responder, Meaning.RECEIVED_PACKETS, intact
            yield transfer.responder, Meaning.OUT_OF_SEQUENCE_REQUESTS, far.nak_count
            yield transfer.requester, Meaning.NAKS_RECEIVED, near.nak_count
            yield transfer.responder, Meaning.DUPLICATE_REQUESTS, far.behind_expected


def counters_tell_the_truth(transfer: InjectedTransfer) -> Verdict:
    """Every NIC counter that exists grew by exactly what the wire shows; for plans with one queue pair."""
    reasons: list[Reason] = []
    for view in (transfer.at_requester, transfer.at_responder):
        got = "complete" if view.complete else "incomplete"
        reasons.append(row(f"capture at {view.capture.point}", "complete", got, view.complete or None))
    measured = 0
    for host, meaning, expected in _wire(transfer):
        grown = growth(host, meaning, transfer.nic_before, transfer.nic_after)
        if grown is not None:
            measured += 1
            reasons.append(counted(f"{host} {_name(meaning)}", expected, grown, View.NIC))
    reasons.append(row("NIC counters with a known meaning", "at least 1", measured, measured > 0 or None, View.NIC))
    return verdict("NIC counters tell the truth", reasons, "RFC 2863 3.1.5; catalogue of driver counters")


def _name(meaning: Meaning) -> str:
    return meaning.name.lower().replace("_", " ")


def duplicates_are_counted(transfer: InjectedTransfer) -> Verdict:
    """Injected copies, repeated requests on the wire and the responder's counter agree; no request is lost by them."""
    injected = sum(count.happened for report in transfer.injections for count in report.events)
    reasons: list[Reason] = []
    for trace in transfer.at_responder.queue_pairs:
        if trace is not None:
            subject = f"{transfer.at_responder.capture.point} repeated requests"
            reasons.append(equal(subject, injected, trace.behind_expected, View.WIRE))
    grown = growth(transfer.responder, Meaning.DUPLICATE_REQUESTS, transfer.nic_before, transfer.nic_after)
    if grown is not None:
        reasons.append(counted(f"{transfer.responder} duplicate requests", injected, grown, View.NIC))
    return verdict("duplicates are seen as such", reasons, "IBTA volume 1, 9.7.5.1.5")
