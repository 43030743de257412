"""Packets at two capture points, and what happened to them in between."""

from pathlib import Path

import pytest

from plugfest.captures.join import PointDifference, join
from plugfest.captures.table import read_table
from tests.captures.frames import Conversation, conversation


def difference(before: Conversation, behind: Conversation, tmp_path: Path) -> PointDifference:
    first, second = (read_table(talk.save(tmp_path / name)) for talk, name in ((before, "a"), (behind, "b")))
    return join(first, second).difference()


def talk_of(count: int = 40, counting: bool = True, start: int = 0xFFFFF0) -> Conversation:
    talk = conversation(counting=counting)
    for step in range(count):
        talk.client(0x04, start + step, bytes(64))
        talk.ack(start + step)
    return talk


def test_nothing_happened(tmp_path: Path) -> None:
    found = difference(talk_of(), talk_of(), tmp_path)
    assert (found.matched, found.lost, found.added, found.reordered) == (80, 0, 0, 0)
    assert found.ttl_decrements == {0: 80}
    assert (found.delay_least_ns, found.delay_most_ns) == (0, 0)


@pytest.mark.parametrize("counting", [True, False])
@pytest.mark.parametrize("missing", [[0], [0, 1, 2, 40], [78]])
def test_losses_are_counted_even_of_the_first_packets_before_a_wrap(
    tmp_path: Path, counting: bool, missing: list[int]
) -> None:
    behind = talk_of(counting=counting)
    behind.frames = [frame for number, frame in enumerate(behind.frames) if number not in missing]
    found = difference(talk_of(counting=counting), behind, tmp_path)
    assert (found.matched, found.lost, found.added) == (80 - len(missing), len(missing), 0)


def test_all_packets_before_the_wrap_are_lost(tmp_path: Path) -> None:
    behind = talk_of()
    behind.frames = behind.frames[32:]
    found = difference(talk_of(), behind, tmp_path)
    assert (found.matched, found.lost) == (48, 32)


def test_copies_are_added(tmp_path: Path) -> None:
    behind = talk_of()
    behind.frames.insert(20, behind.frames[20])
    assert difference(talk_of(), behind, tmp_path).added == 1


def test_an_overtaken_packet_is_reordered(tmp_path: Path) -> None:
    behind = talk_of()
    moved = behind.frames.pop(20)
    behind.frames.insert(24, moved)
    found = difference(talk_of(), behind, tmp_path)
    assert (found.matched, found.reordered) == (80, 1)


def test_changes_of_marking_and_hops_and_the_delay(tmp_path: Path) -> None:
    behind = talk_of()
    for number, (time, frame) in enumerate(behind.frames):
        changed = bytearray(frame)
        changed[22] -= 3
        if number == 2:
            changed[15] |= 3
        if number == 4:
            changed[15] = 0
        if number == 6:
            changed[15] |= 26 << 2
        behind.frames[number] = time + 5_000 + number, bytes(changed)
    found = difference(talk_of(), behind, tmp_path)
    assert (found.ce_marked, found.ecn_changed_otherwise, found.dscp_changed) == (1, 1, 1)
    assert found.ttl_decrements == {3: 80}
    assert (found.delay_least_ns, found.delay_most_ns) == (5_000, 5_079)


def test_points_without_common_queue_pairs_share_nothing(tmp_path: Path) -> None:
    behind = talk_of()
    behind.frames = [(time, frame[:26] + b"\x0a\x00\x00\x01" + frame[30:]) for time, frame in behind.frames]
    found = difference(talk_of(), behind, tmp_path)
    assert (found.matched, found.lost, found.added, found.delay_least_ns) == (0, 80, 80, None)


def two_queue_pairs(first: int, second: int) -> tuple[Conversation, Conversation]:
    """Both queue pairs at once, and the first alone."""
    both, one, other = talk_of(first), talk_of(first), conversation()
    for step in range(second):
        other.client(0x04, 100 + step, bytes(64))
    both.frames += [(time, frame[:47] + b"\x00\x07\x77" + frame[50:]) for time, frame in other.frames]
    return both, one


def test_a_queue_pair_that_never_arrives_is_lost(tmp_path: Path) -> None:
    both, one = two_queue_pairs(first=40, second=7)
    found = difference(both, one, tmp_path)
    assert (found.matched, found.lost, found.added) == (80, 7, 0)


def test_a_queue_pair_from_nowhere_is_added(tmp_path: Path) -> None:
    both, one = two_queue_pairs(first=40, second=7)
    found = difference(one, both, tmp_path)
    assert (found.matched, found.lost, found.added) == (80, 0, 7)


def test_rows_of_lost_packets_are_ascending_and_each_there_once(tmp_path: Path) -> None:
    both, one = two_queue_pairs(first=40, second=7)
    one.frames = one.frames[4:]
    first, second = (read_table(talk.save(tmp_path / name)) for talk, name in ((both, "a"), (one, "b")))
    lost = join(first, second).lost.tolist()
    assert lost == sorted(set(lost)) == [0, 1, 2, 3, *range(80, 87)]
