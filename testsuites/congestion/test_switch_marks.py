"""Marks without an injector and without a queue: the last switch marks whatever may be marked."""

import pytest

from fixtures.switch_events import SwitchMarks
from fixtures.verdict import Judge
from plugfest.inventory.plan import HostPair
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan
from plugfest.verdicts import rdma, switch_events

EACH_CODEPOINT = RdmaPlan(
    operations=(RdmaOperation(verb=Verb.WRITE, size=16_384, messages=4),),
    queue_pairs=3,
    timeout=18,
    traffic_classes=(106, 105, 104),
)
"""DSCP 26 with ECT(0), with ECT(1), and not ECN-capable."""


@pytest.mark.case("QOS-19")
@pytest.mark.reference("RFC 3168 5")
def test_a_switch_marks_all_that_may_be_marked(cell_pair: HostPair, switch_marks: SwitchMarks, judge: Judge) -> None:
    """With marking thresholds of zero every ECN-capable packet arrives marked, and every other one as it was."""
    run = switch_marks(EACH_CODEPOINT)
    judge(switch_events.everything_is_marked, run)
    judge(rdma.all_data_arrives, cell_pair.id, run.transfer.result)
