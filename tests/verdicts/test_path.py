import pytest

from plugfest.captures.icrc import IcrcCheck
from plugfest.captures.join import PointDifference
from plugfest.verdicts import path
from plugfest.verdicts.verdict import Outcome

GOOD_ICRC = IcrcCheck(method="tables", good=40, bad=0, not_checkable=0, bad_frames=())


def difference(**changes: object) -> PointDifference:
    values = {
        "matched": 40,
        "lost": 0,
        "added": 0,
        "reordered": 0,
        "ce_marked": 0,
        "ecn_changed_otherwise": 0,
        "dscp_changed": 0,
        "ttl_decrements": {3: 30, -3: 10},
        "delay_least_ns": 1,
        "delay_median_ns": 2,
        "delay_most_ns": 3,
    }
    return PointDifference.model_validate(values | changes)


NOTHING = difference(matched=0, ttl_decrements={}, delay_least_ns=None, delay_median_ns=None, delay_most_ns=None)


@pytest.mark.parametrize(
    ("sent", "onward", "outcome"),
    [
        (100, {"leaf1:swp49": 60, "leaf1:swp50": 40}, Outcome.PASSED),
        (100, {"leaf1:swp49": 60, "leaf1:swp50": 0}, Outcome.FAILED),
        (0, {"leaf1:swp49": 0}, Outcome.INCONCLUSIVE),
        (100, {}, Outcome.INCONCLUSIVE),
    ],
)
def test_planned_paths(sent: int, onward: dict[str, int], outcome: Outcome) -> None:
    assert path.takes_planned_paths("h1->h4", sent, onward).outcome is outcome


def test_a_detour_says_how_many_packets_are_missing_where() -> None:
    explained = path.takes_planned_paths("h1->h4", 100, {"leaf1:swp49": 60}).explain()
    assert "h1->h4 request packets on the planned ports – expected all 100, got 60 (leaf1:swp49 60)" in explained


def test_the_icrc_survives_routers_in_both_directions() -> None:
    assert path.icrc_survives_routers("h1->h4", 3, difference(), GOOD_ICRC).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("seen", "check", "outcome"),
    [
        (difference(ttl_decrements={3: 30, -2: 10}), GOOD_ICRC, Outcome.FAILED),
        (difference(), GOOD_ICRC.model_copy(update={"bad": 2, "bad_frames": (7, 9)}), Outcome.FAILED),
        (NOTHING, GOOD_ICRC, Outcome.INCONCLUSIVE),
        (difference(), GOOD_ICRC.model_copy(update={"good": 0}), Outcome.INCONCLUSIVE),
    ],
)
def test_what_does_not_survive(seen: PointDifference, check: IcrcCheck, outcome: Outcome) -> None:
    assert path.icrc_survives_routers("h1->h4", 3, seen, check).outcome is outcome


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (difference(), Outcome.PASSED),
        (difference(lost=1), Outcome.FAILED),
        (difference(added=1), Outcome.FAILED),
        (difference(reordered=1), Outcome.FAILED),
        (NOTHING, Outcome.INCONCLUSIVE),
    ],
)
def test_nothing_lost(seen: PointDifference, outcome: Outcome) -> None:
    assert path.nothing_lost("h1->h4", seen).outcome is outcome


@pytest.mark.parametrize(
    ("sent", "received", "outcome"),
    [
        ({"QP 0x11": 40, "QP 0x12": 8}, {"QP 0x11": 40, "QP 0x12": 8}, Outcome.PASSED),
        ({"QP 0x11": 40, "QP 0x12": 8}, {"QP 0x11": 40}, Outcome.FAILED),
        ({"QP 0x11": 40}, {"QP 0x11": 39}, Outcome.FAILED),
        ({}, {"QP 0x11": 40}, Outcome.INCONCLUSIVE),
        ({"QP 0x11": 0}, {}, Outcome.INCONCLUSIVE),
    ],
)
def test_a_queue_pair_that_never_arrives_is_not_overlooked(
    sent: dict[str, int], received: dict[str, int], outcome: Outcome
) -> None:
    assert path.every_queue_pair_arrives("h1->h4", sent, received).outcome is outcome
