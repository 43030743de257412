"""Congestion verdicts over marking runs and synthetic captures."""

from pathlib import Path

import pytest

from plugfest.captures.cnp_pacing import CnpPacing
from plugfest.inventory.models import PortReference
from plugfest.stimuli.bottleneck import Bottleneck, Red
from plugfest.stimuli.foreign_notifications import ForeignNotifications
from plugfest.stimuli.marking_run import EcnTally, MarkingRun
from plugfest.verdicts import congestion
from plugfest.verdicts.verdict import Outcome
from tests.captures.frames import Conversation, conversation
from tests.verdicts.transfers import transfer

PASSED, FAILED, INCONCLUSIVE = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE
STEP = Red(minimum=10_000, maximum=11_000)


def sends(*tos: int) -> Conversation:
    talk = conversation()
    for number, value in enumerate(tos):
        talk.client(0x04, 100 + number, bytes(64), tos=value)
    return talk


def run(folder: Path, queue: int, ce: int, red: Red = STEP, **changes: object) -> MarkingRun:
    made = MarkingRun(
        port=PortReference(device="leaf2", port="swp2"),
        bottleneck=Bottleneck(megabits=5, red=red),
        traffic_class=106,
        queue_bytes=(queue, queue, queue),
        steady=EcnTally(not_ect=0, ect=1000 - ce, ce=ce),
        arrived_ce=ce,
        switch_marked=ce,
        switch_dropped=0,
        transfer=transfer(folder, sends(2)),
    )
    return made.model_copy(update=changes)


@pytest.mark.parametrize(
    ("queue", "ce", "outcome"), [(7000, 0, PASSED), (7000, 1, FAILED), (10_500, 0, INCONCLUSIVE), (20_000, 900, FAILED)]
)
def test_below_the_threshold(tmp_path: Path, queue: int, ce: int, outcome: Outcome) -> None:
    assert congestion.nothing_marked_below(run(tmp_path, queue, ce)).outcome is outcome


@pytest.mark.parametrize(
    ("queue", "ce", "outcome"), [(20_000, 960, PASSED), (20_000, 940, FAILED), (9000, 1000, INCONCLUSIVE)]
)
def test_above_the_threshold(tmp_path: Path, queue: int, ce: int, outcome: Outcome) -> None:
    assert congestion.all_marked_above(run(tmp_path, queue, ce)).outcome is outcome


def test_a_queue_nobody_saw_proves_nothing(tmp_path: Path) -> None:
    assert congestion.nothing_marked_below(run(tmp_path, 1, 0, queue_bytes=())).outcome is INCONCLUSIVE


@pytest.mark.parametrize(("counted", "outcome"), [(500, PASSED), (499, FAILED), (0, FAILED), (None, INCONCLUSIVE)])
def test_the_switch_counts_what_arrives(tmp_path: Path, counted: int | None, outcome: Outcome) -> None:
    verdict = congestion.three_views_of_marks(run(tmp_path, 20_000, 500, switch_marked=counted))
    assert verdict.outcome is outcome


def test_a_ramp_must_rise(tmp_path: Path) -> None:
    low, middle, high = (run(tmp_path, 20_000, ce) for ce in (10, 200, 700))
    rising = congestion.ramp_rises([low, middle, high])
    assert rising.outcome is PASSED
    assert rising.figures == {"ce_share_1_ratio": 0.01, "ce_share_2_ratio": 0.2, "ce_share_3_ratio": 0.7}
    assert congestion.ramp_rises([low, high, middle]).outcome is FAILED
    assert congestion.ramp_rises([low]).outcome is INCONCLUSIVE


def test_not_ect_is_dropped_not_marked(tmp_path: Path) -> None:
    good = run(tmp_path, 20_000, 0, switch_dropped=40)
    assert congestion.not_ect_is_never_marked(good).outcome is PASSED
    assert congestion.not_ect_is_never_marked(run(tmp_path, 20_000, 3, switch_dropped=40)).outcome is FAILED
    assert congestion.not_ect_is_never_marked(run(tmp_path, 20_000, 0)).outcome is INCONCLUSIVE


@pytest.mark.parametrize(
    ("near", "far", "words"),
    [
        ((106,), (106,), ""),
        ((106,), (107,), "h2:eth1 traffic class octets – expected all 1 unchanged by the fabric, got 106→107"),
        ((104,), (104,), "h1:eth1 traffic class octets – expected all 1 unchanged by h1, got 106→104"),
        ((106, 110), (106, 110), "h1:eth1 traffic class octets – expected all 1 unchanged by h1, got 106→None"),
    ],
)
def test_octets(tmp_path: Path, near: tuple[int, ...], far: tuple[int, ...], words: str) -> None:
    verdict = congestion.octets_pass_unchanged(transfer(tmp_path, sends(*near), sends(*far)), (106,))
    assert verdict.outcome is (FAILED if words else PASSED)
    assert words in verdict.explain()


def notified(marks: int, cnps: int, gap_ns: int = 60_000) -> Conversation:
    talk = sends(*(3 for _ in range(marks)), 2)
    for _ in range(cnps):
        talk.wait(gap_ns)
        talk.cnp()
    return talk


