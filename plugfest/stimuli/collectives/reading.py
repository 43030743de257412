"""Single values of benchmark tables, and whether those of a row agree with each other."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.ASCII)
SLACK = Fraction(1, 1000)
"""Tools compute with doubles and convert units; more than this is no rounding."""


def decimal(text: str) -> float:
    """A non-negative decimal number; ValueError for anything else."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number")
    return float(text)


def whole(text: str) -> int:
    """A non-negative whole number; ValueError for anything else."""
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def as_printed(text: str) -> tuple[Fraction, Fraction]:
    """The smallest and the largest number that is rounded to `text`; ValueError if that is no number."""
    decimal(text)
    exponent = Decimal(text).as_tuple().exponent
    half = Fraction(10) ** int(exponent) / 2
    return max(Fraction(text) - half, Fraction(0)), Fraction(text) + half


def transferred(time: str, bandwidth: str) -> tuple[float, float]:
    """Least and most kilobytes that `bandwidth` in 10^9 bytes/s transfers in `time` µs, both as printed."""
    (shortest, longest), (slowest, fastest) = as_printed(time), as_printed(bandwidth)
    return float(shortest * slowest * (1 - SLACK)), float(longest * fastest * (1 + SLACK))


def check_bandwidth(size: int, time: str, bandwidth: str) -> None:
    """Raise ValueError unless `size` bytes in `time` µs make `bandwidth` in 10^9 bytes/s, all as printed."""
    least, most = transferred(time, bandwidth)
    if not least <= size / 1000 <= most:
        raise ValueError(f"{size} bytes in {time} µs are not {bandwidth} GB/s: a digit is missing or wrong")


def check_common_factor(rows: Sequence[tuple[int, str, str]]) -> None:
    """Raise ValueError unless size, time in µs and bandwidth of all rows, as printed, share one factor.

    For tools of which some operations count the data of all ranks, and some releases 2^30 bytes as one GB.
    """
    factors = []
    for size, time, bandwidth in rows:
        least, most = transferred(time, bandwidth)
        factors.append((least / size * 1000, most / size * 1000))
    if factors and max(least for least, _ in factors) > min(most for _, most in factors):
        raise ValueError("sizes, times and bandwidths of the rows contradict each other: a digit is missing or wrong")
