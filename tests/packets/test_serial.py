from hypothesis import given
from hypothesis import strategies as st

from plugfest.packets.serial import PSN_HALF, PSN_SPAN, advance, distance, unwrap

psns = st.integers(0, PSN_SPAN - 1)
steps = st.integers(-PSN_HALF, PSN_HALF - 1)
anywhere = st.integers(-(2**40), 2**40)


def test_the_sequence_wraps_after_ffffff() -> None:
    assert advance(0xFFFFFF, 1) == 0
    assert advance(0, -1) == 0xFFFFFF
    assert distance(0x000005, 0xFFFFFB) == 10
    assert distance(0xFFFFFB, 0x000005) == -10


@given(psns, steps)
def test_distance_undoes_advance(psn: int, step: int) -> None:
    assert distance(advance(psn, step), psn) == step


@given(psns, psns)
def test_distance_is_antisymmetric_except_at_the_half_circle(a: int, b: int) -> None:
    forward, back = distance(a, b), distance(b, a)
    assert forward == -back or forward == back == -PSN_HALF


@given(anywhere, steps)
def test_unwrap_finds_the_nearest_congruent_number(reference: int, step: int) -> None:
    assert unwrap((reference + step) % PSN_SPAN, reference) == reference + step
