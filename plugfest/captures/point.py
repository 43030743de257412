"""What was seen at one capture point, ready to be judged and small enough to be kept as evidence."""

from collections.abc import Iterable
from pathlib import Path

from plugfest.captures.analysis import CaptureAnalysis, analyse
from plugfest.captures.evidence import cut_around
from plugfest.captures.following import KnownPair
from plugfest.captures.icrc import IcrcCheck, check_icrc
from plugfest.captures.traces import CaptureSummary, QueuePairTrace
from plugfest.records import Record
from plugfest.stimuli.capture_points import WHOLE_FRAMES, PortCapture
from plugfest.stimuli.tcpdump import CaptureStatistics

EXCERPT_FRAMES = 40
EXCERPT_NS = 60_000_000_000


class PointView(Record):
    """One capture point: how complete the capture is, and what it says about every queue pair."""

    point: str
    """Port, such as ``h1:eth1``."""
    summary: CaptureSummary
    statistics: CaptureStatistics
    traces: tuple[QueuePairTrace, ...]
    icrc: IcrcCheck | None
    """None where only headers were kept."""

    def requests_to(self, responder_qps: Iterable[int]) -> tuple[QueuePairTrace, ...]:
        """Traces of the requests to these queue pairs."""
        wanted = set(responder_qps)
        return tuple(trace for trace in self.traces if trace.responder_qp in wanted)


def view(capture: PortCapture, pairs: Iterable[KnownPair] = ()) -> PointView:
    """Analyse what was recorded at one port; `pairs` are the queue pairs that the traffic tool announced."""
    analysis: CaptureAnalysis = analyse(capture.file, pairs=pairs)
    return PointView(
        point=str(capture.point),
        summary=analysis.summary.model_copy(update={"path": Path(analysis.summary.path).name}),
        statistics=capture.statistics,
        traces=analysis.queue_pairs,
        icrc=check_icrc(capture.file) if capture.snapshot_bytes >= WHOLE_FRAMES else None,
    )


def excerpt(capture: PortCapture) -> Path:
    """The first frames of a capture in a small file beside it, for people to read."""
    analysis = analyse(capture.file)
    target = capture.file.with_name(f"{capture.file.stem}-first-frames.pcap")
    cut_around(analysis, analysis.summary.first_time_ns or 0, target, around_ns=EXCERPT_NS, most_frames=EXCERPT_FRAMES)
    return target
