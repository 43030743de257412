"""Small captures cut out of large ones, and pictures of queue pairs."""

from pathlib import Path

import numpy as np
import pytest

from plugfest.bench.synthetic.scenario import Scenario
from plugfest.captures.analysis import CaptureAnalysis, analyse
from plugfest.captures.congestion import cnp_pacing
from plugfest.captures.evidence import MOST_BYTES, cut_around, cut_queue_pair, display_filter
from plugfest.captures.icrc import check_icrc
from plugfest.captures.plots import most_interesting, queue_pair_figure, rows_of, save_figure
from plugfest.captures.table import read_table
from plugfest.errors import CaptureError
from tests.captures import frames as f
from tests.captures.conftest import Synthetic
from tests.captures.frames import conversation

FAULTY = Scenario(packets=30_000, queue_pairs=8, drop=2e-3, silent_drop=5e-4, mark=0.02, receiver_not_ready=0.02)


@pytest.fixture
def faulty(synthetic: Synthetic) -> CaptureAnalysis:
    return analyse(synthetic(FAULTY)[0])


def test_the_packets_around_a_nak_byte_for_byte(faulty: CaptureAnalysis, tmp_path: Path) -> None:
    trace = most_interesting(faulty.queue_pairs)
    nak = trace.naks[0]
    written = cut_around(faulty, nak.time_ns, tmp_path / "cut.pcap", trace, around_ns=20_000)
    original, cut = faulty.path.read_bytes(), read_table(tmp_path / "cut.pcap")
    assert written == len(cut.rows) > 2
    assert nak.time_ns in cut.rows["time"].tolist()
    assert abs(cut.rows["time"] - nak.time_ns).max() <= 20_000
    assert all(cut.frame(row) in original for row in cut.rows)
    whole = rows_of(faulty, trace)
    inside = whole[np.abs(whole["time"] - nak.time_ns) <= 20_000]
    assert cut.rows["time"].tolist() == inside["time"].tolist()
    assert cut.rows["wire"].tolist() == inside["wire"].tolist()


def test_a_cut_of_all_queue_pairs_is_capped_and_keeps_the_nearest(faulty: CaptureAnalysis, tmp_path: Path) -> None:
    middle = (faulty.summary.first_time_ns or 0) + 1_000_000
    assert cut_around(faulty, middle, tmp_path / "cut.pcap", around_ns=10**9, most_frames=50) == 50
    times = read_table(tmp_path / "cut.pcap").rows["time"]
    assert (np.diff(times) >= 0).all()
    assert abs(times - middle).max() < 20_000
    assert cut_around(faulty, middle, tmp_path / "cut.pcap", around_ns=10**9, most_frames=10**6) > 1_000
    assert (tmp_path / "cut.pcap").stat().st_size <= MOST_BYTES + 24


def test_a_whole_queue_pair(faulty: CaptureAnalysis, tmp_path: Path) -> None:
    trace = next(trace for trace in faulty.queue_pairs if trace.responder_qp == 0x2000)
    written = cut_queue_pair(faulty, trace, tmp_path / "pair.pcap")
    assert written == trace.packets + trace.answers
    (again,) = analyse(tmp_path / "pair.pcap").queue_pairs
    same = ("requests", "retransmitted", "nak_count", "go_back_n", "cnps", "goodput_bytes")
    assert [getattr(again, name) for name in same] == [getattr(trace, name) for name in same]
    assert cut_queue_pair(faulty, trace, tmp_path / "pair.pcap", most_bytes=1_000) < 10
    assert display_filter(trace) == "infiniband.bth.destqp == 0x001000 || infiniband.bth.destqp == 0x002000"


def test_evidence_from_a_pcapng_is_a_pcap_with_the_same_frames(tmp_path: Path) -> None:
    talk = conversation()
    for psn in range(5):
        talk.client(0x04, psn, bytes(64))
    source = tmp_path / "x.pcapng"
    packets = b"".join(f.enhanced(time, frame) for time, frame in talk.frames)
    source.write_bytes(f.section() + f.interface(options=f.option(9, b"\x09")) + packets)
    assert cut_around(analyse(source), f.START, tmp_path / "cut.pcap") == 5
    assert (tmp_path / "cut.pcap").read_bytes() == f.save_pcap(tmp_path / "want.pcap", talk.frames).read_bytes()


def test_an_empty_capture_gives_an_empty_cut(tmp_path: Path) -> None:
    empty = analyse(conversation().save(tmp_path / "empty.pcap"))
    assert cut_around(empty, 0, tmp_path / "cut.pcap") == 0
    assert analyse(tmp_path / "cut.pcap").summary.frames == 0


