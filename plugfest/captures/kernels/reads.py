"""READ requests whose length in PSNs is not known yet, because nothing has shown the path MTU."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.kernels.messages import LARGEST_MTU, SMALLEST_MTU
from plugfest.captures.kernels.sequence import PASSED, mark
from plugfest.captures.state import Tables


@compiled
def mtu_of_step(length: int, step: int) -> int:
    """The only path MTU with which `length` bytes take `step` packets; 0 if none or several do."""
    found, size = 0, SMALLEST_MTU
    while size <= LARGEST_MTU:
        if (length + size - 1) // size == step:
            if found:
                return 0
            found = size
        size *= 2
    return found


@compiled
def close_open_read(requests: Any, index: int, mtu: int, tables: Tables) -> None:
    """The newest request is a READ, and now it is clear that it takes one PSN per `mtu` bytes."""
    following = requests.open_read + max(1, (requests.open_read_length + mtu - 1) // mtu)
    if requests.expected == requests.next:
        requests.expected = following
    if requests.expected_selective == requests.next:
        requests.expected_selective = following
    mark(tables.seen[index], requests.next, following - requests.next, PASSED)
    requests.next, requests.open_read = following, -1
