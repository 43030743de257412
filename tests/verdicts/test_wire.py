"""Verdicts on the wire over real recordings and over conversations with one thing wrong."""

from pathlib import Path

import pytest

from plugfest.captures.analysis import analyse
from plugfest.captures.icrc import check_icrc
from plugfest.captures.join import join
from plugfest.captures.table import read_table
from plugfest.captures.traces import CaptureSummary, QueuePairTrace
from plugfest.stimuli.tcpdump import CaptureStatistics
from plugfest.verdicts import wire
from plugfest.verdicts.judgement import judge, judge_again
from plugfest.verdicts.verdict import Outcome
from tests.captures import frames as f
from tests.captures.frames import Conversation, conversation

RECORDINGS = Path(__file__).parents[1] / "captures" / "recordings"
PASSED, FAILED, INCONCLUSIVE = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE


def recorded(name: str) -> tuple[QueuePairTrace, ...]:
    return analyse(RECORDINGS / f"{name}.pcap").queue_pairs


def traces_of(talk: Conversation, tmp_path: Path) -> tuple[QueuePairTrace, ...]:
    return analyse(talk.save(tmp_path / "talk.pcap")).queue_pairs


def sends(*tos: int) -> Conversation:
    talk = conversation()
    for psn, value in enumerate(tos):
        talk.client(0x04, psn, bytes(64), tos=value)
    talk.ack(len(tos) - 1)
    return talk


def summary_of(changes: dict[str, object]) -> CaptureSummary:
    return analyse(RECORDINGS / "write_loss-h3.pcap").summary.model_copy(update=changes)


def statistics(captured: int = 652, dropped: int = 0, interface: int = 0) -> CaptureStatistics:
    return CaptureStatistics(
        captured=captured, received_by_filter=captured, dropped_by_kernel=dropped, dropped_by_interface=interface
    )


def test_a_complete_capture_may_be_judged() -> None:
    verdict = wire.capture_complete(summary_of({}), statistics(), counted_packets=652)
    assert verdict.outcome is PASSED
    assert len(verdict.reasons) == 7


@pytest.mark.parametrize(
    ("changes", "tool", "counted", "complaint"),
    [
        ({"roce_packets": 0}, None, None, "RoCEv2 packets in the capture – expected at least one, got 0"),
        ({"damaged_records": 2}, None, None, "records that make no sense – expected 0, got 2"),
        ({"is_cut": True}, None, None, "last record – expected whole, got cut"),
        ({"dropped_by_tool": 3}, None, None, "frames lost by the tool – expected 0, got 3"),
        ({"unfollowed_packets": 1}, None, None, "packets of flows too many to follow – expected 0, got 1"),
        ({}, statistics(dropped=5), None, "frames dropped by kernel and interface – expected 0, got 5"),
        ({}, statistics(interface=1), None, "frames dropped by kernel and interface – expected 0, got 1"),
        ({}, statistics(captured=653), None, "frames in the file – expected 653 as the tool wrote, got 652"),
        ({}, None, 651, "frames in the capture – expected 651 as counted, got 652"),
    ],
)
def test_whatever_is_missing_makes_it_inconclusive_never_failed(
    changes: dict[str, object], tool: CaptureStatistics | None, counted: int | None, complaint: str
) -> None:
    verdict = wire.capture_complete(summary_of(changes), tool, counted)
    assert verdict.outcome is INCONCLUSIVE
    assert complaint in verdict.explain()


def test_icrc() -> None:
    good = wire.icrc_correct(check_icrc(RECORDINGS / "write_clean-h3.pcap"))
    bad = wire.icrc_correct(check_icrc(RECORDINGS / "write_corrupt-h3.pcap"))
    nothing = wire.icrc_correct(check_icrc(RECORDINGS / "uc_loss-h3.pcap"))
    assert [verdict.outcome for verdict in (good, bad, nothing)] == [PASSED, FAILED, INCONCLUSIVE]
    assert "frames with a wrong ICRC – expected 0, got 13 of 397, such as frame 14" in bad.explain()


def test_encapsulation() -> None:
    assert wire.encapsulation(recorded("write_clean-h3")).outcome is PASSED
    bad = wire.encapsulation(recorded("write_corrupt-h3"))
    assert bad.outcome is FAILED
    assert "IP_CHECKSUM" in bad.explain()
    assert wire.encapsulation(()).outcome is INCONCLUSIVE


