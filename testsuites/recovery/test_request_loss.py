"""Requests vanish or are damaged: the responder says exactly what is missing, the requester sends exactly that."""

import pytest

from fixtures.facts import JudgeBehaviour
from fixtures.injection import Transfer
from fixtures.verdict import Judge
from plugfest.facts.of_transfer import seen_recovery
from plugfest.inventory.plan import HostPair
from plugfest.planning.stimuli import injectable
from plugfest.stimuli.injection.events import Corrupt, Drop, Event, Towards
from plugfest.stimuli.injection.psns import at, span
from plugfest.verdicts import injection, rdma, recovery
from testsuites.recovery.plans import LAST, MANY_WRITES, WRAP, WRITES

REQUIRES = (injectable(Towards.RESPONDER),)


@pytest.mark.case("LOSS-01")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.3")
def test_mid_message_loss(
    cell_pair: HostPair, transfer: Transfer, judge: Judge, judge_behaviour: JudgeBehaviour
) -> None:
    """Three lost packets, far apart: three NAKs, each answered from its own PSN on."""
    run = transfer(MANY_WRITES, Event(action=Drop(), psns=at(100, 400, 700)))
    judge(injection.as_planned, run.injections)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)
    judge(recovery.one_nak_for_each_gap, run)
    judge(recovery.resent_from_the_gap, run)
    judge_behaviour(cell_pair.client_port, cell_pair.client_nic, seen_recovery(run))


@pytest.mark.case("LOSS-01")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.3")
def test_loss_across_the_psn_wrap(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """Four packets around PSN 0 are lost together: one NAK for the first of them."""
    run = transfer(WRITES, Event(action=Drop(), psns=span(WRAP - 2, WRAP + 1)))
    judge(injection.as_planned, run.injections)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)
    judge(recovery.one_nak_for_each_gap, run)
    judge(recovery.resent_from_the_gap, run)


@pytest.mark.case("LOSS-02")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.6.1.3")
def test_tail_loss_is_recovered_by_timeout(
    cell_pair: HostPair, transfer: Transfer, judge: Judge, judge_behaviour: JudgeBehaviour
) -> None:
    """Nothing follows the lost last packet, so no NAK can come: the timer recovers it, and not too early."""
    run = transfer(WRITES, Event(action=Drop(), psns=at(LAST)))
    judge(injection.as_planned, run.injections)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)
    judge(recovery.recovers_by_timeout, run)
    judge_behaviour(cell_pair.client_port, cell_pair.client_nic, seen_recovery(run))


@pytest.mark.case("LOSS-03")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1")
def test_lost_retransmissions(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """The same packet is lost three times in a row and arrives the fourth time."""
    run = transfer(WRITES, Event(action=Drop(), psns=at(40), nth=(1, 2, 3)))
    judge(injection.as_planned, run.injections)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)
    judge(recovery.sent_until_it_arrives, run)


@pytest.mark.case("LOSS-06")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 7.8.1")
def test_corruption_counts_as_loss(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """Packets whose ICRC alone is wrong are not accepted: they are asked for again like lost ones."""
    run = transfer(MANY_WRITES, Event(action=Corrupt(), psns=at(200, 600)))
    judge(injection.as_planned, run.injections)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)
    judge(recovery.bad_icrc_is_not_accepted, run)
    judge(recovery.one_nak_for_each_gap, run)
