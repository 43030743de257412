"""Verdicts on what both ends make of lost, late and damaged packets (InfiniBand Architecture Vol. 1, 9.7)."""

from collections.abc import Iterator

from plugfest.captures.traces import QueuePairTrace
from plugfest.packets.aeth import RNR_TIMER_MS, AethType
from plugfest.packets.opcodes import opcode_named
from plugfest.stimuli.injected_transfer import InjectedTransfer, PortView
from plugfest.stimuli.injection.events import Corrupt, Drop, Towards
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict

ACK_TIMEOUT_UNIT_S = 4.096e-6
"""The local ACK timeout T is this times 2 to its exponent (9.7.6.1.3)."""
_READ_REQUEST = opcode_named("RC_RDMA_READ_REQUEST")


def _trust(view: PortView, queue_pair: int = 0) -> list[Reason]:
    """Rows that make a verdict inconclusive if the capture cannot be trusted or saw nothing of the queue pair."""
    point = view.capture.point
    seen = view.queue_pairs[queue_pair] is not None
    return [
        row(f"capture at {point}", "complete", "complete" if view.complete else "incomplete", view.complete or None),
        row(f"queue pair {queue_pair} at {point}", "seen", "seen" if seen else "not seen", seen or None),
    ]


def _trace(view: PortView, queue_pair: int = 0) -> Iterator[QueuePairTrace]:
    """The trace of a queue pair, if it was seen."""
    trace = view.queue_pairs[queue_pair]
    if trace is not None:
        yield trace


def lost_runs(transfer: InjectedTransfer) -> list[int]:
    """First PSN of every unbroken run of requests that never arrived intact at their first transmission."""
    first = transfer.result.connection.queue_pairs[0].requester.psn
    return [
        run[0]
        for report in transfer.injections
        for count in report.events
        if isinstance(count.event.action, Drop | Corrupt) and count.event.towards is Towards.RESPONDER
        for run in count.event.psns.runs(first)
    ]


def _psns(values: list[int]) -> str:
    return ", ".join(f"0x{value:06x}" for value in values) or "none"


def one_nak_for_each_gap(transfer: InjectedTransfer) -> Verdict:
    """The responder answers each gap with one NAK, which names the first missing PSN."""
    reasons = _trust(transfer.at_responder)
    for trace in _trace(transfer.at_responder):
        naks = [nak.psn for nak in trace.naks if nak.syndrome >> 5 & 3 == AethType.NAK]
        expected = _psns(lost_runs(transfer))
        reasons.append(equal(f"{transfer.responder} NAKs for PSN", expected, _psns(naks), View.WIRE))
    return verdict(f"{transfer.responder} sends one NAK for each gap", reasons, "IBTA volume 1, 9.7.5.1.3")


def resent_from_the_gap(transfer: InjectedTransfer) -> Verdict:
    """After each NAK the requester goes on from the PSN that the NAK names."""
    reasons = _trust(transfer.at_requester)
    figures: dict[str, float] = {}
    for trace in _trace(transfer.at_requester):
        starts = [episode.start_psn for episode in trace.episodes if episode.cause == "nak"]
        subject = f"{transfer.requester} resends from PSN"
        reasons.append(equal(subject, _psns(lost_runs(transfer)), _psns(starts), View.WIRE))
        figures = _amplification(trace)
    judged = verdict(f"{transfer.requester} resends from each gap", reasons, "IBTA volume 1, 9.7.5.1.3")
    return judged.model_copy(update={"figures": figures})


def _amplification(trace: QueuePairTrace) -> dict[str, float]:
    sent = trace.new_requests + trace.retransmitted
    return {"retransmitted_packets": trace.retransmitted, "amplification_ratio": round(sent / trace.new_requests, 2)}


