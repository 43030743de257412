"""The project's serial arithmetic, compiled, and the ring that remembers which PSNs passed."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.state import SEEN_WINDOW
from plugfest.packets import serial

distance = compiled(serial.distance)


@inlined
def unwrap(psn: int, reference: int) -> int:
    """`plugfest.packets.serial.unwrap` for the kernels."""
    return reference + distance(psn, reference & serial.PSN_MASK)


ABSENT, PASSED, LOST = 0, 1, 2
"""A sequence did not pass here; passed; passed, but the responder has said since that it lacks it."""


@inlined
def mark(seen: Any, start: int, count: int, value: int) -> None:
    """Remember ABSENT, PASSED or LOST for `count` sequences from `start`."""
    for sequence in range(start, start + min(count, SEEN_WINDOW)):
        seen[sequence & (SEEN_WINDOW - 1)] = value


@inlined
def was_seen(seen: Any, sequence: int, following: int) -> bool:
    """True if `sequence` passed before; `following` is the one after the newest, and all outside the window passed."""
    return following - sequence > SEEN_WINDOW or seen[sequence & (SEEN_WINDOW - 1)] != ABSENT


@compiled
def first_unseen(seen: Any, start: int, following: int) -> int:
    """The first sequence from `start` on that the responder does not have."""
    if following - start > SEEN_WINDOW:
        start = following - SEEN_WINDOW
    while start < following and seen[start & (SEEN_WINDOW - 1)] == PASSED:
        start += 1
    return start
