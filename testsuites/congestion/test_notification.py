"""Congestion notification packets, where the endpoints have them."""

import pytest

from fixtures.injection import Transfer
from fixtures.verdict import Judge
from plugfest.captures.cnp_pacing import Scope
from plugfest.devices.protocols import Unsupported
from plugfest.devices.roster import Roster
from plugfest.facts.behaviour import CnpScope, NicBehaviour
from plugfest.facts.library import sheet_of
from plugfest.inventory.plan import HostPair
from plugfest.planning import conditions
from plugfest.planning.stimuli import injectable
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.injection.events import Event, MarkCe, Towards
from plugfest.stimuli.injection.psns import EVERY_PSN, every
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan
from plugfest.verdicts import congestion, injection

WRITES = RdmaPlan(operations=(RdmaOperation(verb=Verb.WRITE, size=65_536, messages=8),), timeout=18, traffic_class=106)
REQUIRES = (conditions.server_notifies, injectable(Towards.RESPONDER))
FOUR_QUEUE_PAIRS = WRITES.model_copy(update={"queue_pairs": 4})
ALL_MARKED = tuple(
    Event(action=MarkCe(), psns=EVERY_PSN, nth=None, queue_pair=place) for place in range(FOUR_QUEUE_PAIRS.queue_pairs)
)
SCOPES: dict[CnpScope, Scope] = {
    CnpScope.QUEUE_PAIR: "queue_pair",
    CnpScope.DESTINATION: "address_pair",
    CnpScope.PORT: "port",
}
MARKS = Event(action=MarkCe(), psns=every(8, packets=512))


@pytest.fixture
def known(cell_pair: HostPair) -> NicBehaviour:
    """What device facts state of the server's NIC; nothing if nobody has stated anything."""
    nic = cell_pair.server_nic
    sheet = sheet_of(nic.vendor, nic.model, nic.firmware)
    return sheet.behaviour if sheet else NicBehaviour()


@pytest.fixture
def interval_us(cell_pair: HostPair, known: NicBehaviour, devices: Roster) -> float:
    """Least time between two notifications of the server, as its driver says, or else its device facts."""
    try:
        return devices.host(cell_pair.server).notification_interval_us(cell_pair.server_nic.port)
    except Unsupported as answer:
        if known.cnp_minimum_interval_us is None:
            pytest.skip(f"{answer}; its device facts do not state it either")
        return known.cnp_minimum_interval_us


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


@pytest.mark.case("CC-02")
@pytest.mark.reference("IBTA annex A17.9.3")
def test_notifications_are_paced(interval_us: float, known: NicBehaviour, transfer: Transfer, judge: Judge) -> None:
    """Every packet of four queue pairs is marked: notifications keep the configured interval, in the stated scope."""
    run = transfer(FOUR_QUEUE_PAIRS, *ALL_MARKED)
    judge(injection.as_planned, run.injections)
    for trace in run.at_responder.queue_pairs:
        judge(congestion.congestion_is_notified, trace)
        if trace is not None and trace.cnps > 1:
            judge(congestion.notifications_are_paced, trace, interval_us)
    judge(congestion.notification_scope, run.at_responder.pacing, SCOPES[known.cnp_scope] if known.cnp_scope else None)
