"""The network doubles and overtakes: no byte and no counter may be fooled."""

import pytest

from fixtures.injection import Transfer
from fixtures.verdict import Judge
from plugfest.inventory.plan import HostPair
from plugfest.planning.stimuli import injectable
from plugfest.stimuli.injection.events import Delay, Duplicate, Event, PacketKind, Towards
from plugfest.stimuli.injection.psns import at
from plugfest.verdicts import counter_truth, injection, rdma, recovery
from testsuites.recovery.plans import ATOMICS, LAST, WRITES

REQUIRES = (injectable(Towards.RESPONDER),)

HELD_BACK = Delay(milliseconds=150)
"""Longer than the whole transfer takes: everything that follows overtakes."""


@pytest.mark.case("LOSS-07")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.5")
def test_duplicates_are_counted_and_dropped(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """Five doubled packets: five duplicates on the wire and in the responder's counter, no data changed."""
    run = transfer(WRITES, Event(action=Duplicate(), psns=at(15, 31, 64, 65, 90)))
    judge(injection.as_planned, run.injections)
    judge(counter_truth.duplicates_are_counted, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-07")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.4")
def test_a_doubled_atomic_executes_once(cell_pair: HostPair, transfer: Transfer, judge: Judge) -> None:
    """The network doubles two atomic requests; the sums are as if it had not."""
    run = transfer(ATOMICS, Event(action=Duplicate(), psns=at(3, 8), packets=PacketKind.ATOMIC))
    judge(injection.as_planned, run.injections)
    judge(recovery.repeated_requests_reach, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)


@pytest.mark.case("LOSS-08")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5.1.3")
@pytest.mark.parametrize("depth", [1, 4, 16, 64])
def test_reordering(cell_pair: HostPair, transfer: Transfer, depth: int, judge: Judge) -> None:
    """One packet is overtaken by the last `depth` packets: no byte is wrong; the cost is reported."""
    run = transfer(WRITES, Event(action=HELD_BACK, psns=at(LAST - depth)))
    judge(injection.as_planned, run.injections)
    judge(recovery.overtaken, run, depth)
    judge(rdma.all_data_arrives, cell_pair.id, run.result)
