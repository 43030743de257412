"""One behaviour of a queue pair at a time, in conversations of a few packets."""

from pathlib import Path

import pytest

from plugfest.captures.analysis import CaptureAnalysis, analyse
from plugfest.captures.columns import Role
from plugfest.captures.following import KnownPair
from plugfest.captures.table import read_table
from plugfest.captures.traces import QueuePairTrace
from tests.captures import frames as f
from tests.captures.frames import Conversation, conversation

MILLISECOND = 1_000_000


def analysed(talk: Conversation, tmp_path: Path) -> CaptureAnalysis:
    return analyse(talk.save(tmp_path / "talk.pcap"))


def requests_of(talk: Conversation, tmp_path: Path) -> QueuePairTrace:
    return next(trace for trace in analysed(talk, tmp_path).queue_pairs if trace.responder_qp == f.SERVER_QP)


def message(talk: Conversation, start: int, packets: int) -> None:
    parts = ["first", *["middle"] * (packets - 2), "last"]
    for step, part in enumerate(parts):
        talk.write(start + step, part, packets)


def test_both_ends_are_named_and_the_message_is_timed(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0xFFFFFE, 4)
    talk.wait(5_000)
    talk.ack(1)
    trace = requests_of(talk, tmp_path)
    assert (trace.requester, trace.requester_qp) == (f.CLIENT, f.CLIENT_QP)
    assert (trace.responder, trace.responder_qp) == (f.SERVER, f.SERVER_QP)
    assert trace.name == "192.0.2.1 QP 0x000011 → 198.51.100.2 QP 0x000022"
    assert trace.message_completion is not None
    assert trace.message_completion.least == trace.message_completion.most == 4 * f.MICROSECOND + 5_000
    assert trace.psns_per_ack == 4.0
    assert trace.path_mtu == 256
    assert (trace.goodput_bytes, trace.payload_bytes) == (1024, 1024)


def test_a_lost_packet_a_nak_and_go_back_n(tmp_path: Path) -> None:
    talk = conversation()
    talk.write(10, "first", 6)
    talk.write(12, "middle")
    talk.wait(3_000)
    talk.nak(11)
    talk.write(13, "middle")
    talk.wait(7_000)
    for psn in (11, 12, 13, 14):
        talk.write(psn, "middle")
    talk.write(15, "last")
    talk.ack(15)
    trace = requests_of(talk, tmp_path)
    (nak,), (episode,) = trace.naks, trace.episodes
    assert (nak.psn, nak.expected_psn, nak.psn_correct) == (11, 11, True)
    assert nak.generation_ns == f.MICROSECOND + 3_000
    assert nak.reaction_ns == 2 * f.MICROSECOND + 7_000
    assert (episode.cause, episode.recovery, episode.start_psn) == ("nak", "go_back_n", 11)
    assert (episode.span, episode.resent) == (3, 3)
    assert (trace.missing, trace.retransmitted, trace.beyond_expected, trace.behind_expected) == (1, 3, 2, 0)
    assert trace.recovery == "go_back_n"
    assert trace.message_completion is not None


def test_selective_repeat_resends_only_what_was_lost(tmp_path: Path) -> None:
    talk = conversation()
    talk.write(0, "first", 12)
    for psn in (1, 2, 4, 5, 6, 7, 8):
        talk.write(psn, "middle")
    talk.nak(3)
    talk.write(3, "middle")
    for psn in (9, 10):
        talk.write(psn, "middle")
    talk.write(11, "last")
    talk.ack(11)
    trace = requests_of(talk, tmp_path)
    assert [episode.recovery for episode in trace.episodes] == ["selective_repeat"]
    assert (trace.episodes[0].span, trace.episodes[0].resent) == (6, 1)
    assert trace.illegal_opcodes == 0


def test_a_nak_with_a_wrong_psn_is_wrong(tmp_path: Path) -> None:
    talk = conversation()
    talk.write(0, "first", 6)
    talk.write(2, "middle")
    talk.nak(2)
    assert [nak.psn_correct for nak in requests_of(talk, tmp_path).naks] == [False]


def test_a_nak_for_a_loss_behind_the_capture_point_cannot_be_judged(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0, 4)
    talk.nak(2)
    talk.write(2, "middle")
    talk.write(3, "last")
    talk.ack(3)
    trace = requests_of(talk, tmp_path)
    (nak,) = trace.naks
    assert (nak.psn_correct, nak.generation_ns, nak.expected_psn) == (None, None, 4)
    assert nak.reaction_ns == f.MICROSECOND
    assert (trace.gaps, trace.retransmitted, trace.goodput_bytes) == (0, 2, 1024)


