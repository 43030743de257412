"""The analysis says exactly what a simulated fabric put into the capture, queue pair by queue pair."""

import pytest

from plugfest.bench.synthetic.scenario import Scenario
from plugfest.captures.analysis import analyse
from plugfest.captures.traces import QueuePairTrace
from tests.captures.conftest import Synthetic

EVERYTHING = Scenario(
    packets=40_000,
    drop=1e-3,
    silent_drop=2e-4,
    mark=0.02,
    duplicate=1e-3,
    reorder=1e-3,
    receiver_not_ready=0.02,
)
SCENARIOS = {
    "everything": EVERYTHING,
    "another seed": EVERYTHING._replace(seed=7),
    "nothing": Scenario(packets=20_000),
    "identification constant": Scenario(
        packets=40_000, drop=1e-3, silent_drop=2e-4, mark=0.02, receiver_not_ready=0.02, counting_identification=0
    ),
    "many queue pairs": EVERYTHING._replace(queue_pairs=160, packets=100_000, drop=3e-3),
    "long messages": EVERYTHING._replace(message_packets=700, drop=3e-3),
    "small path MTU": EVERYTHING._replace(path_mtu=256, message_packets=5),
}


def found(trace: QueuePairTrace) -> dict[str, int]:
    completed = trace.message_completion.count if trace.message_completion else 0
    return {
        "client_qp": trace.requester_qp or -1,
        "server_qp": trace.responder_qp or -1,
        "first_psn": trace.first_psn,
        "new": trace.new_requests,
        "retransmitted": trace.retransmitted,
        "duplicates": trace.duplicates,
        "reordered": trace.reordered,
        "marked": trace.ecn.ce,
        "cnps": trace.cnps,
        "acks": trace.acks,
        "naks": trace.nak_count,
        "rnr_naks": trace.rnr_nak_count,
        "go_back_n": trace.go_back_n,
        "selective_repeat": trace.selective_repeat,
        "undecidable": trace.undecidable,
        "timeouts": trace.causes["timeout"],
        "implied_naks": trace.causes["implied_nak"],
        "responses": trace.responses,
        "messages": completed + trace.messages_unmeasured,
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_queue_pair_is_told_exactly(name: str, synthetic: Synthetic) -> None:
    path, truth = synthetic(SCENARIOS[name])
    analysis = analyse(path)
    traces = {trace.responder_qp: trace for trace in analysis.queue_pairs}
    assert analysis.summary.frames == truth.packets
    assert len(traces) == len(truth.queue_pairs)
    for row in truth.queue_pairs:
        got = found(traces[row["server_qp"]])
        assert got == {key: row[key] for key in got}


def test_what_the_fabric_lost_is_missing_and_nothing_else(synthetic: Synthetic) -> None:
    path, truth = synthetic(EVERYTHING)
    traces = {trace.responder_qp: trace for trace in analyse(path).queue_pairs}
    writers = [row for row in truth.queue_pairs if not row["responses"]]
    for row in writers:
        trace = traces[row["server_qp"]]
        assert trace.missing == row["dropped"] + row["reordered"]
        assert trace.goodput_bytes == row["new_payload"]
        assert sum(trace.goodput.payload_bytes) == row["new_payload"]


def test_nothing_is_called_illegal_that_is_not(synthetic: Synthetic) -> None:
    path, _ = synthetic(EVERYTHING)
    for trace in analyse(path).queue_pairs:
        assert (trace.illegal_opcodes, trace.illegal_lengths, trace.illegal_responses) == (0, 0, 0)
        assert (trace.wrong_naks, trace.doubtful_answers, trace.other_source_ports) == (0, 0, 0)
        assert trace.message_number_steps_back == 0
        assert trace.flaws == ()


def test_a_queue_pair_crosses_the_end_of_the_sequence_space(synthetic: Synthetic) -> None:
    path, _ = synthetic(EVERYTHING)
    wrapping = next(trace for trace in analyse(path).queue_pairs if trace.responder_qp == 0x2000)
    assert wrapping.first_psn == 0xFFFF80
    assert wrapping.new_requests > 0x80
    assert wrapping.restarts == 0


def test_naks_are_timed_and_right(synthetic: Synthetic) -> None:
    path, truth = synthetic(EVERYTHING)
    naks = [nak for trace in analyse(path).queue_pairs for nak in trace.naks if nak.syndrome == 0x60]
    assert len(naks) == sum(row["naks"] for row in truth.queue_pairs)
    assert all(nak.psn_correct for nak in naks)
    generation = [nak.generation_ns or 0 for nak in naks]
    assert min(generation) >= EVERYTHING.nak_ns
    assert max(generation) < EVERYTHING.nak_ns + 1_000
    assert all(nak.reaction_ns is not None for nak in naks)


def test_timeouts_are_no_shorter_than_the_simulated_timer(synthetic: Synthetic) -> None:
    path, _ = synthetic(EVERYTHING)
    waited = sorted(timeout.waited_ns for trace in analyse(path).queue_pairs for timeout in trace.timeouts)
    assert waited[0] >= EVERYTHING.timeout_ns
    assert waited[len(waited) // 2] < EVERYTHING.timeout_ns + 1_000_000


@pytest.mark.parametrize("same_start", [0, 0x123456])
def test_partners_are_found_although_all_queue_pairs_begin_with_the_same_psn(
    same_start: int, synthetic: Synthetic
) -> None:
    path, truth = synthetic(Scenario(packets=30_000, queue_pairs=64, first_psn=same_start, drop=1e-3))
    pairs = {(trace.requester_qp, trace.responder_qp) for trace in analyse(path).queue_pairs}
    assert pairs == {(row["client_qp"], row["server_qp"]) for row in truth.queue_pairs}
