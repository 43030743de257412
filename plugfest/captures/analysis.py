"""Analyse a capture: the entry of this room."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from plugfest.captures.columns import Kind
from plugfest.captures.following import Following, KnownPair, follow_twice
from plugfest.captures.progress import Progress, silent
from plugfest.captures.state import ANOMALIES, CNPS, FLOWS, UNFOLLOWED, Cause
from plugfest.captures.trace_builder import AddressText, TraceBuilder
from plugfest.captures.traces import CaptureSummary, QueuePairTrace


@dataclass(frozen=True)
class CaptureAnalysis:
    """A capture gone through once: its summary, its queue pairs, its events."""

    path: Path
    summary: CaptureSummary
    following: Following
    address: AddressText

    @cached_property
    def queue_pairs(self) -> tuple[QueuePairTrace, ...]:
        """One trace for each direction of requests, in the order of their first packets."""
        return TraceBuilder(self.following.tables, self.address).traces()

    @property
    def cnps(self) -> np.ndarray:
        """Congestion notification packets as rows (time, frame, flow); at most half a million."""
        tables = self.following.tables
        return tables.cnps[: min(tables.counts[CNPS], tables.cnps.size)]

    @property
    def anomalies(self) -> np.ndarray:
        """Gaps, duplicates, reordered and illegal packets, restarts as rows (`state.ANOMALY`); the first 131,072."""
        tables = self.following.tables
        return tables.anomalies[: min(tables.counts[ANOMALIES], tables.anomalies.size)]


def analyse(
    path: Path, path_mtu: int | None = None, pairs: Iterable[KnownPair] = (), progress: Progress = silent
) -> CaptureAnalysis:
    """Analyse a pcap or pcapng file of any size in one pass and bounded memory.

    `path_mtu` (bytes) and `pairs` are inferred where they are not given.  Raises CaptureError for what is no capture.
    """
    capture, following = follow_twice(path, path_mtu, pairs, progress)
    summary = summarise(path, following).model_copy(
        update={
            "container": capture.format.container,
            "file_bytes": capture.size,
            "damaged_records": capture.damaged_records,
            "skipped_bytes": capture.skipped_bytes,
            "is_cut": capture.is_cut,
            "dropped_by_tool": capture.dropped_by_tool,
        }
    )
    return CaptureAnalysis(path, summary, following, capture.address)


def summarise(path: Path, following: Following) -> CaptureSummary:
    """Everything in the summary that does not come from the file itself."""
    flows = following.tables.flows[: following.tables.counts[FLOWS]]
    answers = flows["acks"] + flows["naks"] + flows["rnr_naks"] + flows["responses"]
    roce = following.kinds[Kind.ROCE_IPV4 : Kind.ROCE_MALFORMED + 1]
    return CaptureSummary(
        path=str(path),
        container="",
        file_bytes=0,
        frames=following.total("frames"),
        frames_by_kind={kind.name.lower(): int(following.kinds[kind]) for kind in Kind if following.kinds[kind]},
        roce_packets=int(roce.sum()),
        cut_frames=following.total("cut_frames"),
        first_time_ns=following.total("first_time") if following.total("frames") else None,
        last_time_ns=following.total("last_time") if following.total("frames") else None,
        time_steps_back=following.total("time_steps_back"),
        damaged_records=0,
        skipped_bytes=0,
        is_cut=False,
        dropped_by_tool=None,
        flows=int(np.count_nonzero(flows["packets"])),
        queue_pairs=int(np.count_nonzero(flows["requests"])),
        unpaired_flows=int(np.count_nonzero((answers > 0) & (flows["partner"] < 0))),
        unfollowed_packets=int(following.tables.counts[UNFOLLOWED]),
        retransmitted=int(flows["retransmitted"].sum()),
        naks=int(flows["naks"].sum()),
        rnr_naks=int(flows["rnr_naks"].sum()),
        timeouts=int(flows["causes"][:, Cause.TIMEOUT].sum()),
        gaps=int(flows["gaps"].sum()),
        cnps=int(flows["cnps"].sum()),
        ce_marked=int(flows["ecn"][:, 3].sum() + flows["answer_ecn"][:, 3].sum()),
    )
