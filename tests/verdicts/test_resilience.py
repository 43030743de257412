import pytest

from plugfest.verdicts import resilience
from plugfest.verdicts.resilience import Failover
from plugfest.verdicts.verdict import Outcome

GOOD = Failover(
    link="leaf1:swp49<->spine1:swp1",
    operations_planned=40,
    operations_completed=40,
    statuses=("success",),
    mismatched_bytes=0,
    packets_before={"swp49": 800, "swp50": 700},
    packets_during={"swp49": 0, "swp50": 1500},
    failed_port="swp49",
    outage_s=0.4,
    restored_s=3.2,
)


def changed(**changes: object) -> Failover:
    return Failover.model_validate(GOOD.model_dump() | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"operations_completed": 39},
        {"statuses": ("success", "transport retry counter exceeded")},
        {"mismatched_bytes": 1},
    ],
)
def test_traffic_must_continue_intact(changes: dict[str, object]) -> None:
    assert resilience.traffic_continues(GOOD).outcome is Outcome.PASSED
    assert resilience.traffic_continues(changed(**changes)).outcome is Outcome.FAILED


def test_the_outage_is_reported_as_a_figure() -> None:
    assert resilience.traffic_continues(GOOD).figures == {"outage_s": 0.4}


def test_other_paths_must_take_over() -> None:
    assert resilience.other_paths_take_over(GOOD).outcome is Outcome.PASSED
    stuck = changed(packets_during={"swp49": 0, "swp50": 0})
    assert resilience.other_paths_take_over(stuck).outcome is Outcome.FAILED
    undead = changed(packets_during={"swp49": 3, "swp50": 9})
    assert "swp49 packets while down – expected 0, got 3" in resilience.other_paths_take_over(undead).explain()


def test_a_link_that_carried_nothing_before_proves_nothing() -> None:
    idle = changed(packets_before={"swp49": 0, "swp50": 1500})
    assert resilience.other_paths_take_over(idle).outcome is Outcome.INCONCLUSIVE


def test_what_did_not_come_back_is_named() -> None:
    assert resilience.comes_back(GOOD, []).outcome is Outcome.PASSED
    explained = resilience.comes_back(GOOD, ["leaf1:swp49 BGP session"]).explain()
    assert "missing: leaf1:swp49 BGP session" in explained
