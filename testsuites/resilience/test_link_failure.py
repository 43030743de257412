"""A fabric link goes down and comes back while 16 queue pairs write across the fabric."""

import pytest

from fixtures.verdict import Judge
from plugfest.verdicts import resilience
from plugfest.verdicts.resilience import Failover


@pytest.mark.case("RES-01")
@pytest.mark.reference("RFC 7938 7.1")
def test_traffic_survives_link_failure(failover: Failover, judge: Judge) -> None:
    """No queue pair errs while the link is down, and data sent meanwhile arrives intact."""
    judge(resilience.traffic_continues, failover)


@pytest.mark.case("RES-01")
@pytest.mark.reference("RFC 2992")
def test_other_paths_take_over(failover: Failover, judge: Judge) -> None:
    """The link carried traffic before, carries none while down, and the other uplinks do."""
    judge(resilience.other_paths_take_over, failover)


@pytest.mark.case("RES-02")
@pytest.mark.reference("RFC 7938 7.1")
def test_fabric_returns_to_its_design(failover: Failover, judge: Judge) -> None:
    """Once the link is up, sessions and next hops return and the link carries traffic again."""
    judge(resilience.comes_back, failover)
