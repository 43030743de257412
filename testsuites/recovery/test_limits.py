"""Receivers that are not ready, peers that never answer, neighbours that suffer."""

import pytest

from fixtures.injection import Transfer
from fixtures.verdict import Judge
from plugfest.devices.roster import Roster
from plugfest.inventory.plan import HostPair
from plugfest.planning.requires import requires
from plugfest.planning.stimuli import injectable
from plugfest.stimuli.injection.events import Drop, Event, Towards
from plugfest.stimuli.injection.psns import at, every
from plugfest.stimuli.receiver_not_ready import post_receives_after_refusal
from plugfest.verdicts import counter_truth, injection, rdma, recovery
from testsuites.recovery.plans import MANY_WRITES, SENDS, TWO_QUEUE_PAIRS, WRITES

GIVES_UP = WRITES.model_copy(update={"retry_count": 3, "timeout": 14})
"""Four transmissions, 67 ms apart at least."""


@pytest.mark.case("LOSS-09")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.2.8")
def test_receiver_not_ready(cell_pair: HostPair, transfer: Transfer, devices: Roster, judge: Judge) -> None:
    """Without receives the responder refuses; the requester waits as told and completes once receives are there."""
    run = transfer(SENDS, meanwhile=post_receives_after_refusal(devices, cell_pair))
    judge(recovery.waits_for_the_receiver, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-10")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.6.1.3")
@requires(injectable(Towards.RESPONDER))
def test_retry_exhaustion(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """A packet that never arrives: one error after exactly the configured retries, and a new connection works."""
    run = transfer(GIVES_UP, Event(action=Drop(), psns=at(40), nth=None))
    judge(injection.as_planned, run.injections)
    judge(recovery.gives_up_as_configured, run)
    judge(rdma.all_data_arrives, cell_pair.id, transfer(WRITES).result)


@pytest.mark.case("LOSS-13")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5")
@requires(injectable(Towards.RESPONDER))
def test_noisy_neighbour(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """Every 64th packet of one queue pair is lost; the other queue pair resends nothing."""
    run = transfer(TWO_QUEUE_PAIRS, Event(action=Drop(), psns=every(64, packets=256, start=30)))
    judge(injection.as_planned, run.injections)
    judge(recovery.neighbour_is_unharmed, run, 0, 1)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-14")
@pytest.mark.reference("RFC 2863 3.1.5")
@requires(injectable(Towards.RESPONDER))
def test_counters_tell_the_truth(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """Exactly known losses: injector, wire and NIC counters agree to the packet."""
    run = transfer(MANY_WRITES, Event(action=Drop(), psns=at(100, 400, 700)))
    judge(injection.as_planned, run.injections)
    judge(counter_truth.counters_tell_the_truth, run)