def test_a_target_that_cannot_be_written_is_one_error(faulty: CaptureAnalysis, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="cannot be written"):
        cut_around(faulty, faulty.summary.first_time_ns or 0, tmp_path / "missing" / "cut.pcap")


def test_the_picture_shows_every_event(faulty: CaptureAnalysis, tmp_path: Path) -> None:
    trace = most_interesting(faulty.queue_pairs)
    figure = queue_pair_figure(faulty, trace)
    labels = figure.axes[0].get_legend_handles_labels()[1]
    shown = {label.rsplit(" (", 1)[0]: int(label.rsplit("(", 1)[1].split()[0].rstrip(")")) for label in labels}
    assert shown["first transmission"] == trace.new_requests
    assert shown["retransmission"] == trace.retransmitted
    assert shown["NAK"] == trace.nak_count
    assert shown["missing here"] == trace.missing
    assert shown["CE mark"] == trace.ecn.ce
    assert shown["CNP"] == trace.cnps
    assert shown["acknowledged"] == trace.acks
    assert shown.get("timeout", 0) == trace.causes["timeout"]
    save_figure(figure, tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_notification_pacing_is_per_queue_pair_in_the_simulated_nic(synthetic: Synthetic) -> None:
    path, _ = synthetic(Scenario(packets=60_000, queue_pairs=8, mark=0.2))
    (pacing,) = cnp_pacing(analyse(path))
    assert pacing.scope == "queue_pair"
    assert (pacing.shortest_gap_ns["queue_pair"] or 0) >= 50_000
    assert (pacing.shortest_gap_ns["address_pair"] or 0) < 50_000
    assert pacing.groups == {"queue_pair": 7, "address_pair": 1, "port": 1}


@pytest.mark.parametrize(("destinations", "scope"), [((1,), "address_pair"), ((1, 2), "port")])
def test_notification_pacing_of_wider_scope(tmp_path: Path, destinations: tuple[int, ...], scope: str) -> None:
    packets = []
    for number in range(60):
        packet = f.udp(f.bth(0x81, 0x100 + number % 4, 0, bytes(16)))
        target = f"192.0.2.{destinations[number % len(destinations)]}"
        frame = f.ethernet(f.ipv4(packet, f.SERVER, target), 0x0800)
        packets.append((f.START + number * 50_000, frame))
    (pacing,) = cnp_pacing(analyse(f.save_pcap(tmp_path / "x.pcap", packets)))
    assert pacing.scope == scope


def test_a_few_notifications_tell_nothing(tmp_path: Path) -> None:
    talk = conversation()
    talk.cnp()
    talk.cnp()
    (pacing,) = cnp_pacing(analyse(talk.save(tmp_path / "x.pcap")))
    assert (pacing.scope, pacing.reason) == (None, "2 CNPs are too few")


def test_icrc_by_library_and_by_tables_agree(synthetic: Synthetic) -> None:
    path, truth = synthetic(Scenario(packets=3_000, snap_length=2_000, drop=1e-3, mark=0.05))
    for method in (None, lambda: ("tables", 0)):
        check = check_icrc(path) if method is None else check_icrc(path, find_function=method)
        assert (check.good, check.bad, check.not_checkable) == (truth.packets, 0, 0)


@pytest.mark.parametrize("tables", [True, False])
def test_injected_bit_errors_are_found_and_named(tmp_path: Path, synthetic: Synthetic, tables: bool) -> None:
    path, truth = synthetic(Scenario(packets=1_000, snap_length=2_000))
    content = bytearray(path.read_bytes())
    rows = read_table(path).rows
    for number in (3, 500, 999):
        content[int(rows["frame"][number]) + 46 + number % 8] ^= 0x10
    content[int(rows["frame"][7]) + 15] ^= 0xFF  # TOS is outside
    damaged = tmp_path / "damaged.pcap"
    damaged.write_bytes(content)
    check = check_icrc(damaged, find_function=lambda: ("tables", 0)) if tables else check_icrc(damaged)
    assert check.bad_frames == (4, 501, 1000)
    assert (check.good, check.bad) == (truth.packets - 3, 3)


def test_cut_frames_are_not_checkable_and_never_bad(synthetic: Synthetic) -> None:
    path, truth = synthetic(Scenario(packets=1_000, snap_length=128))
    check = check_icrc(path)
    assert check.bad == 0
    assert check.good + check.not_checkable == truth.packets
    assert check.not_checkable > 900
