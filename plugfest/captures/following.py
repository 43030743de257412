"""Run a file through the kernels: once, or twice where answers came before it was clear whose they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from plugfest.captures.capture_file import CaptureFile
from plugfest.captures.columns import Kind
from plugfest.captures.progress import Progress, silent
from plugfest.captures.state import FLOWS, KNOWN_FLOW, TOTALS, Cause, Settings, Tables, tables

_SMALL_FILE = 64 << 20
"""Up to this size a second pass costs nothing that anyone would notice."""
DUPLICATE_NS = 1_000_000
Take = Callable[[np.ndarray], None]


@dataclass
class Following:
    """What is known after a file went through: the tables, and what only the reader knows."""

    tables: Tables
    kinds: np.ndarray = field(default_factory=lambda: np.zeros(len(Kind), np.int64))
    totals: np.ndarray = field(default_factory=lambda: np.zeros(1, TOTALS))
    index: list[tuple[int, np.ndarray]] = field(default_factory=list)
    """For each chunk, the time of its first frame and where reading it begins."""

    def total(self, name: str) -> int:
        """One of the fields of TOTALS."""
        return int(self.totals[name][0])


def follow_file(
    capture: CaptureFile,
    path_mtu: int | None = None,
    known: np.ndarray | None = None,
    progress: Progress = silent,
    take: Take | None = None,
    space: Tables | None = None,
) -> Following:
    """Read and follow the whole capture; `take` gets every chunk with all its columns filled.

    `known` are flows whose partners are known beforehand (dtype KNOWN_FLOW), `space` the tables to fill if not the
    usual size is wanted.
    """
    from plugfest.captures.kernels.flows import seed_flows
    from plugfest.captures.kernels.follow import finish, follow
    from plugfest.captures.kernels.tally import tally

    following = Following(space or tables())
    settings = Settings(path_mtu or 0, DUPLICATE_NS)
    if known is not None:
        seed_flows(known, following.tables)
    position = capture.position
    for rows in capture.chunks():
        follow(rows, following.tables, settings)
        tally(rows, following.totals[0], following.kinds)
        following.index.append((int(rows["time"][0]), position))
        position = capture.position
        if take is not None:
            take(rows)
        progress(capture.bytes_read, capture.size)
    finish(following.tables)
    return following


@dataclass(frozen=True)
class KnownPair:
    """A connection whose two ends were reported, by perftest for instance: addresses and queue pair numbers."""

    client: str
    client_qp: int
    server: str
    server_qp: int


def follow_twice(
    path: Path,
    path_mtu: int | None = None,
    pairs: Iterable[KnownPair] = (),
    progress: Progress = silent,
    take: Callable[[], Take] | None = None,
) -> tuple[CaptureFile, Following]:
    """Follow the capture, and once more with the pairs it taught, if NAKs came before their requests were known.

    `take` makes a taker of chunks for each pass.  The returned file is closed but still knows what it read.
    """
    with CaptureFile(path) as capture:
        known = known_flows(capture, pairs)
        following = follow_file(capture, path_mtu, known, progress, take() if take else None)
        if not needs_second_pass(following.tables, capture.size):
            return capture, following
    known = pairs_of(following.tables)
    with CaptureFile(path) as capture:
        return capture, follow_file(capture, path_mtu, known, progress, take() if take else None)


def known_flows(capture: CaptureFile, pairs: Iterable[KnownPair]) -> np.ndarray:
    """Both flows of each pair, as rows to start with."""
    rows: list[tuple[int, int, int, int, int]] = []
    for pair in pairs:
        (client, kind), (server, _) = capture.address_number(pair.client), capture.address_number(pair.server)
        number = len(rows)
        rows.append((client, server, pair.server_qp, kind, number + 1))
        rows.append((server, client, pair.client_qp, kind, number))
    return np.array(rows, KNOWN_FLOW)


def needs_second_pass(found: Tables, file_size: int) -> bool:
    """True if the first pass could not judge something that the second can."""
    flows = found.flows[: found.counts[FLOWS]]
    paired = flows[flows["partner"] >= 0]
    blind = paired["unmatched_refusals"].any() or paired["causes"][:, Cause.UNKNOWN].any()
    return bool(blind or (file_size <= _SMALL_FILE and paired["unmatched_answers"].any()))


def pairs_of(found: Tables) -> np.ndarray:
    """The flows of a first pass, in order, with their partners."""
    flows = found.flows[: found.counts[FLOWS]]
    known = np.zeros(flows.size, KNOWN_FLOW)
    for name in KNOWN_FLOW.names or ():
        known[name] = flows[name]
    return known
