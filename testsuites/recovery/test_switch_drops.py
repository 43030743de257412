"""Loss without an injector: the first switch drops whole flows by an access list."""

import pytest

from fixtures.switch_events import SwitchDrops
from fixtures.verdict import Judge
from plugfest.devices.access_rule import AccessRule
from plugfest.inventory.plan import HostPair
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.rdma_plan import RdmaOperation
from plugfest.verdicts import switch_events
from testsuites.recovery.plans import plan

DROPPED, SPARED = 26, 18
"""DSCP of the queue pair whose packets the access list names, and of the other one."""
TWO_CLASSES = plan(RdmaOperation(verb=Verb.WRITE, size=16_384, messages=4), queue_pairs=2).model_copy(
    update={"traffic_classes": (DROPPED << 2 | 2, SPARED << 2 | 2), "retry_count": 3, "timeout": 14}
)
"""Four transmissions, 67 ms apart at least."""


@pytest.mark.case("LOSS-10")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.6.1.3")
def test_an_access_list_drops_what_it_names(cell_pair: HostPair, switch_drops: SwitchDrops, judge: Judge) -> None:
    """One DSCP is dropped: its queue pair gives up after its retries, the other one loses nothing, all is counted."""
    run = switch_drops(AccessRule(destination=cell_pair.server_address, dscp=DROPPED), TWO_CLASSES)
    judge(switch_events.access_list_drops, run, 0, 1)
