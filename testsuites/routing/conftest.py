"""BGP sessions and routing tables, read once from every switch."""

from collections.abc import Iterable, Mapping, Sequence

import pytest

from plugfest.devices.dialects.reading import Question
from plugfest.devices.records import BgpNeighbor, Route
from plugfest.devices.roster import Roster
from plugfest.inventory.design import ports_by_neighbor
from plugfest.inventory.models import Lab
from plugfest.inventory.plan import Plan
from plugfest.planning.answering import LINUX_DIALECT, can_answer
from plugfest.planning.conditions import ends_answer
from plugfest.planning.requires import requires
from plugfest.sessions.deadline import Deadline
from plugfest.verdicts.routing import HoldTimes, Sessions, bgp_as_cabled
from plugfest.verdicts.verdict import Outcome

CONVERGENCE_SECONDS = 30.0
"""Time for BGP to come up (catalogue LB-01)."""


def as_numbers(lab: Lab) -> dict[str, int | None]:
    """AS number of every switch."""
    return {name: switch.asn for name, switch in lab.switches.items()}


def _converged(lab: Lab, plan: Plan, sessions: Sessions) -> bool:
    judged = (
        bgp_as_cabled(link, as_numbers(lab), sessions)
        for link in plan.bgp_links
        if {link.a.device, link.b.device} <= sessions.keys()
    )
    return all(verdict.outcome is Outcome.PASSED for verdict in judged)


def _asked(lab: Lab, question: Question) -> list[str]:
    return [name for name in lab.switches if can_answer(lab, name, question)]


def _placed(lab: Lab, switch: str, sessions: Iterable[BgpNeighbor]) -> tuple[BgpNeighbor, ...]:
    """Sessions with an address get the port whose cable leads to it."""
    ports = ports_by_neighbor(lab, switch)
    return tuple(
        session.model_copy(update={"interface": session.interface or ports.get(session.neighbor)})
        for session in sessions
    )


@pytest.fixture(scope="package")
@requires(ends_answer(Question.BGP))
def bgp_sessions(lab: Lab, plan: Plan, devices: Roster) -> Sessions:
    """Sessions of all switches: as soon as all are as cabled, or as they are after half a minute."""
    return Deadline("BGP sessions are as cabled", CONVERGENCE_SECONDS).watch(
        lambda: {name: _placed(lab, name, devices.switch(name).bgp_neighbors()) for name in _asked(lab, Question.BGP)},
        until=lambda sessions: _converged(lab, plan, sessions),
        interval=1.0,
    )


@pytest.fixture(scope="package")
def bgp_hold_times(lab: Lab, devices: Roster, bgp_sessions: Sessions) -> HoldTimes:
    """Hold times of all switches that tell them, once their sessions are up."""
    telling = [name for name, switch in lab.switches.items() if switch.dialect == LINUX_DIALECT]
    return {name: devices.switch(name).bgp_hold_times() for name in telling}


@pytest.fixture(scope="package")
@requires(ends_answer(Question.ROUTES))
def routing_tables(lab: Lab, devices: Roster, bgp_sessions: Sessions) -> Mapping[str, Sequence[Route]]:
    """Installed routes of all switches."""
    return {name: devices.switch(name).routes() for name in _asked(lab, Question.ROUTES)}
