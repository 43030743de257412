"""Sets of packet sequence numbers on the 24-bit ring, absolute or relative to a connection's first PSN."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from plugfest.packets.serial import PSN_MASK, PSN_SPAN, advance
from plugfest.records import Record

Interval = tuple[int, int]
"""First and last member, both included."""


def _ordered(interval: Interval) -> Interval:
    if interval[0] > interval[1]:
        raise ValueError(f"expected FIRST <= LAST, got {interval[0]}-{interval[1]} – start behind the wrap instead")
    return interval


Offset = Annotated[int, Field(ge=0, le=PSN_MASK)]
Offsets = Annotated[tuple[Offset, Offset], AfterValidator(_ordered)]


class Psns(Record):
    """Which PSNs of a flow are meant."""

    offsets: tuple[Offsets, ...] | None
    """Intervals, both ends included, counted from the base; None means every PSN."""
    base: Offset | None = None
    """PSN that the offsets count from; None: the first PSN of the flow."""

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.offsets == ():
            raise ValueError("expected at least one PSN, got none")
        return self

    def runs(self, first_psn: int) -> tuple[Interval, ...]:
        """Unbroken runs of PSNs in the order in which the flow sends them; one that crosses the wrap ends below."""
        if self.offsets is None:
            return ((first_psn, advance(first_psn, -1)),)
        shift = 0 if self.base is None else self.base - first_psn
        merged = _merged(part for low, high in self.offsets for part in _on_ring(shift, low, high))
        return tuple((advance(first_psn, low), advance(first_psn, high)) for low, high in merged)

    def intervals(self, first_psn: int) -> tuple[Interval, ...]:
        """Disjoint, ascending intervals of PSNs; what crosses the wrap is split in two."""
        if self.offsets is None:
            return ((0, PSN_MASK),)
        base = first_psn if self.base is None else self.base
        return _merged(part for low, high in self.offsets for part in _on_ring(base, low, high))

    @property
    def count(self) -> int | None:
        """How many PSNs are meant; None for every PSN, because nobody knows how many will pass."""
        return None if self.offsets is None else sum(high - low + 1 for low, high in self.intervals(0))

    def __str__(self) -> str:
        if self.offsets is None:
            return "every PSN"
        texts = ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in self.offsets)
        return f"PSN {texts}" if self.base == 0 else f"PSN {'first' if self.base is None else self.base} + {texts}"


EVERY_PSN = Psns(offsets=None)


def at(*offsets: int) -> Psns:
    """The packets that come so many PSNs after the flow's first."""
    return Psns(offsets=tuple((offset, offset) for offset in offsets))


def span(first: int, last: int) -> Psns:
    """The packets from `first` to `last` PSNs after the flow's first, both included."""
    return Psns(offsets=((first, last),))


def every(step: int, packets: int, start: int = 0) -> Psns:
    """Every `step`-th of the first `packets` packets of the flow, beginning with number `start` (from 0)."""
    return at(*range(start, packets, step))


def absolute(*psns: int) -> Psns:
    """Exactly these PSNs."""
    return Psns(offsets=tuple((psn, psn) for psn in psns), base=0)


def _on_ring(base: int, low: int, high: int) -> tuple[Interval, ...]:
    if high - low + 1 == PSN_SPAN:
        return ((0, PSN_MASK),)
    first, last = advance(base, low), advance(base, high)
    return ((first, last),) if first <= last else ((0, last), (first, PSN_MASK))


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for low, high in sorted(intervals):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    assert all(before[1] < after[0] for before, after in pairwise(merged))
    return tuple(merged)