def test_a_nak_of_something_acknowledged_is_wrong(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0, 4)
    talk.ack(3)
    talk.nak(2)
    assert requests_of(talk, tmp_path).wrong_naks == 1


def test_a_rewind_without_a_nak_is_a_timeout(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0, 2)
    talk.ack(1)
    message(talk, 2, 3)
    talk.wait(67 * MILLISECOND)
    message(talk, 2, 3)
    talk.ack(4)
    trace = requests_of(talk, tmp_path)
    (timeout,) = trace.timeouts
    assert (timeout.psn, timeout.waited_ns) == (2, 67 * MILLISECOND + f.MICROSECOND)
    assert trace.behind_expected == 3


def test_receiver_not_ready(tmp_path: Path) -> None:
    talk = conversation()
    talk.client(0x04, 7, bytes(64))
    talk.rnr_nak(7)
    talk.wait(2 * MILLISECOND)
    talk.client(0x04, 7, bytes(64))
    talk.ack(7)
    trace = requests_of(talk, tmp_path)
    assert (trace.rnr_nak_count, trace.causes["rnr_nak"], trace.causes["timeout"]) == (1, 1, 0)
    assert trace.naks[0].reaction_ns == 2 * MILLISECOND + f.MICROSECOND
    assert trace.recovery == "undecidable"


@pytest.mark.parametrize("counting", [True, False])
def test_the_network_doubles_a_packet(tmp_path: Path, counting: bool) -> None:
    talk = conversation(counting=counting)
    message(talk, 0, 10)
    talk.write(10, "first", 3)
    talk.client(0x07, 11, bytes(256))
    talk.client(0x07, 11, bytes(256), same_identification=True)
    talk.write(12, "last")
    talk.ack(12)
    trace = requests_of(talk, tmp_path)
    assert (trace.duplicates, trace.retransmitted, trace.behind_expected) == (1, 0, 1)


def test_a_counting_identification_tells_a_quick_resend_from_a_copy(tmp_path: Path) -> None:
    talk = conversation(counting=True)
    message(talk, 0, 12)
    talk.client(0x08, 11, bytes(256))
    trace = requests_of(talk, tmp_path)
    assert (trace.duplicates, trace.retransmitted) == (0, 1)


def test_a_packet_is_overtaken(tmp_path: Path) -> None:
    talk = conversation()
    talk.write(0, "first", 5)
    for psn in (2, 1, 3):
        talk.write(psn, "middle")
    talk.write(4, "last")
    talk.ack(4)
    trace = requests_of(talk, tmp_path)
    assert (trace.reordered, trace.retransmitted, trace.new_requests) == (1, 0, 5)


def test_a_read_takes_one_psn_per_response(tmp_path: Path) -> None:
    talk = conversation(mtu=1024)
    for start in (100, 104):
        talk.client(0x0C, start, f.reth(4000))
        for step, opcode in enumerate((0x0D, 0x0E, 0x0E, 0x0F)):
            header = b"" if opcode == 0x0E else f.aeth(0x1F)
            talk.server(opcode, start + step, header + bytes(1024 if step < 3 else 928))
    trace = requests_of(talk, tmp_path)
    assert (trace.new_requests, trace.gaps, trace.responses, trace.response_gaps) == (2, 0, 8, 0)
    assert trace.goodput_bytes == 8000
    assert trace.read_goodput is not None
    assert trace.doubtful_answers == 0
    assert trace.path_mtu is None  # the requester sent nothing that shows it


def test_reads_in_flight_show_the_path_mtu_by_their_distance(tmp_path: Path) -> None:
    talk = conversation()
    for start in (0, 8, 16):
        talk.client(0x0C, start, f.reth(8192))
    trace = requests_of(talk, tmp_path)
    assert (trace.path_mtu, trace.gaps) == (1024, 0)


def test_a_lost_read_response_is_an_implied_nak(tmp_path: Path) -> None:
    talk = conversation(mtu=1024)
    talk.client(0x0C, 0, f.reth(4096))
    talk.server(0x0D, 0, f.aeth(0x1F) + bytes(1024))
    talk.server(0x0E, 2, bytes(1024))
    talk.client(0x0C, 1, f.reth(3072))
    talk.server(0x0D, 1, f.aeth(0x1F) + bytes(1024))
    talk.server(0x0E, 2, bytes(1024))
    talk.server(0x0F, 3, f.aeth(0x1F) + bytes(1024))
    trace = requests_of(talk, tmp_path)
    assert (trace.response_gaps, trace.causes["implied_nak"], trace.retransmitted) == (1, 1, 1)
    assert trace.goodput_bytes == 4096
    assert (trace.episodes[0].recovery, trace.episodes[0].span, trace.episodes[0].resent) == ("go_back_n", 3, 3)


