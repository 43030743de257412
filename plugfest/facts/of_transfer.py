"""How the requester of a transfer behaved when packets were lost on the way."""

from plugfest.facts.seen import Seen, collected, seen_counters, seen_on_the_wire, seen_timeouts
from plugfest.stimuli.injected_transfer import InjectedTransfer

ACK_TIMEOUT_UNIT_MS = 0.004096
"""InfiniBand Architecture Vol. 1, 9.7.6.1.3."""


def seen_recovery(transfer: InjectedTransfer) -> Seen:
    """Behaviour of the requester's NIC: what it sends again and when, and which counters it has."""
    traces = [trace for trace in transfer.at_requester.queue_pairs if trace is not None]
    waits = [wait.waited_ns / 1e6 for trace in traces for wait in trace.timeouts]
    configured = ACK_TIMEOUT_UNIT_MS * 2**transfer.result.plan.timeout
    wire = [seen_on_the_wire(trace.requester, [trace]) for trace in traces]
    counters = transfer.nic_before.get(transfer.requester)
    parts = [*wire, seen_timeouts(waits, configured), seen_counters(counters) if counters else Seen()]
    return collected((name, value) for part in parts for name, values in part.values.items() for value in values)
