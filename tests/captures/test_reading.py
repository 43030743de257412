"""Formats, byte orders, resolutions, encapsulations, and files that are damaged or none at all."""

import struct
from pathlib import Path

import numpy as np
import pytest

from plugfest.captures.analysis import analyse
from plugfest.captures.capture_file import CaptureFile
from plugfest.captures.columns import NONE, UNTAGGED, Flaw, Kind
from plugfest.captures.table import read_table
from plugfest.errors import CaptureError
from tests.captures import frames as f

TIME = f.START + 123_456_789
PACKET = f.ipv4(f.udp(f.bth(0x06, 0x22, 0xABCDEF, f.reth(1024) + bytes(256))), f.CLIENT, f.SERVER, tos=0x6A, ttl=61)
FRAME = f.ethernet(PACKET, 0x0800)


def rows_of(path: Path) -> np.ndarray:
    return read_table(path).rows


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [True, False])
def test_pcap_in_both_byte_orders_and_resolutions(tmp_path: Path, order: str, nano: bool) -> None:
    path = f.save_pcap(tmp_path / "x.pcap", [(TIME, FRAME)] * 3, order, nano)
    rows = rows_of(path)
    assert rows["time"].tolist() == [TIME if nano else TIME // 1000 * 1000] * 3
    assert rows["psn"].tolist() == [0xABCDEF] * 3


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("resolution", "ticks", "time"),
    [
        (None, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
        (9, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
        (3, 1_700_000_000_123, 1_700_000_000_123_000_000),
        (12, 1_700_000_123_456_789, 1_700_000_123_456),
        (0x80 | 10, 1_700_000_000 << 10 | 512, 1_700_000_000_500_000_000),
    ],
)
def test_pcapng_time_stamps(tmp_path: Path, order: str, resolution: int | None, ticks: int, time: int) -> None:
    options = f.option(9, bytes([resolution]), order) if resolution is not None else b""
    content = f.section(order) + f.interface(order, options=options) + f.enhanced(ticks, FRAME, order=order)
    path = tmp_path / "x.pcapng"
    path.write_bytes(content)
    assert rows_of(path)["time"].tolist() == [time]


def test_pcapng_sections_interfaces_and_other_blocks(tmp_path: Path) -> None:
    offset = f.interface(options=f.option(14, struct.pack("<q", 1000)) + f.option(9, b"\x09"))
    statistics = f.block(5, struct.pack("<III", 0, 0, 0) + f.option(5, struct.pack("<Q", 7)))
    content = f.section() + f.interface(link=113) + offset
    content += f.enhanced(5, FRAME, 0) + f.enhanced(6, FRAME, 1) + f.block(4, bytes(8)) + f.block(0x0BAD, bytes(20))
    content += statistics + f.section(">") + f.interface(">") + f.enhanced(7, FRAME, order=">")
    content += f.block(3, struct.pack(">I", len(FRAME)) + FRAME, ">")
    path = tmp_path / "x.pcapng"
    path.write_bytes(content)
    table = read_table(path)
    assert table.rows["kind"].tolist() == [Kind.OTHER_LINK, Kind.ROCE_IPV4, Kind.ROCE_IPV4, Kind.ROCE_IPV4]
    assert table.rows["time"].tolist() == [5_000, 1_000_000_000_006, 7_000, 0]
    assert table.rows["interface"].tolist() == [0, 1, 2, 2]
    summary = analyse(path).summary
    assert summary.dropped_by_tool == 7
    assert (summary.damaged_records, summary.is_cut) == (0, False)


def test_every_column_of_a_write_packet(tmp_path: Path) -> None:
    (row,) = rows_of(f.save_pcap(tmp_path / "x.pcap", [(TIME, FRAME)]))
    want = {
        "frame": 40,
        "captured": len(FRAME),
        "wire": len(FRAME),
        "source": 0xC0000201,
        "destination": 0xC6336402,
        "destination_qp": 0x22,
        "psn": 0xABCDEF,
        "payload": 256,
        "dma_length": 1024,
        "aeth": NONE,
        "source_qp": NONE,
        "vlan": UNTAGGED,
        "inner_vlan": UNTAGGED,
        "source_port": 49200,
        "partition_key": 0xFFFF,
        "flaws": 0,
        "kind": Kind.ROCE_IPV4,
        "tos": 0x6A,
        "ttl": 61,
        "opcode": 0x06,
        "bth_flags": 0x40,
        "ack_request": 0,
        "flow": 0,
        "sequence": 0x1000000 + 0xABCDEF,
    }
    assert {name: int(row[name]) for name in want} == want


@pytest.mark.parametrize("vlans", [(), (0x6005,), (0x6005, 0x0007)])
def test_vlan_tags(tmp_path: Path, vlans: tuple[int, ...]) -> None:
    (row,) = rows_of(f.save_pcap(tmp_path / "x.pcap", [(TIME, f.ethernet(PACKET, 0x0800, vlans))]))
    padded = (*vlans, UNTAGGED, UNTAGGED)
    assert (row["vlan"], row["inner_vlan"], row["kind"]) == (padded[0], padded[1], Kind.ROCE_IPV4)


def test_ipv6_addresses_are_kept_apart(tmp_path: Path) -> None:
    packets = [
        f.ipv6(f.udp(f.bth(0x04, 0x22, psn, bytes(64))), f"2001:db8::{host}", "2001:db8:1::1", tos=0x68, ttl=7)
        for psn in range(2)
        for host in range(1, 6)
    ]
    table = read_table(f.save_pcap(tmp_path / "x.pcap", [(TIME, f.ethernet(p, 0x86DD)) for p in packets]))
    assert {table.source_of(row) for row in table.rows} == {f"2001:db8::{host}" for host in range(1, 6)}
    assert set(table.rows["tos"].tolist()) == {0x68}
    assert len(table.queue_pairs) == 5
    assert {trace.new_requests for trace in table.queue_pairs} == {2}


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (b"\x00" * 10, Kind.OTHER),
        (f.ethernet(bytes(40), 0x0806), Kind.OTHER),
        (f.ethernet(bytes(40), 0x8915), Kind.ROCE_V1),
        (f.ethernet(b"\x01\x01" + bytes(44), 0x8808), Kind.PFC),
        (f.ethernet(f.ipv4(f.udp(bytes(64), destination_port=4790), f.CLIENT, f.SERVER), 0x0800), Kind.OTHER),
        (f.ethernet(f.ipv4(f.udp(bytes(8)), f.CLIENT, f.SERVER), 0x0800), Kind.ROCE_MALFORMED),
        (f.ethernet(f.ipv4(f.udp(f.bth(0x06, 1, 1)), f.CLIENT, f.SERVER), 0x0800), Kind.ROCE_MALFORMED),
        (FRAME[:14] + FRAME[14:20] + b"\x20\x00" + FRAME[22:], Kind.FRAGMENT),
    ],
)
def test_kinds_of_frames(tmp_path: Path, frame: bytes, kind: Kind) -> None:
    (row,) = rows_of(f.save_pcap(tmp_path / "x.pcap", [(TIME, frame)]))
    assert Kind(row["kind"]) is kind


