"""Distance and rare loss: what still works, what it costs, and what breaks first."""

from pathlib import Path

import pytest

from fixtures.changes import Changer
from fixtures.verdict import Judge
from plugfest.devices.roster import Roster
from plugfest.inventory.models import PortReference
from plugfest.inventory.plan import HostPair
from plugfest.planning import conditions
from plugfest.planning.stimuli import injectable
from plugfest.stimuli.injected_transfer import InjectedTransfers
from plugfest.stimuli.injection.events import Event, Towards
from plugfest.stimuli.injection.point import injection_point
from plugfest.stimuli.long_haul import HAUL, MANY_PACKETS, RARE_LOSS, LongHauls
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.verdicts import injection, long_haul

REQUIRES = (conditions.rdma_at_both_ends, conditions.capture_at_both_ends, injectable(*Towards))
IMPATIENT = HAUL.model_copy(update={"timeout": 12})
"""A local ACK timeout of 16.8 ms."""


@pytest.fixture
def hauls(devices: Roster, rdma_endpoints: RdmaEndpoints, change: Changer, tmp_path: Path) -> LongHauls:
    """Transfers over a distance."""
    return LongHauls(InjectedTransfers(devices, rdma_endpoints, change, tmp_path), devices, change)


@pytest.fixture
def ports(cell_pair: HostPair, devices: Roster) -> tuple[PortReference, PortReference]:
    """The Linux ports by which packets leave for the server and for the client."""
    there, back = (injection_point(devices.lab, cell_pair, towards) for towards in Towards)
    assert there is not None and back is not None
    return there, back


@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.6.1.3")
@pytest.mark.parametrize("events", [(), (RARE_LOSS,)], ids=["lossless", "rare_loss"])
@pytest.mark.parametrize("round_trip_ms", [1.0, 5.0, 20.0])
def test_distance(
    cell_pair: HostPair,
    ports: tuple[PortReference, PortReference],
    hauls: LongHauls,
    round_trip_ms: float,
    events: tuple[Event, ...],
    judge: Judge,
) -> None:
    """All data arrives over the distance; without loss nothing is sent twice.  Goodput is reported."""
    haul = hauls.run(cell_pair, ports, round_trip_ms, MANY_PACKETS if events else HAUL, *events)
    if events:
        judge(injection.as_planned, haul.transfer.injections)
    judge(long_haul.survives_the_distance, haul)


@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.6.1.3")
def test_timer_shorter_than_the_round_trip(
    cell_pair: HostPair, ports: tuple[PortReference, PortReference], hauls: LongHauls, judge: Judge
) -> None:
    """What breaks first: a timer left at its usual value repeats what was never lost, but loses nothing silently."""
    judge(long_haul.short_timer_repeats_itself, hauls.run(cell_pair, ports, 60.0, IMPATIENT))
