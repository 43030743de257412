"""Single values: separators, units, marks for what is not there; anything else is refused."""

import pytest

from plugfest.devices.dialects import values
from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state, state_or_prefixes
from plugfest.devices.records import BgpState


@pytest.mark.parametrize(("text", "expected"), [("0", 0), ("1,200", 1200), ("12,345,678", 12_345_678), (" 7 ", 7)])
def test_counts(text: str, expected: int) -> None:
    assert values.count(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "1,20", "1200,000", "1.5", "12a", "0x10", "１２", "1_000", "1 000"])
def test_what_is_not_a_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        values.count(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("0 Bytes", 0), ("268736", 268_736), ("146.48 KB", 149_996), ("2 MB", 2_097_152)]
)
def test_sizes_are_bytes_and_k_is_1024(text: str, expected: int) -> None:
    assert values.size(text) == expected


@pytest.mark.parametrize("text", ["5 cells", "12 XB", "KB", "1.2.3 MB"])
def test_unknown_units_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unit|is not a size"):
        values.size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:00:07", 7), ("1d21h11m", 162_660), ("3w0d", 1_814_400), ("0286h47m", 1_032_420), ("626h43m", 2_256_180)],
)
def test_durations(text: str, seconds: int) -> None:
    assert values.duration(text) == seconds


@pytest.mark.parametrize("text", ["never", "1x", "12:60:00", "h1"])
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        values.duration(text)


def test_lists_of_numbers_may_hold_ranges() -> None:
    assert values.integers("0,1,4-6") == (0, 1, 4, 5, 6)
    with pytest.raises(ValueError, match="whole number"):
        values.integers("3,,4")


@pytest.mark.parametrize("text", ["N/A", "n/a", "-", "--", "NA", "not supported"])
def test_marks_for_not_there(text: str) -> None:
    assert values.absent(text)


def test_autonomous_systems_in_both_notations() -> None:
    assert (asn("64496"), asn("64497.232"), asn("1.0")) == (64_496, 4_226_875_624, 65_536)
    with pytest.raises(ValueError, match="autonomous system"):
        asn("1.70000")


def test_bgp_states_with_reasons_and_abbreviations() -> None:
    assert state("Estab") is BgpState.ESTABLISHED
    assert state("Idle (Admin)") is BgpState.IDLE
    assert state_or_prefixes("0") == (BgpState.ESTABLISHED, 0)
    with pytest.raises(ValueError, match="BGP state"):
        state("Sleeping")
