"""Acknowledgements and READ packets vanish: nothing is executed twice, and READs resume where they broke off."""

import pytest

from fixtures.injection import Transfer
from fixtures.verdict import Judge
from plugfest.inventory.plan import HostPair
from plugfest.packets.serial import advance
from plugfest.planning.requires import requires
from plugfest.planning.stimuli import injectable
from plugfest.stimuli.injection.events import Drop, Event, PacketKind, Towards
from plugfest.stimuli.injection.psns import EVERY_PSN, at
from plugfest.stimuli.rdma_plan import RdmaResult
from plugfest.verdicts import injection, rdma, recovery
from testsuites.recovery.plans import ATOMICS, READS, WRITES


def psn(result: RdmaResult, offset: int) -> int:
    """The PSN so many packets after the connection's first."""
    return advance(result.connection.queue_pairs[0].requester.psn, offset)


@pytest.mark.case("LOSS-04")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.5")
@requires(injectable(Towards.REQUESTER))
def test_lost_acknowledgements(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """All acknowledgements are lost once: requests come twice and still take effect once."""
    lost = Event(action=Drop(), psns=EVERY_PSN, packets=PacketKind.ACK, towards=Towards.REQUESTER)
    run = transfer(WRITES, lost)
    judge(injection.as_planned, run.injections)
    judge(recovery.repeated_requests_reach, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-04")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.4")
@requires(injectable(Towards.REQUESTER))
def test_atomics_execute_once(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """Lost answers make the requester repeat atomics; the responder answers again without computing again."""
    lost = Event(action=Drop(), psns=at(2, 7), packets=PacketKind.ATOMIC_RESPONSE, towards=Towards.REQUESTER)
    run = transfer(ATOMICS, lost)
    judge(injection.as_planned, run.injections)
    judge(recovery.repeated_requests_reach, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-04")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.6.1.3")
@requires(injectable(Towards.RESPONDER, Towards.REQUESTER))
def test_lost_nak(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """A request and the NAK that reports it are lost: the requester's timer recovers both."""
    request = Event(action=Drop(), psns=at(40))
    nak = Event(action=Drop(), psns=at(40), packets=PacketKind.NAK, towards=Towards.REQUESTER)
    run = transfer(WRITES, request, nak)
    judge(injection.as_planned, run.injections)
    judge(recovery.nak_was_lost, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-05")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.9")
@requires(injectable(Towards.RESPONDER))
def test_lost_read_request(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """The first READ request is lost: it is asked again from its own PSN."""
    run = transfer(READS, Event(action=Drop(), psns=at(0), packets=PacketKind.READ_REQUEST))
    judge(injection.as_planned, run.injections)
    judge(recovery.read_resumes_at_the_gap, run, psn(run.result, 0))
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-05")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.9")
@requires(injectable(Towards.REQUESTER))
def test_lost_read_response(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """A response in the middle is lost: the requester asks for the rest, beginning with the missing packet."""
    lost = Event(action=Drop(), psns=at(40), packets=PacketKind.READ_RESPONSE, towards=Towards.REQUESTER)
    run = transfer(READS, lost)
    judge(injection.as_planned, run.injections)
    judge(recovery.read_resumes_at_the_gap, run, psn(run.result, 40))
    judge(rdma.all_data_arrives, cell_pair.id, run.result)
