"""ECN: marks appear where the queue is long, nowhere else, and everybody counts them alike."""

import pytest

from fixtures.injection import Transfer
from fixtures.verdict import Judge
from plugfest.stimuli.bottleneck import Red
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.marking_run import steady_plan
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan
from plugfest.verdicts import congestion
from testsuites.congestion.conftest import NOT_ECT, Marking

OCTETS = tuple(range(256))
EVERY_OCTET = RdmaPlan(
    operations=(RdmaOperation(verb=Verb.WRITE, size=64),), queue_pairs=256, timeout=18, traffic_classes=OCTETS
)


def step(threshold: float) -> Red:
    """Nothing below the threshold, everything above."""
    return Red(minimum=int(threshold), maximum=int(threshold) + 1000)


@pytest.mark.case("QOS-02")
@pytest.mark.reference("RFC 2474; RFC 3168 5")
def test_every_traffic_class_octet_passes(transfer: Transfer, judge: Judge) -> None:
    """256 queue pairs, one for each DSCP and ECN value: none is changed by NIC or fabric."""
    judge(congestion.octets_pass_unchanged, transfer(EVERY_OCTET), OCTETS)


@pytest.mark.case("QOS-16")
@pytest.mark.reference("RFC 3168 5")
def test_nothing_is_marked_below_the_threshold(marking: Marking, queue_length: float, judge: Judge) -> None:
    """The queue is held at two thirds of the threshold: no mark."""
    run = marking(step(queue_length * 3 / 2))
    judge(congestion.nothing_marked_below, run)
    judge(congestion.three_views_of_marks, run)


@pytest.mark.case("QOS-16")
@pytest.mark.reference("RFC 3168 5")
def test_everything_is_marked_above_the_threshold(marking: Marking, queue_length: float, judge: Judge) -> None:
    """The queue is held far above the threshold: every packet is marked, and the switch counts them all.

    Five times instead of the usual three halves: an emulated queue swings between half and all of its usual length.
    """
    run = marking(step(queue_length / 5))
    judge(congestion.all_marked_above, run)
    judge(congestion.three_views_of_marks, run)


@pytest.mark.case("QOS-17")
@pytest.mark.reference("RFC 2309")
def test_marking_follows_its_ramp(marking: Marking, queue_length: float, judge: Judge) -> None:
    """The same queue low, in the middle and high in the curve: the marked share rises."""
    tops = (6, 2.2, 1.2)
    runs = [
        marking(Red(minimum=int(queue_length / 3), maximum=int(queue_length * top), probability=0.2)) for top in tops
    ]
    judge(congestion.ramp_rises, runs)
    for run in runs:
        judge(congestion.three_views_of_marks, run)


@pytest.mark.case("QOS-19")
@pytest.mark.reference("RFC 3168 5")
def test_not_ect_is_never_marked(marking: Marking, queue_length: float, judge: Judge) -> None:
    """Packets that are not ECN-capable meet the same queue: dropped as configured, never marked."""
    mild = Red(minimum=int(queue_length / 6), maximum=int(queue_length * 3), probability=0.05)
    judge(congestion.not_ect_is_never_marked, marking(mild, steady_plan(NOT_ECT, messages=96)))
