from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugfest.errors import ParseError
from plugfest.sessions.result import CommandResult
from plugfest.stimuli.completion import CompletionStatus
from plugfest.stimuli.perftest_output import PerftestReport, QueuePairAddress, parse_report

RECORDINGS = Path(__file__).parent / "recordings"
WRITE = (RECORDINGS / "write_bw_4.5_client.txt").read_text()
LATENCY = (RECORDINGS / "send_lat_4.5_client.txt").read_text()
READ = (RECORDINGS / "read_bw_gbits_6_client.txt").read_text()


def said(out: str, err: str = "", exit_status: int = 0) -> CommandResult:
    return CommandResult(
        device="h1", command="ib_write_bw -F", out=out, err=err, exit_status=exit_status, duration=1, started=1
    )


def test_both_ends_of_every_queue_pair_are_read() -> None:
    report = parse_report(said(WRITE))
    assert report.local[0] == QueuePairAddress(
        qpn=0x1B07, psn=0xFFFFF3, gid="::ffff:192.168.31.11", rkey=0x183A00, address=0x7F3B5C1E7000
    )
    assert [(end.qpn, end.psn, end.gid) for end in report.remote] == [
        (0x2C4, 0x5D00E1, "::ffff:192.168.31.12"),
        (0x2C5, 1, "::ffff:192.168.31.12"),
    ]
    assert report.information["Device"] == "mlx5_0"
    assert report.information["Mtu"] == "4096[B]"
    assert report.information["ibv_wr* API"] == "ON"
    assert report.information["rdma_cm QPs"] == "OFF"
    assert report.failed is None


def test_old_megabytes_are_mebibytes() -> None:
    (row,) = parse_report(said(WRITE)).rows
    assert (row.size, row.iterations) == (65536, 10000)
    assert row.average_bps == pytest.approx(23038.17 * 8 * 2**20)
    assert row.messages_per_second == pytest.approx(368_611)
    assert row.average_us is None


def test_a_run_for_a_time_has_no_peak() -> None:
    (row,) = parse_report(said(WRITE.replace("23041.55", "0.00"))).rows
    assert (row.peak_bps, row.average_bps) == (None, pytest.approx(23038.17 * 8 * 2**20))


def test_latency_has_its_own_columns_and_ipv6_gids_are_read() -> None:
    report = parse_report(said(LATENCY))
    (row,) = report.rows
    assert (row.minimum_us, row.typical_us, row.maximum_us, row.percentile_99_us) == (1.71, 1.79, 12.06, 2.64)
    assert row.peak_bps is None
    assert report.local[0].gid == "fe80::211:a4ff:fe0b:c0d"
    assert report.local[0].rkey is None


def test_percentiles_that_old_releases_do_not_print_stay_unmeasured() -> None:
    short = LATENCY.replace("   		2.64    		12.06  ", "")
    (row,) = parse_report(said(short)).rows
    assert (row.deviation_us, row.percentile_99_us, row.percentile_99_9_us) == (0.22, None, None)


def test_a_size_sweep_gives_a_row_for_each_size() -> None:
    report = parse_report(said(READ))
    assert [row.size for row in report.rows] == [2, 4, 1048576]
    assert report.rows[2].peak_bps == pytest.approx(197.11e9)
    assert (report.local[0].psn, report.local[0].gid) == (0, "::ffff:10.50.0.7")


def test_a_server_repeats_what_its_client_measured() -> None:
    client, server = (
        parse_report(said((RECORDINGS / f"write_bw_25.01_{side}.txt").read_text())) for side in ("client", "server")
    )
    assert client.rows == server.rows
    assert (client.local, client.remote) == (server.remote, server.local)
    assert client.rows[0].average_bps == pytest.approx(1.24 * 8 * 2**20)


def test_the_latency_of_a_recent_release_is_read() -> None:
    (row,) = parse_report(said((RECORDINGS / "send_lat_25.01_client.txt").read_text())).rows
    assert (row.size, row.iterations, row.typical_us, row.percentile_99_9_us) == (64, 40, 1280.5, 39364.31)


@pytest.mark.parametrize(
    "words",
    [
        " Completion with error at client\n Failed status 12: wr_id 0 syndrom 0x81\nscnt=5, ccnt=0\n",
        " Failed status-transport retry counter exceeded (12): wr_id 3 syndrom 0x81\n",
    ],
)
def test_a_failed_completion_is_named_in_every_release(words: str) -> None:
    failed = parse_report(said(WRITE.partition(" #bytes")[0], words, exit_status=1)).failed
    assert failed is not None
    assert (failed.status, failed.vendor_syndrome) == (CompletionStatus.RETRY_EXC_ERR, 0x81)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("MsgRate[Mpps]", "Speed[parsecs]", r"unknown column 'Speed\[parsecs\]'"),
        ("23038.17", "23038.17 9.9", r"expected 5 columns .*, got \['65536', '10000', '23041.55', '23038.17', '9.9'"),
        ("23038.17", "nan", "expected a number for BW average.*, got 'nan'"),
        ("PSN 0xfffff3", "PSN pending", "expected LID, QPN and PSN, got .*PSN pending"),
    ],
)
def test_an_unknown_form_is_refused_with_the_text(old: str, new: str, complaint: str) -> None:
    assert old in WRITE
    with pytest.raises(ParseError, match=f"^h1: `ib_write_bw -F`: {complaint}"):
        parse_report(said(WRITE.replace(old, new)))


def test_an_unknown_completion_status_is_refused() -> None:
    with pytest.raises(ParseError, match="unknown completion status 99"):
        parse_report(said("", "Failed status 99: wr_id 0 syndrom 0x0"))


@settings(max_examples=150)
@given(st.sampled_from([WRITE, LATENCY, READ]), st.integers(0, 2500), st.integers(0, 40), st.text(max_size=6))
def test_garbled_output_gives_a_report_or_a_parse_error(text: str, start: int, length: int, noise: str) -> None:
    try:
        report = parse_report(said(text[:start] + noise + text[start + length :]))
    except ParseError:
        return
    assert isinstance(report, PerftestReport)
