"""Summaries, queue pairs and verdicts as terminal tables."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.table import Table

from plugfest.captures.traces import CaptureSummary, QueuePairTrace
from plugfest.verdicts.verdict import Outcome, Verdict

_COLOURS = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.INCONCLUSIVE: "yellow"}


def summary_table(summary: CaptureSummary) -> Table:
    """What is in the capture, one fact a line."""
    table = Table(show_header=False, title=summary.path)
    for name, value in _facts(summary):
        table.add_row(name, value)
    return table


def _facts(summary: CaptureSummary) -> Iterable[tuple[str, str]]:
    yield "file", f"{summary.container}, {summary.file_bytes:,} bytes"
    yield "frames", f"{summary.frames:,}" + _kinds(summary)
    if summary.first_time_ns is not None:
        begin = datetime.fromtimestamp(summary.first_time_ns / 1e9, UTC)
        yield "time", f"{begin:%Y-%m-%d %H:%M:%S.%f} UTC, {summary.duration_s:.6f} s"
    yield "cut by the snap length", f"{summary.cut_frames:,} frames"
    yield "damage", _damage(summary)
    dropped = summary.dropped_by_tool
    yield "dropped by the capturing tool", "the file does not say" if dropped is None else f"{dropped:,}"
    if not summary.roce_packets:
        yield "RoCEv2", "none: nothing to judge"
        return
    yield "queue pairs", f"{summary.queue_pairs:,} with requests, {summary.unpaired_flows:,} flows of unknown answers"
    yield (
        "recovery",
        (
            f"{summary.retransmitted:,} retransmissions, {summary.naks:,} NAKs, {summary.rnr_naks:,} RNR NAKs, "
            f"{summary.timeouts:,} timeouts, {summary.gaps:,} gaps"
        ),
    )
    yield "congestion", f"{summary.ce_marked:,} packets marked CE, {summary.cnps:,} CNPs"


def _kinds(summary: CaptureSummary) -> str:
    kinds = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in summary.frames_by_kind.items())
    return f": {kinds}" if kinds else ""


def _damage(summary: CaptureSummary) -> str:
    found = []
    if summary.damaged_records:
        found.append(f"{summary.damaged_records:,} records make no sense, {summary.skipped_bytes:,} bytes skipped")
    if summary.is_cut:
        found.append("the file ends inside a record")
    if summary.time_steps_back:
        found.append(f"time goes back {summary.time_steps_back:,} times")
    return "; ".join(found) or "none"


def queue_pair_table(traces: Iterable[QueuePairTrace]) -> Table:
    """One line per queue pair."""
    table = Table()
    table.add_column("requester → responder", overflow="fold")
    for name in ("requests", "goodput", "missing", "resent", "NAK", "RNR", "timeouts", "recovery", "CE", "CNP"):
        table.add_column(name, justify="right")
    for trace in traces:
        table.add_row(
            trace.name,
            f"{trace.requests:,}",
            f"{trace.goodput_bytes:,} B",
            f"{trace.missing:,}",
            f"{trace.retransmitted:,}",
            f"{trace.nak_count:,}",
            f"{trace.rnr_nak_count:,}",
            f"{trace.causes['timeout']:,}",
            (trace.recovery or "–").replace("_", " "),
            f"{trace.ecn.ce:,}",
            f"{trace.cnps:,}",
        )
    return table


def verdict_table(verdicts: Iterable[Verdict]) -> Table:
    """One line per claim, and every row that did not pass."""
    table = Table("claim", "outcome", "why")
    for verdict in verdicts:
        why = [str(reason) for reason in verdict.reasons if reason.outcome is not Outcome.PASSED]
        colour = _COLOURS[verdict.outcome]
        table.add_row(verdict.claim, f"[{colour}]{verdict.outcome}[/]", "\n".join(why[:5]))
    return table
