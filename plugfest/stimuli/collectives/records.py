"""What a collective benchmark measured, whichever tool it was.

Bandwidths are in 10^9 bytes per second.  *Algorithm bandwidth* is message size through time; *bus bandwidth* is that
times a factor that makes it comparable with the speed of the links, whatever the number of ranks n
(nccl-tests, doc/PERFORMANCE.md).
"""

from enum import StrEnum

from plugfest.records import Record


class Collective(StrEnum):
    """What the ranks do together."""

    ALL_REDUCE = "all reduce"
    ALL_GATHER = "all gather"
    REDUCE_SCATTER = "reduce scatter"
    ALL_TO_ALL = "all to all"
    BROADCAST = "broadcast"
    REDUCE = "reduce"
    SCATTER = "scatter"
    GATHER = "gather"
    SEND_RECEIVE = "send and receive"

    def bus_factor(self, ranks: int) -> float:
        """Bus bandwidth through algorithm bandwidth for this number of ranks; ValueError for fewer than one."""
        if ranks < 1:
            raise ValueError(f"{self}: expected at least one rank, got {ranks}")
        match self:
            case Collective.ALL_REDUCE:
                return 2 * (ranks - 1) / ranks
            case Collective.BROADCAST | Collective.REDUCE | Collective.SEND_RECEIVE:
                return 1.0
            case _:
                return (ranks - 1) / ranks


class Correctness(StrEnum):
    """Whether the data that arrived was compared with what had to arrive."""

    CORRECT = "correct"
    WRONG = "wrong"
    UNCHECKED = "unchecked"
    """Nobody compared: that is no success."""


class CollectiveRow(Record):
    """One message size."""

    size: int
    """Bytes."""
    time_us: float
    """Mean time of one operation."""
    algorithm_gbytes_per_s: float
    bus_gbytes_per_s: float | None = None
    """None if the tool does not print it."""
    correctness: Correctness
    wrong_elements: int | None = None
    """None if the tool does not count them."""
    in_place: bool = False
    """Result and input lie in the same memory."""


class CollectiveReport(Record):
    """One run of a tool."""

    tool: str
    rows: tuple[CollectiveRow, ...]
    ranks: int | None = None
    """None if the tool does not say."""
    average_bus_gbytes_per_s: float | None = None
    out_of_bounds: int | None = None
    """Values outside the tolerance over the whole run, where the tool sums them up."""
    iterations: int | None = None
    warm_up_iterations: int | None = None
