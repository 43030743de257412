from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from plugfest.packets.serial import PSN_MASK, PSN_SPAN, advance
from plugfest.stimuli.injection.psns import EVERY_PSN, Interval, Psns, absolute, at, every, span

PSNS = st.integers(0, PSN_MASK)
RANGES = st.tuples(st.integers(0, 5000), st.integers(0, 5000)).map(lambda pair: (min(pair), max(pair)))


def members(intervals: tuple[Interval, ...]) -> set[int]:
    return {psn for low, high in intervals for psn in range(low, high + 1)}


@settings(deadline=None)
@given(first=PSNS, offsets=st.lists(RANGES, min_size=1, max_size=4))
def test_intervals_hold_exactly_the_meant_psns(first: int, offsets: list[tuple[int, int]]) -> None:
    psns = Psns(offsets=tuple(offsets))
    wanted = {advance(first, offset) for low, high in offsets for offset in range(low, high + 1)}
    assert members(psns.intervals(first)) == wanted
    assert psns.count == len(wanted)


@settings(deadline=None)
@given(first=PSNS, offsets=st.lists(RANGES, min_size=1, max_size=6))
def test_intervals_ascend_and_never_touch(first: int, offsets: list[tuple[int, int]]) -> None:
    intervals = Psns(offsets=tuple(offsets)).intervals(first)
    assert all(0 <= low <= high <= PSN_MASK for low, high in intervals)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(intervals))


@settings(deadline=None)
@given(first=PSNS, length=st.integers(1, PSN_SPAN))
def test_long_spans_have_their_length_on_the_ring(first: int, length: int) -> None:
    intervals = span(0, length - 1).intervals(first)
    assert sum(high - low + 1 for low, high in intervals) == length
    assert len(intervals) <= 2


@settings(deadline=None)
@given(psns=st.sets(PSNS, min_size=1, max_size=20), first=PSNS)
def test_absolute_psns_do_not_depend_on_the_connection(psns: set[int], first: int) -> None:
    assert members(absolute(*psns).intervals(first)) == psns


def test_the_wrap_splits_an_interval() -> None:
    assert span(1, 3).intervals(0xFFFFFE) == ((0, 1), (0xFFFFFF, 0xFFFFFF))
    assert at(0, 1, 2, 9).intervals(0xFFFFFF) == ((0, 1), (8, 8), (0xFFFFFF, 0xFFFFFF))


def test_runs_follow_the_order_of_sending() -> None:
    assert at(0, 1, 2, 9).runs(0xFFFFFF) == ((0xFFFFFF, 1), (8, 8))
    assert absolute(0xFFFFFF, 0, 1, 8).runs(0xFFFFFE) == ((0xFFFFFF, 1), (8, 8))
    assert EVERY_PSN.runs(5) == ((5, 4),)


def test_every_kth() -> None:
    assert members(every(4, packets=12).intervals(100)) == {100, 104, 108}
    assert members(every(4, packets=12, start=3).intervals(100)) == {103, 107, 111}


def test_every_psn_has_no_count() -> None:
    assert EVERY_PSN.intervals(5) == ((0, PSN_MASK),)
    assert EVERY_PSN.count is None


@pytest.mark.parametrize("offsets", [(), ((3, 2),), ((-1, 2),), ((0, PSN_SPAN),)])
def test_senseless_sets_are_refused(offsets: tuple[Interval, ...]) -> None:
    with pytest.raises(ValidationError):
        Psns(offsets=offsets)


def test_sets_are_told_in_words() -> None:
    assert str(at(1, 2)) == "PSN first + 1, 2"
    assert str(absolute(7)) == "PSN 7"
    assert str(span(3, 9)) == "PSN first + 3-9"
    assert str(EVERY_PSN) == "every PSN"
