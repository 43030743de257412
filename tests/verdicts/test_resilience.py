import pytest

from plugfest.verdicts import resilience
from plugfest.verdicts.resilience import Failover, Load
from plugfest.verdicts.verdict import Outcome
from tests.verdicts.test_rdma import GOOD as INTACT
from tests.verdicts.test_rdma import report, result

LOAD = Load(queue_pairs=16, messages=900, error=None, outlasted=True)
GOOD = Failover(
    link="leaf1:swp49<->spine1:swp1",
    failed_port="leaf1:swp49",
    load=LOAD,
    packets_before={"leaf1:swp49": 800, "leaf1:swp50": 700},
    packets_during={"leaf1:swp49": 0, "leaf1:swp50": 1500},
    packets_after={"leaf1:swp49": 600, "leaf1:swp50": 900},
    verified_during=INTACT,
    converged_s=0.8,
    outage_s=0.4,
    restored_s=3.2,
    missing_after=(),
)


def changed(**changes: object) -> Failover:
    return GOOD.model_copy(update=changes)


def load(**changes: object) -> Load:
    return LOAD.model_copy(update=changes)


def test_traffic_that_goes_on_passes_and_reports_its_outage() -> None:
    verdict = resilience.traffic_continues(GOOD)
    assert verdict.outcome is Outcome.PASSED
    assert verdict.figures == {"outage_s": 0.4, "converged_s": 0.8}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"load": load(error="completion with error 12: retry exceeded")}, Outcome.FAILED),
        ({"load": load(messages=0)}, Outcome.FAILED),
        ({"load": load(messages=None)}, Outcome.INCONCLUSIVE),
        ({"load": load(outlasted=False)}, Outcome.INCONCLUSIVE),
        ({"verified_during": result(report(missing=1), report())}, Outcome.FAILED),
    ],
)
def test_traffic_that_does_not_go_on(changes: dict[str, object], outcome: Outcome) -> None:
    assert resilience.traffic_continues(changed(**changes)).outcome is outcome


def test_other_paths_must_take_over() -> None:
    assert resilience.other_paths_take_over(GOOD).outcome is Outcome.PASSED
    stuck = changed(packets_during={"leaf1:swp49": 0, "leaf1:swp50": 0})
    assert resilience.other_paths_take_over(stuck).outcome is Outcome.FAILED
    undead = changed(packets_during={"leaf1:swp49": 3, "leaf1:swp50": 9})
    explained = resilience.other_paths_take_over(undead).explain()
    assert "leaf1:swp49 packets while down – expected 0, got 3" in explained


def test_a_link_that_carried_nothing_before_proves_nothing() -> None:
    idle = changed(packets_before={"leaf1:swp49": 0, "leaf1:swp50": 1500})
    assert resilience.other_paths_take_over(idle).outcome is Outcome.INCONCLUSIVE


def test_everything_must_come_back() -> None:
    assert resilience.comes_back(GOOD).outcome is Outcome.PASSED
    lost = resilience.comes_back(changed(missing_after=("leaf1:swp49 BGP session",)))
    assert "missing: leaf1:swp49 BGP session" in lost.explain()
    unused = changed(packets_after={"leaf1:swp49": 0, "leaf1:swp50": 1500})
    assert resilience.comes_back(unused).outcome is Outcome.FAILED
    ended = changed(packets_after={"leaf1:swp49": 0, "leaf1:swp50": 0}, load=load(outlasted=False))
    assert resilience.comes_back(ended).outcome is Outcome.INCONCLUSIVE
