"""BGP sessions and routing tables, read once from every switch."""

from collections.abc import Mapping, Sequence

import pytest

from plugfest.devices.records import Route
from plugfest.devices.roster import Roster
from plugfest.inventory.models import Lab
from plugfest.inventory.plan import Plan
from plugfest.sessions.deadline import Deadline
from plugfest.verdicts.routing import Sessions, bgp_as_cabled
from plugfest.verdicts.verdict import Outcome

CONVERGENCE_SECONDS = 30.0
"""Time for BGP to come up (catalogue LB-01)."""


def as_numbers(lab: Lab) -> dict[str, int | None]:
    """AS number of every switch."""
    return {name: switch.asn for name, switch in lab.switches.items()}


def _converged(lab: Lab, plan: Plan, sessions: Sessions) -> bool:
    judged = (bgp_as_cabled(link, as_numbers(lab), sessions) for link in plan.bgp_links)
    return all(verdict.outcome is Outcome.PASSED for verdict in judged)


@pytest.fixture(scope="package")
def bgp_sessions(lab: Lab, plan: Plan, devices: Roster) -> Sessions:
    """Sessions of all switches: as soon as all are as cabled, or as they are after half a minute."""
    return Deadline("BGP sessions are as cabled", CONVERGENCE_SECONDS).watch(
        lambda: {name: devices.switch(name).bgp_neighbors() for name in lab.switches},
        until=lambda sessions: _converged(lab, plan, sessions),
        interval=1.0,
    )


@pytest.fixture(scope="package")
def routing_tables(lab: Lab, devices: Roster, bgp_sessions: Sessions) -> Mapping[str, Sequence[Route]]:
    """Installed routes of all switches."""
    return {name: devices.switch(name).routes() for name in lab.switches}
