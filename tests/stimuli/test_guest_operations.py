from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from plugfest.stimuli.guest.operations import (
    ALIGNMENT,
    WORD,
    Operation,
    Slot,
    Verb,
    atomic_start,
    atomic_steps,
    first_difference,
    immediate,
    payload,
    region_bytes,
    slots,
)

OPERATIONS = st.lists(
    st.builds(
        Operation,
        verb=st.sampled_from(Verb),
        size=st.integers(0, 5000),
        messages=st.integers(1, 9),
    ),
    max_size=6,
)


@settings(max_examples=50)
@given(OPERATIONS)
def test_slots_never_overlap_and_stay_inside_the_region(operations: list[Operation]) -> None:
    laid_out = sorted((slot for row in slots(operations) for slot in row), key=lambda slot: slot.offset)
    ends = [slot.offset + slot.size for slot in laid_out]
    starts = [slot.offset for slot in laid_out[1:]]
    assert all(end <= start for end, start in zip(ends, starts, strict=False))
    assert all(slot.offset % ALIGNMENT == 0 for slot in laid_out)
    assert not ends or ends[-1] <= region_bytes(operations)


def test_every_message_has_its_own_content() -> None:
    slot = Slot(operation=0, message=0, offset=0, size=64)
    others = [
        payload(2, 0, slot),
        payload(1, 1, slot),
        payload(1, 0, Slot(1, 0, 0, 64)),
        payload(1, 0, Slot(0, 1, 0, 64)),
    ]
    mine = payload(1, 0, slot)
    assert len(mine) == 64
    assert len({mine, *others}) == 5
    assert payload(1, 0, slot) == mine
    assert 0 <= immediate(1, 0, slot) < 2**32


def test_fetch_and_add_finds_the_running_sum_and_wraps() -> None:
    row = slots([Operation(Verb.FETCH_ADD, 8, 5)])[0]
    steps = atomic_steps(Verb.FETCH_ADD, 7, 0, row)
    assert steps[0].original == atomic_start(7, 0, row[0])
    for step, following in pairwise(steps):
        assert step.after == (step.original + step.compare_or_add) % WORD == following.original
    assert any(step.original + step.compare_or_add >= WORD for step in steps)


def test_every_third_compare_and_swap_must_miss() -> None:
    row = slots([Operation(Verb.COMPARE_SWAP, 8, 6)])[0]
    steps = atomic_steps(Verb.COMPARE_SWAP, 7, 0, row)
    for number, step in enumerate(steps):
        hit = step.compare_or_add == step.original
        assert hit is (number % 3 != 2)
        assert step.after == (step.swap if hit else step.original)


def test_the_first_difference_is_found() -> None:
    assert first_difference(b"same", b"same") is None
    assert first_difference(b"abcd", b"abXd") == 2
    assert first_difference(b"abcd", b"ab") == 2
    assert first_difference(b"", b"") is None