def recovers_by_timeout(transfer: InjectedTransfer) -> Verdict:
    """Nobody can tell the requester of a lost last packet: its timer must, not before the configured time T."""
    reasons, figures = _trust(transfer.at_requester), dict[str, float]()
    timeout_ms = ACK_TIMEOUT_UNIT_S * 2**transfer.result.plan.timeout * 1000
    for trace in _trace(transfer.at_requester):
        waits = [wait.waited_ns / 1e6 for wait in trace.timeouts]
        reasons += [
            equal(f"{transfer.responder} NAKs", 0, trace.nak_count, View.WIRE),
            row(f"{transfer.requester} timeouts", "at least 1", len(waits), bool(waits), View.WIRE),
        ]
        expected, got = f"not before {timeout_ms:.1f} ms", f"{min(waits, default=0):.1f} ms"
        reasons.append(row(f"{transfer.requester} waited", expected, got, _not_early(waits, timeout_ms), View.WIRE))
        figures = {"waited_ms": round(min(waits, default=0), 1), "timeout_ms": round(timeout_ms, 1)}
    judged = verdict(f"{transfer.requester} recovers a lost last packet", reasons, "IBTA volume 1, 9.7.6.1.3")
    return judged.model_copy(update={"figures": figures})


def _not_early(waits: list[float], timeout_ms: float) -> bool | None:
    return min(waits) >= timeout_ms if waits else None


def sent_until_it_arrives(transfer: InjectedTransfer) -> Verdict:
    """A packet whose retransmissions are lost too is sent once more than it was lost."""
    reasons = []
    for report in transfer.injections:
        for count in report.events:
            subject = f"{transfer.requester} transmissions of {count.event.psns}"
            expected = f"at least {count.happened + 1}"
            reasons.append(row(subject, expected, count.passed, count.passed > count.happened, View.WIRE))
    return verdict(f"{transfer.requester} resends until the packet arrives", reasons, "IBTA volume 1, 9.7.5.1")


def nak_was_lost(transfer: InjectedTransfer) -> Verdict:
    """The responder's NAK never reached the requester, whose own timer recovered the loss."""
    reasons = [*_trust(transfer.at_responder), *_trust(transfer.at_requester)]
    lost = sum(count.happened for report in transfer.injections for count in report.events if _answers(count.event))
    for near, far in zip(_trace(transfer.at_requester), _trace(transfer.at_responder), strict=False):
        arrived = far.nak_count - lost
        reasons.append(equal(f"{transfer.requester} NAKs that arrived", arrived, near.nak_count, View.WIRE))
        by_timer = near.causes.get("timeout", 0)
        reasons.append(row(f"{transfer.requester} timeouts", "at least 1", by_timer, by_timer > 0, View.WIRE))
    return verdict("the loss of a NAK is recovered by a timeout", reasons, "IBTA volume 1, 9.7.6.1.3")


def _answers(event: object) -> bool:
    return getattr(event, "towards", None) is Towards.REQUESTER


def repeated_requests_reach(transfer: InjectedTransfer) -> Verdict:
    """The responder met requests that it had executed already: otherwise nothing is proven about repetition."""
    reasons = _trust(transfer.at_responder)
    for trace in _trace(transfer.at_responder):
        repeated = trace.behind_expected
        got = f"{repeated} requests"
        reasons.append(row(f"{transfer.responder} repeated requests", "at least 1", got, repeated > 0 or None))
    return verdict(f"{transfer.responder} met repeated requests", reasons, "IBTA volume 1, 9.7.5.1.5")


def read_resumes_at_the_gap(transfer: InjectedTransfer, psn: int) -> Verdict:
    """The requester asks again for what is missing, beginning with `psn`, the first missing one."""
    reasons = _trust(transfer.at_requester)
    for trace in _trace(transfer.at_requester):
        again = [episode.start_psn for episode in trace.episodes if episode.opcode == _READ_REQUEST]
        subject = f"{transfer.requester} asks again from PSN"
        reasons.append(row(subject, _psns([psn]), _psns(again), psn in again, View.WIRE))
    return verdict(f"{transfer.requester} resumes a READ at its gap", reasons, "IBTA volume 1, 9.7.5.1.9")


