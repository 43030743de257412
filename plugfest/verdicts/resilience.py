"""Verdicts on failures under load: traffic goes on, the other path takes over, everything comes back."""

from collections.abc import Sequence

from plugfest.records import Record
from plugfest.verdicts.verdict import Verdict, View, equal, row, verdict


class Failover(Record):
    """A link taken down and brought up again under RDMA load.  Times are seconds on the controller's clock."""

    link: str
    operations_planned: int
    operations_completed: int
    statuses: tuple[str, ...]
    """Distinct completion statuses of the work requests."""
    mismatched_bytes: int | None
    packets_before: dict[str, int]
    """RoCEv2 packets by uplink port while all links were up."""
    packets_during: dict[str, int]
    """RoCEv2 packets by uplink port while the link was down, after convergence."""
    failed_port: str
    """Uplink port of the link that was taken down."""
    outage_s: float | None
    """Longest silence of new data at the receiver around the failure; reported, not judged."""
    restored_s: float | None
    """Time from link up until all sessions and next hops were back; None if they did not come back."""


def traffic_continues(failover: Failover) -> Verdict:
    """All work completed without error although the link went down in the middle."""
    reasons = [
        equal("completed RDMA operations", failover.operations_planned, failover.operations_completed, View.NIC),
        row(
            "completion statuses", "success", ", ".join(failover.statuses), failover.statuses == ("success",), View.NIC
        ),
        equal("bytes that differ at the receiver", 0, failover.mismatched_bytes, View.NIC),
    ]
    judged = verdict(f"RDMA traffic survives the loss of {failover.link}", reasons, "RFC 7938 7.1; catalogue RES-01")
    figures = {} if failover.outage_s is None else {"outage_s": round(failover.outage_s, 3)}
    return judged.model_copy(update={"figures": figures})


def other_paths_take_over(failover: Failover) -> Verdict:
    """The failed uplink carried traffic before and none while down; the others carried it then."""
    before = failover.packets_before.get(failover.failed_port)
    during = failover.packets_during.get(failover.failed_port)
    others = sum(count for port, count in failover.packets_during.items() if port != failover.failed_port)
    reasons = [
        row(f"{failover.failed_port} packets before", "more than 0", before, True if before else None, View.SWITCH),
        equal(f"{failover.failed_port} packets while down", 0, during, View.SWITCH),
        row("packets on the other uplinks while down", "more than 0", others, others > 0, View.SWITCH),
    ]
    return verdict(f"other paths take over when {failover.link} is down", reasons, "RFC 2992; catalogue RES-01")


def comes_back(failover: Failover, missing: Sequence[str]) -> Verdict:
    """After the link is up again every session and next hop is as before; `missing` lists what is not."""
    got = "all back" if not missing else "missing: " + ", ".join(missing)
    reasons = [row(f"sessions and next hops around {failover.link}", "as before", got, not missing, View.SWITCH)]
    judged = verdict(f"the fabric returns to its design after {failover.link} is up", reasons, "catalogue RES-02")
    figures = {} if failover.restored_s is None else {"restored_s": round(failover.restored_s, 3)}
    return judged.model_copy(update={"figures": figures})
