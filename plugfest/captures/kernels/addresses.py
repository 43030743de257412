"""IPv6 addresses by number, so that every address column has 32 bits."""

# mypy: no-warn-return-any

from typing import Any, NamedTuple

import numpy as np

from plugfest.captures.columns import NONE
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.load import big32

CAPACITY = 1 << 14


class AddressTable(NamedTuple):
    """The addresses seen, in order, and an open-addressing index over them."""

    halves: np.ndarray
    """(CAPACITY, 2) signed 64-bit: upper and lower half of each address."""
    slots: np.ndarray
    """Number of the address in this slot of the hash table; -1 is free."""
    used: np.ndarray
    """One element: addresses in use."""


def address_table() -> AddressTable:
    """An empty table."""
    return AddressTable(np.zeros((CAPACITY, 2), np.int64), np.full(2 * CAPACITY, -1, np.int32), np.zeros(1, np.int64))


@compiled
def address_number(table: AddressTable, data: Any, at: int) -> int:
    """Number of the sixteen bytes at `at`; NONE once CAPACITY different ones are known."""
    high = big32(data, at) << 32 | big32(data, at + 4)
    low = big32(data, at + 8) << 32 | big32(data, at + 12)
    mask = table.slots.size - 1
    slot = hashed(high, low) & mask
    while table.slots[slot] >= 0:
        known = table.slots[slot]
        if table.halves[known, 0] == high and table.halves[known, 1] == low:
            return known
        slot = (slot + 1) & mask
    number = table.used[0]
    if number >= table.halves.shape[0]:
        return NONE
    table.halves[number, 0], table.halves[number, 1] = high, low
    table.slots[slot] = number
    table.used[0] = number + 1
    return number


@inlined
def hashed(high: int, low: int) -> int:
    """Mix two integers; callers keep the lower bits."""
    mixed = high * 0x2545F4914F6CDD1D ^ low * 0x1B873593CC9E2D51
    return mixed ^ mixed >> 29 ^ mixed >> 47
