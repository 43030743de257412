"""Control plane: BGP runs where the cables are, and every switch knows all equal ways."""

from collections.abc import Mapping, Sequence

import pytest

from fixtures.verdict import Judge
from plugfest.devices.records import Route
from plugfest.inventory.models import Lab, Link
from plugfest.inventory.plan import DesignedRoute
from plugfest.planning.conditions import hold_times_are_told
from plugfest.planning.requires import requires
from plugfest.verdicts import routing
from plugfest.verdicts.routing import HoldTimes, Sessions
from testsuites.routing.conftest import as_numbers


@pytest.mark.case("LB-01")
@pytest.mark.reference("RFC 4271 8.2.2")
def test_bgp_session_runs_as_cabled(bgp_link: Link, lab: Lab, bgp_sessions: Sessions, judge: Judge) -> None:
    """Each end of the cable has one established session with the other end's AS."""
    judge(routing.bgp_as_cabled, bgp_link, as_numbers(lab), bgp_sessions)


@pytest.mark.case("LB-01")
@pytest.mark.reference("RFC 7938 7.1")
@requires(hold_times_are_told)
def test_bgp_notices_silence_in_time(bgp_link: Link, bgp_hold_times: HoldTimes, judge: Judge) -> None:
    """Each end of the cable gives a silent neighbour up before RDMA connections do."""
    judge(routing.silence_is_noticed_in_time, bgp_link, bgp_hold_times)


@pytest.mark.case("LB-01")
@pytest.mark.reference("RFC 7938 6.1")
def test_all_equal_cost_next_hops_are_installed(
    route: DesignedRoute, routing_tables: Mapping[str, Sequence[Route]], judge: Judge
) -> None:
    """The switch reaches the subnet by exactly the ports that the cabling gives it."""
    judge(routing.equal_cost_next_hops, route.switch, route.prefix, route.ports, routing_tables[route.switch])
