"""Congestion notification packets, where the endpoints have them."""

import pytest

from fixtures.injection import Transfer
from fixtures.verdict import Judge
from plugfest.planning import conditions
from plugfest.planning.stimuli import injectable
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.injection.events import Event, MarkCe, Towards
from plugfest.stimuli.injection.psns import every
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan
from plugfest.verdicts import congestion, injection

WRITES = RdmaPlan(operations=(RdmaOperation(verb=Verb.WRITE, size=65_536, messages=8),), timeout=18, traffic_class=106)
REQUIRES = (conditions.server_notifies, injectable(Towards.RESPONDER))
MARKS = Event(action=MarkCe(), psns=every(8, packets=512))


@pytest.mark.case("CC-01")
@pytest.mark.reference("IBTA annex A17.9.3")
def test_marks_are_notified(transfer: Transfer, judge: Judge) -> None:
    """Exactly chosen packets are marked: notifications follow; without marks there are none."""
    for events in ((MARKS,), ()):
        run = transfer(WRITES, *events)
        if events:
            judge(injection.as_planned, run.injections)
        judge(congestion.congestion_is_notified, run.at_responder.queue_pairs[0])


@pytest.mark.case("CC-09")
@pytest.mark.reference("IBTA annex A17.9.3")
def test_notifications_survive(transfer: Transfer, judge: Judge) -> None:
    """Every notification that leaves the receiver reaches the sender."""
    run = transfer(WRITES, MARKS)
    judge(injection.as_planned, run.injections)
    judge(congestion.notifications_survive, run.at_responder.queue_pairs[0], run.at_requester.queue_pairs[0])
