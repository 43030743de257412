"""Several RDMA flows between several hosts at the same time, seen at every receiver's port."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from plugfest.captures.traces import QueuePairTrace
from plugfest.devices.roster import Roster
from plugfest.errors import LabError
from plugfest.inventory.models import Nic
from plugfest.inventory.plan import HostPair, Plan
from plugfest.records import Record
from plugfest.stimuli.capture_points import HEADERS, all_at, captures
from plugfest.stimuli.injected_transfer import view
from plugfest.stimuli.rdma_endpoint import RdmaConnection, RdmaEndpoint
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaPlan, RdmaResult


class FlowView(Record):
    """One flow: what its endpoints say and what the receiver's port saw."""

    pair: str
    result: RdmaResult
    complete: bool
    """The capture at the receiver lost nothing."""
    trace: QueuePairTrace | None
    """At the receiver's port; None if nothing was seen."""


def incast(plan: Plan, pair: HostPair, senders: int) -> tuple[HostPair, ...]:
    """`pair` and others with the same server but other clients, farthest first; fewer if the lab has no more."""
    others = [each for each in plan.host_pairs if _same_end(each, pair) and each.client != pair.client]
    others.sort(key=lambda each: -len(each.paths[0].switches))
    by_client = {each.client: each for each in reversed(others)}
    chosen = [each for each in others if by_client[each.client] is each]
    return (pair, *chosen[: senders - 1])


def bystander(plan: Plan, pairs: Sequence[HostPair]) -> HostPair | None:
    """A pair that starts where the first of `pairs` does and ends where none of them does; None if there is none."""
    busy = {pair.server for pair in pairs} | {pair.client for pair in pairs}
    free = (each for each in plan.host_pairs if each.client == pairs[0].client and each.server not in busy)
    return next(free, None)


def _same_end(one: HostPair, other: HostPair) -> bool:
    return one.server_port == other.server_port


def run_flows(
    devices: Roster, endpoints: RdmaEndpoints, flows: Sequence[tuple[HostPair, RdmaPlan]], folder: Path
) -> tuple[FlowView, ...]:
    """Run all flows at once, every end with a program of its own; LabError if the lab cannot."""
    connections = _connections(endpoints, flows)
    try:
        prepared = [connection.prepare() for connection in connections]
        points = all_at(dict.fromkeys(pair.server_port for pair, _ in flows), HEADERS)
        with captures(devices.pool, points, folder) as running:
            for connection in connections:
                connection.go()
            results = [connection.result() for connection in connections]
    except LabError:
        for pair, _ in flows:
            endpoints.discard(pair.client, pair.client_nic)
            endpoints.discard(pair.server, pair.server_nic)
        raise
    views = [
        view(running.files[pair.server_port], queue_pairs, plan.path_mtu)
        for (pair, plan), queue_pairs in zip(flows, prepared, strict=True)
    ]
    return tuple(
        FlowView(pair=pair.id, result=result, complete=seen.complete, trace=seen.queue_pairs[0])
        for (pair, _), result, seen in zip(flows, results, views, strict=True)
    )


def _connections(endpoints: RdmaEndpoints, flows: Sequence[tuple[HostPair, RdmaPlan]]) -> list[RdmaConnection]:
    taken: Counter[tuple[str, str]] = Counter()

    def end(host: str, nic: Nic) -> RdmaEndpoint:
        taken[host, nic.port] += 1
        return endpoints.of(host, nic, taken[host, nic.port] - 1)

    return [
        RdmaConnection(end(pair.client, pair.client_nic), end(pair.server, pair.server_nic), plan)
        for pair, plan in flows
    ]