@pytest.mark.parametrize("snap", [50, 53, 60, 69])
def test_a_frame_cut_inside_its_headers_says_so(tmp_path: Path, snap: int) -> None:
    (row,) = rows_of(f.save_pcap(tmp_path / "x.pcap", [(TIME, FRAME)], snap=snap))
    assert Kind(row["kind"]) is Kind.ROCE_CUT


def test_a_frame_cut_behind_its_headers_keeps_its_wire_length(tmp_path: Path) -> None:
    (row,) = rows_of(f.save_pcap(tmp_path / "x.pcap", [(TIME, FRAME)], snap=70))
    assert (row["captured"], row["wire"], row["payload"], row["dma_length"]) == (70, len(FRAME), 256, 1024)


@pytest.mark.parametrize(
    ("at", "value", "flaw"),
    [
        (24, b"\x00\x00", Flaw.IP_CHECKSUM),
        (38, b"\x00\x10", Flaw.UDP_LENGTH),
        (40, b"\x12\x34", Flaw.UDP_CHECKSUM),
        (43, b"\x41", Flaw.TRANSPORT_VERSION),
    ],
)
def test_flaws_of_the_encapsulation(tmp_path: Path, at: int, value: bytes, flaw: Flaw) -> None:
    frame = FRAME[:at] + value + FRAME[at + len(value) :]
    (row,) = rows_of(f.save_pcap(tmp_path / "x.pcap", [(TIME, frame)]))
    assert Flaw(int(row["flaws"])) == flaw