def test_order_of_opcodes_and_psns(tmp_path: Path) -> None:
    assert wire.sequence_legal(recorded("write_loss-h3")).outcome is PASSED
    talk = conversation()
    talk.write(0, "only", 1)
    talk.write(1, "middle")
    bad = wire.sequence_legal(traces_of(talk, tmp_path))
    assert bad.outcome is FAILED
    assert "expected nothing illegal, got 1 opcodes out of place" in bad.explain()


def test_a_message_sequence_number_that_goes_back(tmp_path: Path) -> None:
    talk = conversation()
    for psn in range(2):
        talk.client(0x04, psn, bytes(64))
        talk.server(0x11, psn, f.aeth(0x1F, message=9 - psn))
    assert "1 message sequence numbers that went back" in wire.sequence_legal(traces_of(talk, tmp_path)).explain()


def test_naks_name_the_expected_psn(tmp_path: Path) -> None:
    assert wire.nak_sequence_numbers(recorded("write_reorder-h3")).outcome is PASSED
    assert wire.nak_sequence_numbers(recorded("write_clean-h3")).outcome is INCONCLUSIVE
    talk = conversation()
    talk.write(0, "first", 6)
    talk.write(2, "middle")
    talk.nak(2)
    assert wire.nak_sequence_numbers(traces_of(talk, tmp_path)).outcome is FAILED


def test_a_source_port_per_queue_pair_that_stays(tmp_path: Path) -> None:
    assert wire.source_port_constant(recorded("write_loss_qps-h3")).outcome is PASSED
    talk = sends(2, 2)
    time, frame = talk.frames[1]
    talk.frames[1] = time, frame[:34] + b"\x12\x34" + frame[36:]
    bad = wire.source_port_constant(traces_of(talk, tmp_path))
    assert bad.outcome is FAILED
    assert "packets with another source port than 49200 – expected 0, got 1" in bad.explain()


def test_source_ports_spread_over_queue_pairs() -> None:
    traces = recorded("write_loss_qps-h3")
    assert wire.source_port_entropy(traces).outcome is PASSED
    same = tuple(trace.model_copy(update={"source_port": 49152}) for trace in traces)
    bad = wire.source_port_entropy(same)
    assert bad.outcome is FAILED
    assert "1 distinct ports for 4 queue pairs" in bad.explain()
    assert wire.source_port_entropy(traces[:1]).outcome is INCONCLUSIVE


def test_dscp_as_sent(tmp_path: Path) -> None:
    assert wire.dscp_as_sent(recorded("write_marked-h3"), 26, answer_dscp=26).outcome is PASSED
    changed = traces_of(sends(0x6A, 0x6A, 0x02), tmp_path)
    bad = wire.dscp_as_sent(changed, 26)
    assert bad.outcome is FAILED
    assert "request DSCP – expected 26, got 0, 26" in bad.explain()


def test_requests_are_ecn_capable(tmp_path: Path) -> None:
    assert wire.ecn_capable(recorded("write_marked-h3")).outcome is PASSED
    assert wire.ecn_capable(traces_of(sends(2, 0, 3), tmp_path)).outcome is FAILED


def test_hops() -> None:
    (trace,) = recorded("write_loss-h3")
    assert wire.time_to_live((trace,), trace.ttls[0]).outcome is PASSED
    assert wire.time_to_live((trace,), 64).outcome is FAILED


def test_marks_pass_unchanged_between_two_points(tmp_path: Path) -> None:
    first, second = (read_table(RECORDINGS / f"write_marked-{host}.pcap") for host in ("h1", "h3"))
    assert wire.marking_transparent(join(first, second).difference()).outcome is PASSED
    paths = [sends(*tos).save(tmp_path / name) for name, tos in (("a", (0x6A, 0x6A)), ("b", (0x68, 0x2A)))]
    bad = wire.marking_transparent(join(read_table(paths[0]), read_table(paths[1])).difference())
    assert bad.outcome is FAILED
    assert len([reason for reason in bad.reasons if reason.outcome is FAILED]) == 2


def test_wire_verdicts_are_judged_again_from_json() -> None:
    judgement = judge(wire.sequence_legal, recorded("write_loss-h3"))
    again = type(judgement).model_validate_json(judgement.model_dump_json())
    assert judge_again(again) == judgement.verdict
    assert again.verdict.outcome is PASSED
