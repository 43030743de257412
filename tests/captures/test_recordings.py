"""Real Soft-RoCE traffic under injected faults: the analysis agrees with the counters of both ends.

Recorded between two hosts of the embedded lab (kernel 7.2, perftest), four hops apart.  Each JSON file holds what was
injected where, and ``rdma statistic show link`` before and after.  ``-h1`` was captured at the requester, ``-h3`` at
the responder: faults on ``leaf2:swp1`` happen between the two, on the way to the responder, those on ``leaf1:swp1`` on
the way back.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plugfest.captures.analysis import CaptureAnalysis, analyse
from plugfest.captures.columns import Flaw, is_roce
from plugfest.captures.icrc import check_icrc
from plugfest.captures.join import join
from plugfest.captures.table import read_table
from plugfest.captures.traces import QueuePairTrace

FOLDER = Path(__file__).parent / "recordings"
CASES = sorted(path.stem for path in FOLDER.glob("*.json"))
AT_RESPONDER = [path.stem for path in sorted(FOLDER.glob("*-h3.pcap"))]
AT_REQUESTER = [path.stem for path in sorted(FOLDER.glob("*-h1.pcap"))]
CORRUPTED = "write_corrupt-h3"
RELIABLE = [name for name in AT_RESPONDER if not name.startswith(("uc_", "ud_"))]
ALL = [*AT_REQUESTER, *AT_RESPONDER]


def analysis_of(name: str) -> CaptureAnalysis:
    return analyse(FOLDER / f"{name}.pcap")


def moved(name: str, host: str) -> dict[str, int]:
    """How far each counter of a host moved during the recording."""
    case: dict[str, Any] = json.loads((FOLDER / f"{name.rsplit('-', 1)[0]}.json").read_text())
    before, after = case["before"][host], case["after"][host]
    return {key: after[key] - before[key] for key in after if key.endswith(("_pkts", "_err", "_request"))}


def total(traces: tuple[QueuePairTrace, ...], field: str) -> int:
    return sum(getattr(trace, field) for trace in traces)


def test_there_are_recordings_of_every_fault() -> None:
    assert len(CASES) == 16
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_500_000


@pytest.mark.parametrize("name", ALL)
def test_the_capture_holds_every_packet_the_nic_counted(name: str) -> None:
    host = name[-2:]
    summary = analysis_of(name).summary
    counted = moved(name, host)
    if name == CORRUPTED:
        assert summary.frames >= counted["sent_pkts"] + counted["rcvd_pkts"]
    else:
        assert summary.roce_packets == summary.frames == counted["sent_pkts"] + counted["rcvd_pkts"]
    assert (summary.damaged_records, summary.is_cut, summary.time_steps_back) == (0, False, 0)


@pytest.mark.parametrize("name", RELIABLE)
def test_naks_are_those_the_responder_counted(name: str) -> None:
    assert total(analysis_of(name).queue_pairs, "nak_count") == moved(name, "h3")["out_of_seq_request"]


@pytest.mark.parametrize("name", [name for name in RELIABLE if name != CORRUPTED])
def test_duplicates_are_those_the_responder_counted(name: str) -> None:
    assert total(analysis_of(name).queue_pairs, "behind_expected") == moved(name, "h3")["duplicate_request"]


@pytest.mark.parametrize("name", [name for name in ALL if name not in (CORRUPTED, "uc_loss-h3", "ud_send-h3")])
def test_rewinds_are_those_the_requester_counted(name: str) -> None:
    assert total(analysis_of(name).queue_pairs, "episode_count") == moved(name, "h1")["completer_retry_err"]


@pytest.mark.parametrize("name", RELIABLE)
def test_receiver_not_ready_as_counted(name: str) -> None:
    assert total(analysis_of(name).queue_pairs, "rnr_nak_count") == moved(name, "h3")["send_rnr_err"]


@pytest.mark.parametrize("name", AT_REQUESTER)
def test_every_transmission_passes_the_requesters_port(name: str) -> None:
    traces = analysis_of(name).queue_pairs
    assert total(traces, "requests") == moved(name, "h1")["sent_pkts"]
    assert total(traces, "gaps") == total(traces, "reordered") == total(traces, "duplicates") == 0


@pytest.mark.parametrize("name", RELIABLE)
def test_every_nak_names_the_psn_the_responder_expects(name: str) -> None:
    """Where the loss shows at the capture point; a first packet that is lost, and RNR, leave it open."""
    naks = [nak for trace in analysis_of(name).queue_pairs for nak in trace.naks]
    assert not [nak for nak in naks if nak.psn_correct is False]
    undecided = {"write_loss-h3": 1, CORRUPTED: len(naks), "send_not_ready-h3": len(naks) - 1}
    assert sum(nak.psn_correct is None for nak in naks) <= undecided.get(name, 0)


@pytest.mark.parametrize("name", ALL)
def test_soft_roce_goes_back_n_and_nothing_it_sends_is_illegal(name: str) -> None:
    traces = analysis_of(name).queue_pairs
    assert traces
    for trace in traces:
        assert trace.selective_repeat == 0
        assert (trace.illegal_opcodes, trace.illegal_lengths, trace.illegal_responses) == (0, 0, 0)
        assert (trace.wrong_naks, trace.doubtful_answers, trace.restarts, trace.other_source_ports) == (0, 0, 0, 0)
        assert trace.migreqs == (0,) or name == CORRUPTED


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("write_loss-h3", 24 * 16384),
        ("write_loss_qps-h3", 4 * 20 * 8192),
        ("write_reorder-h3", 10 * 8192),
        ("read_loss-h1", 24 * 16384),
        ("read_loss-h3", 24 * 16384),
        ("read_loss_deep-h1", 24 * 8192),
        ("read_request_loss-h3", 30 * 4096),
        ("ack_loss-h3", 24 * 8192),
        ("send_not_ready-h3", 60 * 1024),
    ],
)
def test_goodput_is_what_the_application_asked_for(name: str, payload: int) -> None:
    assert total(analysis_of(name).queue_pairs, "goodput_bytes") == payload


def test_the_network_doubled_what_the_responder_saw_twice() -> None:
    (trace,) = analysis_of("write_duplicate-h3").queue_pairs
    assert (trace.duplicates, trace.retransmitted, trace.reordered) == (27, 0, 0)


@pytest.mark.parametrize("name", [name for name in ALL if name != CORRUPTED])
def test_every_complete_frame_has_the_right_icrc(name: str) -> None:
    check = check_icrc(FOLDER / f"{name}.pcap")
    assert check.bad == 0
    assert check.good > 0 or name in ("uc_loss-h3", "ud_send-h3")


def test_every_opcode_of_a_clean_write_is_checked_in_full() -> None:
    check = check_icrc(FOLDER / "write_clean-h3.pcap")
    assert (check.good, check.bad, check.not_checkable) == (120, 0, 0)


def test_every_packet_the_responder_discarded_is_found_corrupted() -> None:
    """By its ICRC, by checksums outside the ICRC, or because it is RoCEv2 no more."""
    path, counted = FOLDER / f"{CORRUPTED}.pcap", moved(CORRUPTED, "h3")
    rows, check = read_table(path).rows, check_icrc(path)
    discarded = rows.size - counted["sent_pkts"] - counted["rcvd_pkts"]
    checksums = np.flatnonzero((rows["flaws"] & (Flaw.IP_CHECKSUM | Flaw.UDP_CHECKSUM)) > 0) + 1
    others = np.flatnonzero(~is_roce(rows)) + 1
    assert (check.bad, discarded) == (13, 15)
    assert len({*check.bad_frames, *checksums.tolist(), *others.tolist()}) == discarded


def test_what_happened_between_the_two_ends() -> None:
    for name, lost in (("write_loss", 18), ("write_marked", 0)):
        first, second = (read_table(FOLDER / f"{name}-{host}.pcap") for host in ("h1", "h3"))
        difference = join(first, second).difference()
        assert (difference.lost, difference.added, difference.dscp_changed) == (lost, 0, 0)
        assert difference.matched == len(second.rows)
        assert difference.ecn_changed_otherwise == 0


def test_marks_set_on_the_way_are_counted_by_the_join() -> None:
    first, second = (read_table(FOLDER / f"write_marked-{host}.pcap") for host in ("h1", "h3"))
    (before,), (behind,) = first.queue_pairs, second.queue_pairs
    assert (before.ecn.ce, before.ecn.ect0) == (0, before.requests)
    assert join(first, second).difference().ce_marked == behind.ecn.ce > 0
    assert before.request_dscps == behind.request_dscps == (26,)


def test_requests_cross_three_routers() -> None:
    first, second = (read_table(FOLDER / f"write_loss-{host}.pcap") for host in ("h1", "h3"))
    requests = {trace.index for trace in first.queue_pairs}
    joined = join(first, second)
    before, behind = joined.first.rows[joined.before], joined.second.rows[joined.behind]
    sent = [row["flow"] in requests for row in before]
    assert set((before["ttl"].astype(int) - behind["ttl"])[sent].tolist()) == {3}