def test_missing_dont_fragment_and_dirty_cnps_are_flaws(tmp_path: Path) -> None:
    may_fragment = FRAME[:20] + b"\x00\x00" + FRAME[22:]
    dirty = f.ethernet(f.ipv4(f.udp(f.bth(0x81, 1, 0, b"\x01" + bytes(15))), f.CLIENT, f.SERVER), 0x0800)
    rows = rows_of(f.save_pcap(tmp_path / "x.pcap", [(TIME, may_fragment), (TIME, dirty)]))
    assert Flaw(int(rows["flaws"][0])) == Flaw.MAY_FRAGMENT | Flaw.IP_CHECKSUM
    assert Flaw(int(rows["flaws"][1])) == Flaw.CNP_RESERVED


@pytest.mark.parametrize("container", ["pcap", "pcapng"])
@pytest.mark.parametrize("missing", [1, 17, 150, 320])
def test_a_file_that_ends_inside_a_record(tmp_path: Path, container: str, missing: int) -> None:
    path = written(tmp_path / "x", container, 10)
    path.write_bytes(path.read_bytes()[:-missing])
    summary = analyse(path).summary
    assert (summary.frames, summary.is_cut, summary.damaged_records) == (9, True, 0)


@pytest.mark.parametrize("container", ["pcap", "pcapng"])
@pytest.mark.parametrize("length", [b"\xff\xff\xff\x7f", b"\xff\xff\x00\x00", b"\x00\x00\x00\x00"])
def test_reading_goes_on_behind_a_damaged_record(tmp_path: Path, container: str, length: bytes) -> None:
    path = written(tmp_path / "x", container, 20)
    content = bytearray(path.read_bytes())
    step = len(content) - len(written(tmp_path / "y", container, 19).read_bytes())
    record = len(content) - 10 * step
    at = record + (8 if container == "pcap" else 4)
    content[at : at + 4] = length
    path.write_bytes(bytes(content))
    summary = analyse(path).summary
    assert summary.damaged_records == 1
    assert (summary.frames, summary.is_cut) == (19, False)
    assert summary.skipped_bytes == step


def written(path: Path, container: str, count: int) -> Path:
    numbered = [(TIME + number, FRAME) for number in range(count)]
    if container == "pcap":
        return f.save_pcap(path, numbered)
    path.write_bytes(
        f.section() + f.interface() + b"".join(f.enhanced(time // 1000, frame) for time, frame in numbered)
    )
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"hello world, this is no capture", "neither pcap nor pcapng: it starts with 68 65 6c 6c"),
        (b"\x1f\x8b\x08\x00" + bytes(30), "gzip-compressed: decompress it first"),
        (b"\xd4\xc3\xb2\xa1", "ends inside its own header"),
        (struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 96, 113), "link type 113 is not Ethernet"),
    ],
)
def test_what_is_no_capture_is_one_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=message) as error:
        analyse(path)
    assert str(path) in str(error.value)


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.pcap", tmp_path):
        with pytest.raises(CaptureError, match="cannot be read"):
            CaptureFile(path)


def test_an_empty_capture_and_one_without_roce_are_no_errors(tmp_path: Path) -> None:
    empty = analyse(f.save_pcap(tmp_path / "a.pcap", []))
    assert (empty.summary.frames, empty.summary.first_time_ns, empty.queue_pairs) == (0, None, ())
    other = analyse(f.save_pcap(tmp_path / "b.pcap", [(TIME, f.ethernet(bytes(40), 0x0806))]))
    assert (other.summary.frames, other.summary.roce_packets, other.queue_pairs) == (1, 0, ())


def test_time_that_goes_back_is_counted_across_chunks(tmp_path: Path) -> None:
    times = [TIME + (number if number != 9000 else 0) for number in range(9002)]
    path = f.save_pcap(tmp_path / "x.pcap", [(time, FRAME) for time in times])
    assert analyse(path).summary.time_steps_back == 1
