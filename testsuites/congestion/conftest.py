"""Narrow ports, and transfers through them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from fixtures.changes import Changer
from plugfest.devices.roster import Roster
from plugfest.inventory.models import PortReference
from plugfest.inventory.plan import HostPair
from plugfest.planning import conditions
from plugfest.planning.requires import requires
from plugfest.stimuli.bottleneck import Red, slow_port
from plugfest.stimuli.concurrent_flows import FlowView, run_flows
from plugfest.stimuli.injected_transfer import InjectedTransfers
from plugfest.stimuli.marking_run import MarkingRun, MarkingRuns, steady_plan
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaPlan

ECT = 106
"""DSCP 26, ECN-capable."""
NOT_ECT = 104
"""DSCP 26, not ECN-capable."""
UNREACHED = Red(minimum=1_000_000, maximum=1_001_000)
"""A curve far above every queue: for finding out how long the queue is."""


@pytest.fixture
@requires(conditions.rdma_at_both_ends, conditions.port_can_be_slowed)
def bottleneck(cell_pair: HostPair, devices: Roster) -> PortReference:
    """The port towards the server, on a switch whose ports the harness can slow down."""
    port = slow_port(devices, cell_pair)
    if port is None:
        pytest.skip(f"needs a Linux switch with the capability configuration beside {cell_pair.server}")
    return port


Marking = Callable[..., MarkingRun]
"""``marking(red, plan=…)`` transfers through the bottleneck."""


@pytest.fixture
def marking(
    cell_pair: HostPair,
    bottleneck: PortReference,
    devices: Roster,
    rdma_endpoints: RdmaEndpoints,
    change: Changer,
    tmp_path: Path,
) -> Marking:
    """Transfers between the two hosts of this test through a marking queue."""
    runs = MarkingRuns(InjectedTransfers(devices, rdma_endpoints, change, tmp_path), devices, change)

    def run(red: Red, plan: RdmaPlan | None = None) -> MarkingRun:
        return runs.run(cell_pair, bottleneck, red, plan or steady_plan(ECT))

    return run


@pytest.fixture(scope="package")
def _lengths() -> dict[str, float]:
    return {}


@pytest.fixture
def queue_length(cell_pair: HostPair, marking: Marking, _lengths: dict[str, float]) -> float:
    """Bytes that wait at the bottleneck when nothing slows the sender down: measured once for each pair."""
    if cell_pair.id not in _lengths:
        _lengths[cell_pair.id] = marking(UNREACHED).typical_queue
    return _lengths[cell_pair.id]


Flows = Callable[[Sequence[tuple[HostPair, RdmaPlan]]], tuple[FlowView, ...]]


@pytest.fixture
def flows(devices: Roster, rdma_endpoints: RdmaEndpoints, tmp_path: Path) -> Flows:
    """Several flows at once."""
    return partial(run_flows, devices, rdma_endpoints, folder=tmp_path / "flows")