def bad_icrc_is_not_accepted(transfer: InjectedTransfer) -> Verdict:
    """Exactly the damaged packets arrived with a wrong ICRC; the NAKs judged beside this say they were not taken."""
    damaged = sum(
        count.happened
        for report in transfer.injections
        for count in report.events
        if isinstance(count.event.action, Corrupt)
    )
    icrc = transfer.at_responder.icrc
    point = transfer.at_responder.capture.point
    reasons = [*_trust(transfer.at_responder)]
    reasons.append(equal(f"{point} packets with a wrong ICRC", damaged, icrc.bad, View.WIRE))
    return verdict("only the damaged packets fail their ICRC", reasons, "IBTA volume 1, 7.8.1")


def waits_for_the_receiver(transfer: InjectedTransfer) -> Verdict:
    """After each receiver-not-ready NAK the requester waits at least as long as the NAK says."""
    reasons = _trust(transfer.at_requester)
    for trace in _trace(transfer.at_requester):
        told = [nak for nak in trace.naks if nak.syndrome >> 5 & 3 == AethType.RNR_NAK]
        some = bool(told) or None
        reasons.append(row(f"{transfer.responder} receiver-not-ready NAKs", "at least 1", len(told), some))
        for nak in told:
            asked = RNR_TIMER_MS[nak.syndrome & 31]
            waited = None if nak.reaction_ns is None else nak.reaction_ns / 1e6
            if waited is not None:
                subject = f"{transfer.requester} pause after RNR NAK for PSN 0x{nak.psn:06x}"
                reasons.append(row(subject, f"at least {asked:g} ms", f"{waited:.2f} ms", waited >= asked, View.WIRE))
    return verdict(f"{transfer.requester} waits for a slow receiver", reasons, "IBTA volume 1, 9.7.5.2.8, table 45")


def gives_up_as_configured(transfer: InjectedTransfer) -> Verdict:
    """A packet that never arrives is sent 1 + retry count times; then the work request fails with RETRY_EXC_ERR."""
    transmissions = transfer.result.plan.retry_count + 1
    reasons = [
        equal(f"{transfer.requester} transmissions", transmissions, count.happened, View.WIRE)
        for report in transfer.injections
        for count in report.events
    ]
    for operation in transfer.result.operations:
        requester, responder = operation.requester.completions, operation.responder.completions
        # What was posted before succeeds, what was posted after is flushed.
        failed = {status: number for status, number in requester.items() if status not in ("SUCCESS", "WR_FLUSH_ERR")}
        reasons.append(equal(f"{transfer.requester} failed requests", {"RETRY_EXC_ERR": 1}, failed, View.NIC))
        reasons.append(equal(f"{transfer.responder} failed receives", {}, responder, View.NIC))
    return verdict(f"{transfer.requester} gives up after its retries", reasons, "IBTA volume 1, 9.7.6.1.3")


def neighbour_is_unharmed(transfer: InjectedTransfer, lossy: int, neighbour: int) -> Verdict:
    """Loss on one queue pair costs another one of the same NIC nothing."""
    reasons = [*_trust(transfer.at_requester, lossy), *_trust(transfer.at_requester, neighbour)]
    for trace in _trace(transfer.at_requester, lossy):
        recoveries = trace.episode_count
        reasons.append(row(f"{trace.name} recoveries", "at least 1", recoveries, recoveries > 0 or None, View.WIRE))
    for trace in _trace(transfer.at_requester, neighbour):
        reasons.append(equal(f"{trace.name} retransmitted packets", 0, trace.retransmitted, View.WIRE))
        reasons.append(equal(f"{trace.name} NAKs", 0, trace.nak_count, View.WIRE))
    return verdict("loss on one queue pair leaves its neighbour alone", reasons, "IBTA volume 1, 9.7.5")


def overtaken(transfer: InjectedTransfer, depth: int) -> Verdict:
    """The delayed packet arrived after exactly `depth` later ones; what that cost is reported."""
    reasons, figures = _trust(transfer.at_responder), dict[str, float]()
    for trace in _trace(transfer.at_responder):
        first = trace.beyond_expected
        reasons.append(row("packets that overtook", f"at least {min(depth, 1)}", first, first > 0 or None, View.WIRE))
        figures = {"depth_packets": depth, **_amplification(trace)}
    judged = verdict(f"one packet is overtaken by {depth}", reasons, "IBTA volume 1, 9.7.5.1.3")
    return judged.model_copy(update={"figures": figures})
