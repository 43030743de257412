import pytest

from plugfest.errors import ParseError, UsageError
from plugfest.packets.pfc import is_pfc, malformations, parse_pfc, pause_seconds, pfc_frame

SOURCE = "02:00:00:00:00:01"


def test_a_pause_of_two_priorities_is_60_known_bytes() -> None:
    frame = pfc_frame({3: 0xFFFF, 4: 0}, SOURCE)
    assert frame.hex() == "0180c20000010200000000018808010100180000000000" + "00ffff" + "00" * 34
    assert is_pfc(frame)
    content = parse_pfc(frame)
    assert content.timers == (0, 0, 0, 0xFFFF, 0, 0, 0, 0)
    assert (content.paused, content.resumed) == ((3,), (4,))
    assert malformations(frame) == ()


def test_quanta_are_512_bit_times() -> None:
    assert pause_seconds(65535, 40e9) == pytest.approx(838.8e-6, rel=1e-4)


@pytest.mark.parametrize("quanta", [{8: 1}, {-1: 1}, {0: 65536}])
def test_impossible_priorities_and_times_are_refused(quanta: dict[int, int]) -> None:
    with pytest.raises(UsageError, match="priorities are 0–7"):
        pfc_frame(quanta, SOURCE)


@pytest.mark.parametrize(
    ("at", "value", "complaint"),
    [
        (5, 2, "destination 01:80:c2:00:00:02"),
        (6, 3, "source 03:00:00:00:00:01"),
        (16, 1, "upper byte"),
        (59, 1, "padding"),
    ],
)
def test_each_malformation_is_named(at: int, value: int, complaint: str) -> None:
    frame = bytearray(pfc_frame({3: 1}, SOURCE))
    frame[at] = value
    (found,) = malformations(bytes(frame))
    assert complaint in found


def test_a_short_frame_is_named_and_a_cut_one_is_no_pfc() -> None:
    frame = pfc_frame({3: 1}, SOURCE)
    assert malformations(frame[:40]) == ("40 bytes, must be at least 60",)
    with pytest.raises(ParseError, match="eight timers"):
        parse_pfc(frame[:33])
