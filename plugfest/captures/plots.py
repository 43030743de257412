"""Pictures of a queue pair: what was sent when, what went wrong, and what came through."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from plugfest.captures.analysis import CaptureAnalysis
from plugfest.captures.capture_file import CaptureFile
from plugfest.captures.columns import Role
from plugfest.captures.following import follow_file, pairs_of
from plugfest.captures.progress import Progress, silent
from plugfest.captures.state import Sort
from plugfest.captures.traces import Goodput, QueuePairTrace
from plugfest.packets.serial import PSN_MASK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_PLAIN_POINTS = 20_000
"""First transmissions drawn; beyond that every n-th.  Everything else is always drawn."""
_MOST_MISSING = 5_000
_CE = 3
_STYLES: dict[Role, tuple[str, dict[str, Any]]] = {
    Role.NEW: ("first transmission", {"marker": ".", "s": 6, "c": "#4878a8"}),
    Role.RESPONSE: ("READ or atomic response", {"marker": ".", "s": 6, "c": "#2a9d8f"}),
    Role.REORDERED: ("reordered", {"marker": "D", "s": 22, "c": "#8e44ad"}),
    Role.DUPLICATE: ("duplicate", {"marker": "+", "s": 40, "c": "#6d4c41"}),
    Role.RETRANSMITTED: ("retransmission", {"marker": "s", "s": 12, "c": "#f28e2b"}),
    Role.NAK: ("NAK", {"marker": "v", "s": 60, "c": "#d62728"}),
    Role.RNR_NAK: ("RNR NAK", {"marker": "v", "s": 60, "c": "#c2185b"}),
}


def rows_of(analysis: CaptureAnalysis, trace: QueuePairTrace, progress: Progress = silent) -> np.ndarray:
    """All packets of a queue pair, requests and answers, with role and sequence."""
    wanted = [number for number in (trace.index, trace.answers_index) if number is not None]
    kept: list[np.ndarray] = []
    with CaptureFile(analysis.path) as capture:
        follow_file(
            capture,
            known=pairs_of(analysis.following.tables),
            progress=progress,
            take=lambda rows: kept.append(rows[np.isin(rows["flow"], wanted)]),
        )
    return np.concatenate(kept)


def queue_pair_figure(analysis: CaptureAnalysis, trace: QueuePairTrace, progress: Progress = silent) -> "Figure":
    """Sequence–time diagram above, goodput over time below."""
    from matplotlib.figure import Figure

    rows = rows_of(analysis, trace, progress)
    figure = Figure(figsize=(11, 7.5), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    start = int(rows["time"][0])
    draw_sequence(upper, analysis, trace, rows, start)
    draw_goodput(lower, trace, start)
    figure.suptitle(f"{trace.name} ({trace.transport})", fontsize=11)
    return figure


def save_figure(figure: "Figure", target: Path) -> None:
    """Write the picture; the ending of `target` says which format (png, svg, pdf)."""
    figure.savefig(target, dpi=120)


def draw_sequence(axes: "Axes", analysis: CaptureAnalysis, trace: QueuePairTrace, rows: np.ndarray, start: int) -> None:
    """Every packet by time and PSN, relative to the first of each."""
    known = rows["sequence"][rows["sequence"] >= 0]
    first = int(known.min()) if known.size else 0
    own = trace.index
    rows = rows[(rows["flow"] == own) | (rows["role"] >= Role.ACK)]
    for role, (label, style) in _STYLES.items():
        shown = rows[_with_role(rows, role)]
        if shown.size:
            drawn = shown[:: -(-shown.size // _MOST_PLAIN_POINTS)] if role in (Role.NEW, Role.RESPONSE) else shown
            axes.scatter(_ms(drawn, start), drawn["sequence"] - first, label=f"{label} ({shown.size})", **style)
    _draw_acknowledgements(axes, rows, first, start)
    _draw_missing(axes, analysis, trace, first, start)
    _draw_congestion(axes, rows, first, start)
    _draw_timeouts(axes, trace, first, start)
    axes.set_ylabel(f"PSN − 0x{first & PSN_MASK:06x}")
    axes.grid(alpha=0.25)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)


def draw_goodput(axes: "Axes", trace: QueuePairTrace, start: int) -> None:
    """Payload that arrived for the first time, in bits per second."""
    for label, goodput in (("WRITE and SEND", trace.goodput), ("READ", trace.read_goodput)):
        if goodput is not None and any(goodput.payload_bytes):
            _draw_bins(axes, goodput, start, label)
    axes.set_ylabel("goodput, Mbit/s")
    axes.set_xlabel("time, ms")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)


def _draw_bins(axes: "Axes", goodput: Goodput, start: int, label: str) -> None:
    edges = (goodput.start_ns - start + goodput.bin_ns * np.arange(len(goodput.payload_bytes) + 1)) / 1e6
    axes.stairs(np.array(goodput.payload_bytes) * 8e3 / goodput.bin_ns, edges, label=label, fill=True, alpha=0.6)


def _with_role(rows: np.ndarray, role: Role) -> np.ndarray:
    return np.isin(rows["role"], [Role.NEW, Role.AHEAD] if role is Role.NEW else [role])


def _ms(rows: np.ndarray, start: int) -> np.ndarray:
    milliseconds: np.ndarray = (rows["time"] - start) / 1e6
    return milliseconds


def _draw_acknowledgements(axes: "Axes", rows: np.ndarray, first: int, start: int) -> None:
    acks = rows[(rows["role"] == Role.ACK) & (rows["sequence"] >= 0)]
    if acks.size:
        label = f"acknowledged ({acks.size} ACKs)"
        acked = np.maximum.accumulate(acks["sequence"]) - first
        axes.step(_ms(acks, start), acked, where="post", color="#59a14f", lw=1, label=label)


def _draw_missing(axes: "Axes", analysis: CaptureAnalysis, trace: QueuePairTrace, first: int, start: int) -> None:
    gaps = analysis.anomalies[_gaps_of(analysis.anomalies, trace)]
    times = np.repeat((gaps["time"] - start) / 1e6, gaps["psns"])[:_MOST_MISSING]
    psns = [gap["sequence"] - step for gap in gaps for step in range(int(gap["psns"]), 0, -1)][:_MOST_MISSING]
    if psns:
        label = f"missing here ({int(gaps['psns'].sum())})"
        axes.scatter(times, np.array(psns) - first, marker="x", s=45, c="#d62728", label=label, zorder=3)


def _gaps_of(anomalies: np.ndarray, trace: QueuePairTrace) -> np.ndarray:
    requests = (anomalies["flow"] == trace.index) & (anomalies["sort"] == Sort.GAP)
    answers = -1 if trace.answers_index is None else trace.answers_index
    both: np.ndarray = requests | ((anomalies["flow"] == answers) & (anomalies["sort"] == Sort.RESPONSE_GAP))
    return both


def _draw_congestion(axes: "Axes", rows: np.ndarray, first: int, start: int) -> None:
    marked = rows[((rows["tos"] & 3) == _CE) & (rows["sequence"] >= 0)]
    if marked.size:
        ring: dict[str, Any] = {"s": 40, "facecolors": "none", "edgecolors": "#b8860b", "linewidths": 0.8}
        axes.scatter(_ms(marked, start), marked["sequence"] - first, label=f"CE mark ({marked.size})", **ring)
    cnps = rows[rows["role"] == Role.CNP]
    if cnps.size:
        low, high = axes.get_ylim()
        axes.vlines(
            _ms(cnps, start), low, low + 0.04 * (high - low), color="#111111", lw=0.8, label=f"CNP ({cnps.size})"
        )


def _draw_timeouts(axes: "Axes", trace: QueuePairTrace, first: int, start: int) -> None:
    expired = [episode for episode in trace.episodes if episode.cause == "timeout"]
    for number, episode in enumerate(expired):
        end = (episode.time_ns - start) / 1e6
        label = f"timeout ({len(expired)})" if number == 0 else None
        axes.axvspan(end - episode.waited_ns / 1e6, end, color="#bbbbbb", alpha=0.4, lw=0, label=label)


def most_interesting(traces: tuple[QueuePairTrace, ...]) -> QueuePairTrace:
    """The queue pair with most recovery, then most packets: the one to look at first."""
    return max(traces, key=lambda trace: (trace.nak_count + trace.retransmitted, trace.packets))
