"""Congestion notifications from somebody who is no end of the connection, as switches of some makers send them."""

from pathlib import Path

import pytest

from fixtures.changes import Changer
from fixtures.verdict import Judge
from plugfest.devices.roster import Roster
from plugfest.inventory.plan import HostPair, Plan
from plugfest.planning import conditions
from plugfest.planning.stimuli import third_party
from plugfest.stimuli.foreign_notifications import notify_from_outside, third_host
from plugfest.stimuli.injected_transfer import InjectedTransfers
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.verdicts import congestion, rdma

REQUIRES = (conditions.rdma_at_both_ends, conditions.capture_at_both_ends, third_party)


@pytest.mark.case("CC-12")
@pytest.mark.reference("draft-xiao-rtgwg-rocev2-fast-cnp")
def test_notifications_of_third_parties_do_no_harm(
    cell_pair: HostPair,
    plan: Plan,
    devices: Roster,
    rdma_endpoints: RdmaEndpoints,
    change: Changer,
    tmp_path: Path,
    judge: Judge,
) -> None:
    """Notifications for the sender's queue pair from a third address: ignored or honoured, never an error."""
    outsider = third_host(plan, cell_pair)
    assert outsider, "required above"
    transfers = InjectedTransfers(devices, rdma_endpoints, change, tmp_path)
    run = notify_from_outside(cell_pair, outsider, devices, transfers)
    judge(congestion.foreign_notifications_are_harmless, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.transfer.result)