@pytest.mark.parametrize(("marks", "cnps", "outcome"), [(3, 1, PASSED), (3, 0, FAILED), (0, 0, PASSED), (0, 1, FAILED)])
def test_notifications_follow_marks(tmp_path: Path, marks: int, cnps: int, outcome: Outcome) -> None:
    (trace,) = transfer(tmp_path, notified(marks, cnps)).at_requester.queue_pairs
    assert trace is not None
    assert congestion.congestion_is_notified(trace).outcome is outcome


@pytest.mark.parametrize(
    ("gap_ns", "cnps", "outcome"), [(60_000, 4, PASSED), (20_000, 4, FAILED), (1, 1, INCONCLUSIVE)]
)
def test_notifications_are_paced(tmp_path: Path, gap_ns: int, cnps: int, outcome: Outcome) -> None:
    (trace,) = transfer(tmp_path, notified(3, cnps, gap_ns)).at_requester.queue_pairs
    assert trace is not None
    assert congestion.notifications_are_paced(trace, 50).outcome is outcome


@pytest.mark.parametrize(("sent", "arrived", "outcome"), [(3, 3, PASSED), (3, 2, FAILED), (0, 0, INCONCLUSIVE)])
def test_notifications_survive(tmp_path: Path, sent: int, arrived: int, outcome: Outcome) -> None:
    seen = transfer(tmp_path, notified(3, arrived), notified(3, sent))
    near, far = seen.at_requester.queue_pairs[0], seen.at_responder.queue_pairs[0]
    assert near and far
    assert congestion.notifications_survive(far, near).outcome is outcome


def test_nothing_seen_is_nothing_judged() -> None:
    assert congestion.congestion_is_notified(None).outcome is INCONCLUSIVE
    assert congestion.notifications_survive(None, None).outcome is INCONCLUSIVE


def pacing_of(folder: Path, *gaps_us: int, queue_pairs: int = 2) -> tuple[CnpPacing, ...]:
    """Notifications for several queue pairs in turn, so many microseconds apart."""
    talk = conversation()
    for place in range(queue_pairs):
        talk.client(0x04, 100, bytes(64), tos=3, place=place)
    for number, gap in enumerate(gaps_us):
        talk.wait(gap * 1000)
        talk.server(0x81, 0, bytes(16), tos=0, place=number % queue_pairs)
    return transfer(folder, talk, queue_pairs=queue_pairs).at_responder.pacing


def test_the_scope_of_the_interval_shows(tmp_path: Path) -> None:
    pacing = pacing_of(tmp_path, *[50] * 24)
    judged = congestion.notification_scope(pacing)
    assert judged.outcome is PASSED, judged.explain()
    assert judged.figures["shortest_gap_per_port_us"] == pytest.approx(51, abs=1)
    assert judged.figures["shortest_gap_per_queue_pair_us"] == pytest.approx(102, abs=2)


def test_another_scope_than_declared_is_told(tmp_path: Path) -> None:
    alternating = pacing_of(tmp_path, *[2, 98] * 12)
    assert congestion.notification_scope(alternating, "queue_pair").outcome is PASSED
    judged = congestion.notification_scope(alternating, "port")
    assert judged.outcome is FAILED
    assert "scope of its interval – expected port, got queue_pair" in judged.explain()


def test_too_few_notifications_tell_no_scope(tmp_path: Path) -> None:
    assert congestion.notification_scope(pacing_of(tmp_path, 50, 50)).outcome is INCONCLUSIVE
    assert congestion.notification_scope(()).outcome is INCONCLUSIVE


def foreign(folder: Path, completions: dict[str, int] | None = None, **changes: int) -> ForeignNotifications:
    numbers = {"sent": 50, "arrived": 50, "arrived_during": 40, **changes}
    made = transfer(folder, sends(2, 2, 2), completions=completions)
    return ForeignNotifications(sender="h3", source="192.0.2.9", transfer=made, **numbers)


@pytest.mark.parametrize(
    ("changes", "completions", "outcome"),
    [
        ({}, {"SUCCESS": 1}, PASSED),
        ({"arrived_during": 0}, {"SUCCESS": 1}, INCONCLUSIVE),
        ({"arrived": 49}, {"SUCCESS": 1}, INCONCLUSIVE),
        ({}, {"SUCCESS": 3, "REM_INV_REQ_ERR": 1}, FAILED),
    ],
)
def test_notifications_of_third_parties(
    tmp_path: Path, changes: dict[str, int], completions: dict[str, int], outcome: Outcome
) -> None:
    judged = congestion.foreign_notifications_are_harmless(foreign(tmp_path, completions, **changes))
    assert judged.outcome is outcome
    assert ("REM_INV_REQ_ERR" in judged.explain()) is (outcome is FAILED)


def test_a_requester_that_repeats_itself_is_disturbed(tmp_path: Path) -> None:
    talk = sends(2, 2)
    talk.wait(2_000_000)
    talk.client(0x04, 100, bytes(64))
    run = foreign(tmp_path).model_copy(update={"transfer": transfer(tmp_path, talk)})
    assert (
        "h1 retransmitted packets – expected 0, got 1" in congestion.foreign_notifications_are_harmless(run).explain()
    )
