"""From the units of an intent to those a network operating system counts in; what does not fit is refused, not rounded.

Only buffer cells are rounded, downwards: a switch can only count whole cells, and marking early is the safe side.
"""

from plugfest.errors import UsageError

KILOBYTE = 1024
"""Switches count memory in powers of two."""

CELL_BYTES = {
    "Trident 2": 208,
    "Tomahawk": 208,
    "Tomahawk 2": 208,
    "Trident 3": 256,
    "Tomahawk 3": 254,
    "Trident 4": 254,
    "Tomahawk 4": 254,
    "Tomahawk 5": 254,
}
"""Bytes of a buffer cell by switch silicon; second-hand, so look at the first switch of a kind with care."""


def whole(amount: int, unit: int, name: str) -> int:
    """`amount` in units of `unit`; UsageError with the neighbouring values that would fit."""
    if amount % unit:
        below, above = amount - amount % unit, amount - amount % unit + unit
        raise UsageError(
            f"expected a multiple of {unit} ({name}), found {amount} – the switch counts in {name}: "
            f"write {below} or {above}"
        )
    return amount // unit


def kilobytes(amount: int) -> int:
    """Bytes as kbytes of 1024."""
    return whole(amount, KILOBYTE, "kbytes of 1024 bytes")


def cells(amount: int, chip: str | None) -> int:
    """Bytes as whole buffer cells of the chip, rounded down."""
    if chip not in CELL_BYTES:
        raise UsageError(
            f"expected a chip whose buffer cell size is known, found {chip or 'none'} – "
            f"the switch counts thresholds in cells: name one of {', '.join(CELL_BYTES)} as its chip in the lab file"
        )
    count = amount // CELL_BYTES[chip]
    if not count:
        raise UsageError(f"expected at least one buffer cell of {CELL_BYTES[chip]} bytes, found {amount} bytes")
    return count


def seconds(milliseconds: int) -> str:
    """Milliseconds as decimal seconds without superfluous zeros: 200 is ``0.2``."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")


def within(amount: int, least: int, most: int, what: str) -> int:
    """`amount` if the operating system takes it; UsageError with its bounds otherwise."""
    if not least <= amount <= most:
        raise UsageError(f"expected {what} between {least} and {most} on this switch, found {amount}")
    return amount
