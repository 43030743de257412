"""Verdicts on failures under load: traffic goes on, the other path takes over, everything comes back."""

from plugfest.records import Record
from plugfest.stimuli.rdma_plan import RdmaResult
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict


class Load(Record):
    """RDMA traffic that ran through the whole failure."""

    queue_pairs: int
    messages: int | None
    """Messages that the sender completed; None if it could not say."""
    error: str | None
    """The completion error that ended it, in words; None if it ended as planned."""
    outlasted: bool
    """It was still running when the link was up again."""


class Failover(Record):
    """A link taken down and brought up again under RDMA load.

    Packets are RoCEv2 packets that left the switch by each uplink, counted for a while in each phase.
    """

    link: str
    failed_port: str
    """Uplink of the load's first switch that was taken down."""
    load: Load
    packets_before: dict[str, int]
    packets_during: dict[str, int]
    """While the link was down, after the routes had converged."""
    packets_after: dict[str, int]
    verified_during: RdmaResult
    """An exchange with every byte compared while the link was down."""
    converged_s: float
    """From link down until no route used it; reported, not judged."""
    outage_s: float | None
    """Longest silence of a queue pair at the receiver; reported, not judged."""
    restored_s: float
    """From link up until sessions and next hops were back, or until we stopped waiting."""
    missing_after: tuple[str, ...]
    """Sessions and next hops that did not come back."""


def _load_rows(failover: Failover) -> list[Reason]:
    load = failover.load
    some = None if load.messages is None else load.messages > 0
    return [
        row("load during the failure", "no completion error", load.error or "none", load.error is None, View.NIC),
        row("messages of the load", "more than 0", load.messages, some, View.NIC),
        row("load", "runs until the link is up again", *_lasting(load)),
    ]


def _lasting(load: Load) -> tuple[str, bool | None]:
    return ("it did", True) if load.outlasted else ("ended before: nothing proven", None)


def traffic_continues(failover: Failover) -> Verdict:
    """The load saw no error although the link went down, and data sent meanwhile arrived intact."""
    reasons = _load_rows(failover)
    for operation in failover.verified_during.operations:
        problems = "; ".join(operation.problems) or f"{operation.bytes_compared} bytes equal"
        subject = f"{operation.operation} while the link is down"
        expected = f"{operation.bytes_planned} bytes equal"
        reasons.append(row(subject, expected, problems, not operation.problems, View.NIC))
    judged = verdict(f"RDMA traffic survives the loss of {failover.link}", reasons, "RFC 7938 7.1")
    figures = {"converged_s": round(failover.converged_s, 3)}
    if failover.outage_s is not None:
        figures["outage_s"] = round(failover.outage_s, 3)
    return judged.model_copy(update={"figures": figures})


def other_paths_take_over(failover: Failover) -> Verdict:
    """The failed uplink carried traffic before and none while down; the others carried it then."""
    port = failover.failed_port
    before, during = failover.packets_before.get(port), failover.packets_during.get(port)
    others = sum(count for other, count in failover.packets_during.items() if other != port)
    reasons = [
        row(f"{port} packets before", "more than 0", before, True if before else None, View.SWITCH),
        equal(f"{port} packets while down", 0, during, View.SWITCH),
        row("packets on the other uplinks while down", "more than 0", others, others > 0, View.SWITCH),
    ]
    return verdict(f"other paths take over when {failover.link} is down", reasons, "RFC 2992")


def comes_back(failover: Failover) -> Verdict:
    """After the link is up again every session and next hop is as before, and the link carries traffic."""
    missing = failover.missing_after
    got = "missing: " + ", ".join(missing) if missing else "all back"
    port = failover.failed_port
    carried = failover.packets_after.get(port)
    ended = carried == 0 and not failover.load.outlasted
    reasons = [
        row(f"sessions and next hops around {failover.link}", "as before", got, not missing, View.SWITCH),
        row(f"{port} packets after", "more than 0", carried, None if carried is None or ended else carried > 0),
    ]
    judged = verdict(f"the fabric returns to its design once {failover.link} is up", reasons, "RFC 7938 7.1")
    return judged.model_copy(update={"figures": {"restored_s": round(failover.restored_s, 3)}})
