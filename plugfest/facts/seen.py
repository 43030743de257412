"""How a NIC behaved in a run, told from what was recorded at its own port."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from plugfest.captures.traces import QueuePairTrace
from plugfest.devices.nic_counters import Meaning
from plugfest.devices.records import RdmaCounters
from plugfest.facts.behaviour import TimeoutModel
from plugfest.records import Record

SCHEDULING_MS = 50.0
"""A software timer may fire this much later than it should."""


class Identity(Record):
    """Which NIC it is, as the lab file says."""

    vendor: str
    model: str
    firmware: str


class Seen(Record):
    """All values that were seen, by field of `NicBehaviour`; what is not in it was not measured."""

    values: dict[str, tuple[JsonValue, ...]] = {}

    @property
    def certain(self) -> dict[str, JsonValue]:
        """What had one value throughout."""
        return {name: values[0] for name, values in self.values.items() if len(values) == 1}


def seen_on_the_wire(address: str, traces: Iterable[QueuePairTrace]) -> Seen:
    """Behaviour of the NIC with this address; `traces` are of its own port, where nothing has touched its packets."""
    traces = list(traces)
    facts = [fact for trace in traces if trace.requester == address for fact in _as_requester(trace)]
    facts += [fact for trace in traces if trace.responder == address for fact in _as_responder(trace)]
    return collected(facts)


def seen_timeouts(waits_ms: Iterable[float], configured_ms: float) -> Seen:
    """Timeout model shown by the times after which a NIC sent again unasked, T being configured in milliseconds."""
    return collected(("timeout_model", _model(wait, configured_ms)) for wait in waits_ms)


def seen_counters(counters: RdmaCounters) -> Seen:
    """Which of the counters with a known meaning a NIC has, and under which names."""
    names = {
        meaning.name.lower(): next((name for name in meaning.value if name in counters.values), None)
        for meaning in Meaning
    }
    return collected([("counters", {event: name for event, name in names.items() if name})])


def collected(facts: Iterable[tuple[str, JsonValue]]) -> Seen:
    """Observed facts with each different value once, in the order in which they came."""
    values: dict[str, tuple[JsonValue, ...]] = {}
    for name, value in facts:
        if value not in values.setdefault(name, ()):
            values[name] += (value,)
    return Seen(values=values)


def _as_requester(trace: QueuePairTrace) -> Iterator[tuple[str, JsonValue]]:
    yield from (("migreq", value) for value in trace.migreqs)
    yield from (("initial_ttl", value) for value in sorted(set(trace.ttls)))
    yield "source_port_per_queue_pair", trace.other_source_ports == 0
    if trace.recovery in ("go_back_n", "selective_repeat"):
        yield "recovery", trace.recovery


def _as_responder(trace: QueuePairTrace) -> Iterator[tuple[str, JsonValue]]:
    if trace.answers and len(trace.request_dscps) == 1:
        yield "answers_keep_dscp", trace.answer_dscps == trace.request_dscps
    if trace.answers and trace.ecn.ect0 + trace.ecn.ect1 > 0:
        yield "answers_are_ecn_capable", trace.answer_ecn.not_ect == 0
    if trace.ecn.ce:
        yield "notifies_congestion", trace.cnps > 0
    elif trace.nak_count:
        yield "notifies_without_marks", trace.cnps > 0
    yield from (("cnp_dscp", dscp) for dscp in trace.cnp_dscps)
    if trace.shortest_cnp_gap_ns is not None:
        yield "cnp_minimum_interval_us", trace.shortest_cnp_gap_ns / 1000


def _model(waited_ms: float, configured_ms: float) -> TimeoutModel:
    if waited_ms < configured_ms:
        return TimeoutModel.ADAPTIVE
    return TimeoutModel.STANDARD if waited_ms <= 4 * configured_ms + SCHEDULING_MS else TimeoutModel.FLOOR
