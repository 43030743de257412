"""Flows that meet at one receiver: shapes, order and counts; rates of an emulated fabric are only reported."""

import pytest

from fixtures.changes import Changer
from fixtures.verdict import Judge
from plugfest.devices.roster import Roster
from plugfest.inventory.models import PortReference
from plugfest.inventory.plan import HostPair, Plan
from plugfest.planning.requires import requires
from plugfest.planning.stimuli import another_receiver, senders
from plugfest.stimuli.bottleneck import Bottleneck, Red, narrow
from plugfest.stimuli.concurrent_flows import bystander, incast
from plugfest.stimuli.marking_run import MEGABITS, steady_plan
from plugfest.verdicts import sharing
from testsuites.congestion.conftest import ECT, Flows

FLOW = steady_plan(ECT, messages=256)
"""1 MiB."""
MARKING = Red(minimum=20_000, maximum=21_000)


def crowd(plan: Plan, pair: HostPair, senders: int) -> tuple[HostPair, ...]:
    """So many senders to the server of `pair`; skips where the lab has fewer."""
    pairs = incast(plan, pair, senders)
    if len(pairs) < senders:
        pytest.skip(f"the lab has {len(pairs)} of {senders} hosts that can send to {pair.server}")
    return pairs


@pytest.mark.case("CC-05")
@pytest.mark.reference("RFC 5166 2.3.3")
@requires(senders(2))
def test_two_flows_share_fairly(
    cell_pair: HostPair, plan: Plan, bottleneck: PortReference, change: Changer, flows: Flows, judge: Judge
) -> None:
    """Two senders, one receiver: while both send, each gets about half."""
    pairs = crowd(plan, cell_pair, 2)
    change(narrow(bottleneck, Bottleneck(megabits=MEGABITS)))
    judge(sharing.shared_fairly, flows([(pair, FLOW) for pair in pairs]))


@pytest.mark.case("CC-07")
@pytest.mark.reference("RFC 8239 5")
@requires(senders(3))
def test_incast_loses_nothing(
    cell_pair: HostPair,
    plan: Plan,
    bottleneck: PortReference,
    change: Changer,
    flows: Flows,
    devices: Roster,
    judge: Judge,
) -> None:
    """Three senders, one receiver: all data arrives, nothing is dropped or sent twice, shares are alike."""
    pairs = crowd(plan, cell_pair, 3)
    change(narrow(bottleneck, Bottleneck(megabits=MEGABITS)))
    seen = flows([(pair, FLOW) for pair in pairs])
    dropped = devices.switch(bottleneck.device).queues(bottleneck.port)[-1].dropped_packets
    judge(sharing.nothing_lost, seen, str(bottleneck), dropped)
    judge(sharing.shared_fairly, seen)


@pytest.mark.case("CC-11")
@pytest.mark.reference("RFC 8239 6")
@requires(senders(2), another_receiver)
def test_bystander_is_unharmed(
    cell_pair: HostPair, plan: Plan, bottleneck: PortReference, change: Changer, flows: Flows, judge: Judge
) -> None:
    """Two flows congest one receiver; a third, from one of the senders to another host, feels nothing."""
    pairs = crowd(plan, cell_pair, 2)
    other = bystander(plan, pairs)
    if other is None:
        pytest.skip(f"the lab has no host that {cell_pair.client} could send to besides {cell_pair.server}")
    change(narrow(bottleneck, Bottleneck(megabits=MEGABITS, red=MARKING)))
    *senders, innocent = flows([*((pair, FLOW) for pair in pairs), (other, FLOW)])
    judge(sharing.bystander_is_unharmed, innocent, senders)