def test_illegal_order_and_lengths_are_counted(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0, 3)
    talk.write(3, "middle")  # without a first
    talk.write(4, "first", 2)
    talk.client(0x0A, 5, f.reth(64) + bytes(64))  # ONLY inside a message
    talk.client(0x0A, 6, f.reth(64) + bytes(60))  # four bytes fewer than announced
    talk.client(0x06, 7, f.reth(512) + bytes(200))  # FIRST that is not full
    trace = requests_of(talk, tmp_path)
    assert (trace.illegal_opcodes, trace.illegal_lengths) == (2, 2)


def test_dscp_ecn_and_ports(tmp_path: Path) -> None:
    talk = conversation()
    for psn, tos in enumerate((0x6A, 0x6A, 0x6B, 0x69)):
        talk.client(0x04, psn, bytes(64), tos=tos)
    talk.server(0x11, 3, f.aeth(0x1F), tos=0xC2)
    talk.cnp()
    trace = requests_of(talk, tmp_path)
    assert trace.request_dscps == (26,)
    assert (trace.answer_dscps, trace.cnp_dscps) == ((48,), (0,))
    assert (trace.ecn.ect0, trace.ecn.ect1, trace.ecn.ce, trace.ecn.ce_ratio) == (2, 1, 1, 0.25)
    assert (trace.source_port, trace.other_source_ports, trace.ttls, trace.migreqs) == (49200, 0, (64, 64), (1,))


def test_a_queue_pair_number_used_again_is_a_restart(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0, 3)
    message(talk, 0x800000, 3)
    trace = requests_of(talk, tmp_path)
    assert (trace.restarts, trace.gaps, trace.new_requests) == (1, 0, 6)


def test_requests_without_answers_have_no_cause(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0, 4)
    message(talk, 0, 4)
    trace = requests_of(talk, tmp_path)
    assert (trace.requester_qp, trace.answers_index, trace.causes["unknown"], trace.causes["timeout"]) == (
        None,
        None,
        1,
        0,
    )


def test_a_pair_that_is_known_need_not_be_inferred(tmp_path: Path) -> None:
    talk = conversation()
    message(talk, 0, 4)
    talk.server(0x04, 9, bytes(64))
    path = talk.save(tmp_path / "talk.pcap")
    assert {trace.requester_qp for trace in analyse(path).queue_pairs} == {None}
    known = KnownPair(f.CLIENT, f.CLIENT_QP, f.SERVER, f.SERVER_QP)
    assert {trace.requester_qp for trace in analyse(path, pairs=[known]).queue_pairs} == {f.CLIENT_QP, f.SERVER_QP}


def test_a_nak_before_its_requests_are_known_is_judged_in_a_second_pass(tmp_path: Path) -> None:
    talk = conversation()
    other = f.ethernet(f.ipv4(f.udp(f.bth(0x04, 0x33, 1, bytes(64))), f.CLIENT, f.SERVER), 0x0800)
    talk.frames.append((talk.clock, other))
    talk.write(0, "first", 4)
    talk.write(2, "middle")
    talk.nak(1)
    for psn in (1, 2, 3):
        talk.write(psn, "last" if psn == 3 else "middle")
    talk.write(4, "first", 20)
    for psn in range(5, 24):
        talk.write(psn, "last" if psn == 23 else "middle")
    talk.ack(23)
    trace = requests_of(talk, tmp_path)
    assert [nak.psn_correct for nak in trace.naks] == [True]
    assert (trace.causes["nak"], trace.causes["unknown"]) == (1, 0)


def test_roles_and_sequences_in_the_table(tmp_path: Path) -> None:
    talk = conversation()
    talk.write(0xFFFFFF, "first", 3)
    talk.write(1, "last")
    talk.nak(0)
    talk.write(0, "middle")
    talk.write(1, "last")
    talk.ack(1)
    talk.cnp()
    table = read_table(talk.save(tmp_path / "talk.pcap"))
    roles = [Role.NEW, Role.AHEAD, Role.NAK, Role.RETRANSMITTED, Role.RETRANSMITTED, Role.ACK, Role.CNP]
    assert table.rows["role"].tolist() == roles
    base = 0x1000000 + 0xFFFFFF
    assert table.rows["sequence"].tolist()[:6] == [base, base + 2, base + 1, base + 1, base + 2, base + 2]
    assert len(table.with_role(Role.NAK)) == 1
    assert len(table.of_queue_pair(table.queue_pairs[0])) == 7
    assert table.frame(table.rows[0]) == talk.frames[0][1]
