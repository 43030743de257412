"""Captures changed at random: nothing crashes, hangs or reads out of bounds, and damage never goes unmentioned.

The default run tries a sample.  All 100,000, with every index checked::

    NUMBA_BOUNDSCHECK=1 pytest tests/captures/test_fuzz.py -m slow
"""

import random
import struct
from pathlib import Path

import pytest

from plugfest.bench.synthetic.scenario import Scenario
from plugfest.captures.capture_file import CaptureFile
from plugfest.captures.following import follow_file
from plugfest.captures.icrc import check_icrc
from plugfest.captures.state import tables
from plugfest.errors import CaptureError
from tests.captures import frames as f
from tests.captures.conftest import Synthetic

FLOWS, EVENTS = 8, 4
"""So few that the tables overflow, too."""
ABSURD = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFF, 262144, 262145]


def seeds(synthetic: Synthetic) -> list[bytes]:
    """Small captures of every container and encapsulation, to be changed."""
    faulty = Scenario(packets=60, queue_pairs=8, drop=0.05, mark=0.2, duplicate=0.05, receiver_not_ready=0.3, seed=3)
    path, _ = synthetic(faulty._replace(message_packets=4, snap_length=96))
    packets = [
        f.ipv6(f.udp(f.bth(op, 0x22, op, f.reth(512) + bytes(40))), "2001:db8::1", "2001:db8::2") for op in range(32)
    ]
    numbered = [(f.START + n, f.ethernet(p, 0x86DD, (5, 6)[: n % 3])) for n, p in enumerate(packets)]
    blocks = f.section() + f.interface(options=f.option(9, b"\x09")) + b"".join(f.enhanced(t, p) for t, p in numbered)
    statistics = f.block(5, struct.pack("<III", 0, 0, 0) + f.option(5, struct.pack("<Q", 7)))
    swapped = path.with_suffix(".swapped")
    f.save_pcap(swapped, numbered, order=">")
    return [path.read_bytes(), swapped.read_bytes(), blocks + statistics + blocks]


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(changed))
        match chance.randrange(6):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at] = chance.randrange(256)
            case 2:
                changed[at : at + 4] = struct.pack(chance.choice("<>") + "I", chance.choice(ABSURD))
            case 3:
                del changed[at : at + chance.randrange(1, 40)]
            case 4:
                changed[at:at] = chance.randbytes(chance.randrange(1, 40))
            case 5:
                changed = changed[: max(at, 1)]
        if len(changed) < 2:
            break
    return bytes(changed)


def survive(path: Path, content: bytes) -> int:
    """Analyse; return how many frames were found, after checking that every byte is accounted for."""
    path.write_bytes(content)
    try:
        with CaptureFile(path) as capture:
            following = follow_file(capture, space=tables(most_flows=FLOWS, most_events=EVENTS))
            assert capture.bytes_read == capture.size
            assert capture.skipped_bytes <= capture.size
            assert bool(capture.skipped_bytes) <= bool(capture.damaged_records)
        checked = check_icrc(path)
    except CaptureError as error:
        assert str(path) in str(error)  # the file header itself was hit
        return 0
    roce = int(following.kinds[1:5].sum())
    assert checked.good + checked.bad + checked.not_checkable == roce
    return following.total("frames")


def run(path: Path, contents: list[bytes], rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    return sum(survive(path, mutated(chance.choice(contents), chance)) for _ in range(rounds))


def test_a_sample_of_mutated_captures_survives(tmp_path: Path, synthetic: Synthetic) -> None:
    assert run(tmp_path / "x", seeds(synthetic), rounds=400, seed=1) > 4_000


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(10))
def test_a_hundred_thousand_mutated_captures_survive(part: int, tmp_path: Path, synthetic: Synthetic) -> None:
    assert run(tmp_path / "x", seeds(synthetic), rounds=10_000, seed=100 + part) > 100_000


def test_the_sample_meets_damage_of_every_sort(tmp_path: Path, synthetic: Synthetic) -> None:
    chance, contents, found = random.Random(2), seeds(synthetic), {"damaged": 0, "cut": 0, "refused": 0}
    for _ in range(200):
        path = tmp_path / "x"
        path.write_bytes(mutated(chance.choice(contents), chance))
        try:
            with CaptureFile(path) as capture:
                follow_file(capture, space=tables(FLOWS, EVENTS))
                found["damaged"] += capture.damaged_records > 0
                found["cut"] += capture.is_cut
        except CaptureError:
            found["refused"] += 1
    assert min(found.values()) > 0
